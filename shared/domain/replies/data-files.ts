import { readFileSync } from "node:fs";

/** The bytes of a file of the folder `data`, which is deployed beside the code. */
export function readDataFile(name: "reply-model.bin" | "reply-phrases.json" | "word-kinds.json"): Buffer {
  return readFileSync(new URL(`./data/${name}`, import.meta.url));
}
