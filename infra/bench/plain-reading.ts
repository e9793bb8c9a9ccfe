/** Reads an export as plainly as one can: gunzip, JSON.parse of each line. Prints the most memory that it had (KiB). */
import { createReadStream, globSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

let lines = 0;
for (const file of globSync("**/data/*.json.gz", { cwd: process.argv[2] ?? "." })) {
  const input = createReadStream(`${process.argv[2] ?? "."}/${file}`).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    JSON.parse(line);
    lines += 1;
  }
}
if (lines === 0) throw new Error("there was nothing to read");
process.stdout.write(String(process.resourceUsage().maxRSS));
