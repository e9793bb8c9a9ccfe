import { isAscii, isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

const READ_BYTES = 64 * 1024;
const INFLATED_BYTES = 128 * 1024;
/** An item has at most 400 KB (DynamoDB quota), six times that where every byte is escaped. */
const LINE_BYTES_MAX = 2_500_000;
const LINE_END = 0x0a;

/** Why a file's lines cannot be read to their end. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
}

/** What reading a whole file gave besides its lines. */
export interface FileRead {
  /** Base64. */
  readonly md5: string;
}

/** Takes the lines of a file in their order; false from one of its functions stops the reading. */
export interface LineTaker {
  /** Text that holds whole lines, each with its end but perhaps the last. */
  readonly lines: (text: string) => boolean;
  /** A line that is no UTF-8, or longer than an item can be. */
  readonly unreadable: () => boolean;
}

/** More than so many bytes cannot be the lines of so many items. */
export function bytesMaxOf(itemCount: number): number {
  return (itemCount + 1) * LINE_BYTES_MAX;
}

/**
 * Reads a gzipped file of lines block by block. Throws an {@link UnreadableFileError} where the file is no gzip, holds
 * anything behind its last member, or gives more than `bytesMax`; an error of the file system as it is. What was read
 * before was taken.
 */
export async function readLines(
  path: string,
  taker: LineTaker,
  onBytes: (bytes: number) => void,
  bytesMax: number,
): Promise<FileRead> {
  const md5 = createHash("md5");
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  file.on("data", (chunk) => {
    md5.update(chunk);
    onBytes(chunk.length);
  });
  const inflated = createGunzip({ chunkSize: INFLATED_BYTES });
  let failure: Error | undefined;
  pipeline(file, inflated, (error) => {
    failure = error ?? undefined;
  });
  const lines = new LineSplitter(taker);
  let bytes = 0;
  let goesOn = true;
  try {
    for await (const chunk of inflated as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      goesOn = lines.take(chunk);
      if (!goesOn) break;
      if (bytes > bytesMax) throw new UnreadableFileError();
    }
    if (goesOn) goesOn = lines.end();
    // Zeros behind the last member end the reading without an error.
    if (goesOn && inflated.bytesWritten < statSync(path).size) throw new UnreadableFileError();
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    const cause = failure ?? error;
    // Errors of zlib have codes such as Z_DATA_ERROR; an empty file is no gzip either.
    if (cause instanceof Error && "code" in cause && /^(?:Z_|ERR_)/.test(String(cause.code)))
      throw new UnreadableFileError();
    throw cause;
  } finally {
    inflated.destroy();
    file.destroy();
  }
  return { md5: goesOn ? md5.digest("base64") : "" };
}

/** Cuts blocks of bytes where lines end. */
class LineSplitter {
  readonly #taker: LineTaker;
  /** Of a line whose end has not come yet. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #isTooLong = false;

  constructor(taker: LineTaker) {
    this.#taker = taker;
  }

  take(chunk: Buffer): boolean {
    const first = chunk.indexOf(LINE_END);
    if (first < 0) {
      this.#keep(chunk);
      return true;
    }
    let from = 0;
    if (this.#isTooLong || this.#restBytes + first > LINE_BYTES_MAX) {
      this.#drop();
      if (!this.#taker.unreadable()) return false;
      from = first + 1;
    }
    const end = chunk.lastIndexOf(LINE_END) + 1;
    const whole = chunk.subarray(from, end);
    const block = this.#rest.length === 0 ? whole : Buffer.concat([...this.#rest, whole]);
    this.#drop();
    if (end < chunk.length) this.#keep(Buffer.from(chunk.subarray(end)));
    return this.#give(block);
  }

  end(): boolean {
    if (this.#isTooLong) return this.#taker.unreadable();
    return this.#restBytes === 0 || this.#give(Buffer.concat(this.#rest));
  }

  #keep(bytes: Buffer): void {
    this.#restBytes += bytes.length;
    if (this.#restBytes > LINE_BYTES_MAX) {
      this.#rest = [];
      this.#isTooLong = true;
    } else this.#rest.push(bytes);
  }

  #drop(): void {
    this.#rest = [];
    this.#restBytes = 0;
    this.#isTooLong = false;
  }

  /** Gives whole lines, all at once where all of them are UTF-8. */
  #give(block: Buffer): boolean {
    if (isAscii(block)) return this.#taker.lines(block.toString("latin1"));
    if (isUtf8(block)) return this.#taker.lines(block.toString("utf8"));
    for (let start = 0; start < block.length; ) {
      const found = block.indexOf(LINE_END, start);
      const end = found < 0 ? block.length : found + 1;
      const line = block.subarray(start, end);
      if (!(isUtf8(line) ? this.#taker.lines(line.toString("utf8")) : this.#taker.unreadable())) return false;
      start = end;
    }
    return true;
  }
}

/** MD5 of a file in base64, without looking into it. */
export async function md5OfFile(path: string, onBytes: (bytes: number) => void): Promise<string> {
  const md5 = createHash("md5");
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    md5.update(chunk);
    onBytes(chunk.length);
  }
  return md5.digest("base64");
}
