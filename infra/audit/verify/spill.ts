import { closeSync, openSync, readSync, writeSync } from "node:fs";

/** Places of a chain that are judged together: a long chain is cut, so that no chain needs much memory. */
export const SEGMENT_PLACES = 65_536;

/** Bytes of a hash. */
export const HASH_BYTES = 32;

/** Kinds of records, and what each holds after its first byte (numbers little-endian). */
export const RECORD = {
  /** u32 segment, u16 length, the chain in UTF-8: whose the records after it are. */
  name: 1,
  /** u16 place, u8 flags, u16 source, f64 time (ms), hash, [previous hash], [computed hash]. */
  entry: 2,
  /** u16 place, u8 flags, u16 source, f64 time (ms), hash. */
  head: 3,
  /** u16 place, u8 flags, u32 anchor, hash. */
  anchored: 4,
} as const;

/** Flags of entries. */
export const ENTRY_FLAG = { previous: 1, changed: 2, misplaced: 4, text: 8 } as const;
/** A head that is not in its form. */
export const HEAD_MALFORMED = 1;
/** A head of an anchor that is itself not as it should be: it proves nothing, and disproves nothing. */
export const ANCHORED_WEAK = 1;

const BLOCK_BYTES = 16 * 1024;
const ENTRY_BYTES_MAX = 1 + 2 + 1 + 2 + 8 + 3 * HASH_BYTES;
const NAME_BYTES_MAX = 1 + 4 + 2 + 4096;

/** Where the records of one bucket lie in a spill file. */
export interface SpilledBucket {
  readonly bucket: number;
  readonly path: string;
  /** Offset and length of each block, in pairs. */
  readonly blocks: Float64Array;
}

/** What an entry's record tells. */
export interface SpilledEntry {
  readonly sequence: number;
  readonly source: number;
  readonly atMs: number;
  /** 64 hex digits. */
  readonly hash: string;
  /** Null where the entry before was written just before and fits. */
  readonly previous: string | null;
  /** What the entry's content gives, where that is not `hash`. */
  readonly computed: string | null;
  readonly misplaced: boolean;
  /** Whether the entry tells of a text that was sent. */
  readonly isText: boolean;
}

/** Writes records by bucket into one file, so that what belongs together can be read together. */
export class SpillWriter {
  readonly #path: string;
  readonly #bucketCount: number;
  readonly #buffers: (Buffer | undefined)[] = [];
  readonly #used: number[] = [];
  readonly #current: string[] = [];
  /** Offset and length of each block, by bucket. */
  readonly #blocks: number[][] = [];
  #file: number | undefined;
  #offset = 0;
  #bucket = 0;

  constructor(path: string, bucketCount: number) {
    this.#path = path;
    this.#bucketCount = bucketCount;
  }

