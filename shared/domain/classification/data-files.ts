import { readFileSync } from "node:fs";

/** The bytes of a file of the folder `data`, which is deployed beside the code. */
export function readDataFile(name: "lexicon.bin" | "model.bin" | "patterns.json"): Buffer {
  return readFileSync(new URL(`./data/${name}`, import.meta.url));
}
