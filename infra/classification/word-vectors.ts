import { readFileSync } from "node:fs";

/** Numbers in a vector of the excerpt. */
export const VECTOR_DIMENSIONS = 32;
/** A stored number is this many times the real one, rounded to -127 … 127. */
const STEPS = 127 / 0.6;

/** Word vectors: for each word its components. */
export type WordVectors = ReadonlyMap<string, ArrayLike<number>>;

/** The bytes of an excerpt: number of words (u32, little-endian), length of the word list, the words by line, then the numbers. */
export function encodeVectors(words: readonly string[], vectors: readonly (readonly number[])[]): Uint8Array {
  const list = Buffer.from(words.join("\n"));
  const file = Buffer.alloc(8 + list.length + words.length * VECTOR_DIMENSIONS);
  file.writeUInt32LE(words.length, 0);
  file.writeUInt32LE(list.length, 4);
  list.copy(file, 8);
  vectors.forEach((vector, row) => {
    vector.forEach((value, i) => {
      const stored = Math.max(-127, Math.min(127, Math.round(value * STEPS)));
      file.writeInt8(stored, 8 + list.length + row * VECTOR_DIMENSIONS + i);
    });
  });
  return file;
}

/** Reads the excerpt in the repository: frequent English words, the most frequent first. */
export function readWordVectors(): WordVectors {
  const file = readFileSync(new URL("data/word-vectors.bin", import.meta.url));
  const count = file.readUInt32LE(0);
  const listEnd = 8 + file.readUInt32LE(4);
  const words = file.toString("utf8", 8, listEnd).split("\n");
  if (words.length !== count || file.length !== listEnd + count * VECTOR_DIMENSIONS)
    throw new Error("word-vectors.bin is damaged: build it anew with build-vectors.ts");
  const numbers = new Int8Array(file.buffer, file.byteOffset + listEnd, count * VECTOR_DIMENSIONS);
  return new Map(
    words.map((word, row) => [
      word,
      Float64Array.from(
        numbers.subarray(row * VECTOR_DIMENSIONS, (row + 1) * VECTOR_DIMENSIONS),
        (stored) => stored / STEPS,
      ),
    ]),
  );
}