  /** Says whose the next record is, unless it is the same as before. */
  #begin(chain: string, sequence: number, bytes: number): Buffer {
    const segment = Math.floor((sequence - 1) / SEGMENT_PLACES);
    const name = segment === 0 ? chain : `${chain}\n${String(segment)}`;
    if (this.#current[this.#bucket] !== name) this.#bucket = bucketOf(name, this.#bucketCount);
    const isSame = this.#current[this.#bucket] === name;
    const buffer = this.#room(isSame ? bytes : bytes + NAME_BYTES_MAX);
    if (this.#current[this.#bucket] === name) return buffer;
    this.#current[this.#bucket] = name;
    let at = this.#used[this.#bucket] ?? 0;
    buffer[at] = RECORD.name;
    buffer.writeUInt32LE(segment, at + 1);
    const length = buffer.write(chain, at + 7, NAME_BYTES_MAX - 7, "utf8");
    buffer.writeUInt16LE(length, at + 5);
    at += 7 + length;
    this.#used[this.#bucket] = at;
    return buffer;
  }

  /** The bucket's buffer with so many bytes free. */
  #room(bytes: number): Buffer {
    let buffer = this.#buffers[this.#bucket];
    if (buffer === undefined) {
      buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#buffers[this.#bucket] = buffer;
      this.#used[this.#bucket] = 0;
    }
    if ((this.#used[this.#bucket] ?? 0) + bytes > BLOCK_BYTES) this.#flush(this.#bucket);
    return buffer;
  }

  #flush(bucket: number): void {
    const buffer = this.#buffers[bucket];
    const length = this.#used[bucket] ?? 0;
    if (buffer === undefined || length === 0) return;
    this.#file ??= openSync(this.#path, "wx", 0o600);
    for (let written = 0; written < length; )
      written += writeSync(this.#file, buffer, written, length - written);
    this.#blocks[bucket] ??= [];
    this.#blocks[bucket].push(this.#offset, length);
    this.#offset += length;
    this.#used[bucket] = 0;
    // A block names its chains itself.
    this.#current[bucket] = "";
  }

  entry(chain: string, entry: SpilledEntry): void {
    const { sequence, source, atMs, hash, previous, computed, misplaced, isText } = entry;
    const buffer = this.#begin(chain, sequence, ENTRY_BYTES_MAX);
    let at = this.#used[this.#bucket] ?? 0;
    buffer[at] = RECORD.entry;
    buffer.writeUInt16LE((sequence - 1) % SEGMENT_PLACES, at + 1);
    buffer[at + 3] =
      (previous === null ? 0 : ENTRY_FLAG.previous) |
      (computed === null ? 0 : ENTRY_FLAG.changed) |
      (misplaced ? ENTRY_FLAG.misplaced : 0) |
      (isText ? ENTRY_FLAG.text : 0);
    buffer.writeUInt16LE(source, at + 4);
    buffer.writeDoubleLE(atMs, at + 6);
    at = writeHash(buffer, hash, at + 14);
    if (previous !== null) at = writeHash(buffer, previous, at);
    if (computed !== null) at = writeHash(buffer, computed, at);
    this.#used[this.#bucket] = at;
  }

  head(
    chain: string,
    head: { sequence: number; source: number; atMs: number; hash: string; malformed: boolean },
  ): void {
    const buffer = this.#begin(chain, head.sequence, ENTRY_BYTES_MAX);
    const at = this.#used[this.#bucket] ?? 0;
    buffer[at] = RECORD.head;
    buffer.writeUInt16LE((head.sequence - 1) % SEGMENT_PLACES, at + 1);
    buffer[at + 3] = head.malformed ? HEAD_MALFORMED : 0;
    buffer.writeUInt16LE(head.source, at + 4);
    buffer.writeDoubleLE(head.atMs, at + 6);
    this.#used[this.#bucket] = writeHash(buffer, head.hash, at + 14);
  }

  anchored(chain: string, head: { sequence: number; anchor: number; hash: string; weak: boolean }): void {
    const buffer = this.#begin(chain, head.sequence, ENTRY_BYTES_MAX);
    const at = this.#used[this.#bucket] ?? 0;
    buffer[at] = RECORD.anchored;
    buffer.writeUInt16LE((head.sequence - 1) % SEGMENT_PLACES, at + 1);
    buffer[at + 3] = head.weak ? ANCHORED_WEAK : 0;
    buffer.writeUInt32LE(head.anchor, at + 4);
    this.#used[this.#bucket] = writeHash(buffer, head.hash, at + 8);
  }

  /** Writes what is left; where everything lies. */
  finish(): readonly SpilledBucket[] {
    for (const bucket of this.#buffers.keys()) this.#flush(bucket);
    this.#buffers.length = 0;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    return this.#blocks.flatMap((blocks, bucket) => ({
      bucket,
      path: this.#path,
      blocks: Float64Array.from(blocks),
    }));
  }
}

/** Reads the blocks of one bucket after another, always into the same memory. */
export class BlockReader {
  #memory = Buffer.alloc(0);

  /** What was read before is overwritten. */
  read(buckets: readonly SpilledBucket[]): readonly Buffer[] {
    const places = buckets.flatMap(({ path, blocks }) =>
      Array.from({ length: blocks.length / 2 }, (_block, index) => ({
        path,
        offset: blocks[2 * index] ?? 0,
        length: blocks[2 * index + 1] ?? 0,
      })),
    );
    const total = places.reduce((sum, { length }) => sum + length, 0);
    if (this.#memory.length < total) this.#memory = Buffer.allocUnsafeSlow(Math.ceil(total * 1.25));
    const files = new Map<string, number>();
    let start = 0;
    try {
      return places.map(({ path, offset, length }) => {
        const file = files.get(path) ?? openSync(path, "r");
        files.set(path, file);
        const block = this.#memory.subarray(start, start + length);
        start += length;
        for (let read = 0; read < length; ) {
          const bytes = readSync(file, block, read, length - read, offset + read);
          if (bytes === 0) throw new Error("a temporary file ended early");
          read += bytes;
        }
        return block;
      });
    } finally {
      for (const file of files.values()) closeSync(file);
    }
  }
}

/** Writes 64 hex digits as bytes; anything else as 32 bytes that no hash has. */
function writeHash(buffer: Buffer, hash: string, at: number): number {
  if (hash.length !== 2 * HASH_BYTES || buffer.write(hash, at, HASH_BYTES, "hex") !== HASH_BYTES)
    buffer.fill(0xff, at, at + HASH_BYTES);
  return at + HASH_BYTES;
}

/** FNV-1a over the UTF-16 units. */
function bucketOf(name: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % count;
}
