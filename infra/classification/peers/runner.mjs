// One contender in a process of its own: node runner.mjs MODULE_URL EXPORT ROUNDS SECONDS < texts > readings
// Texts are JSON Lines {"text", "direction"}. The first line out is {"loadMilliseconds"}: from the import to the first
// answer, since some build their patterns only then. Each other is {"round", "index", "microseconds", "any", "clinical"}.
// After SECONDS no further text is begun.
import { Console } from "node:console";
import { readFileSync } from "node:fs";

const FIRST_TEXT = "Reminder: your visit is on Tuesday at 9:40 AM.";
/** Readings are written in batches, so that writing stays out of what is timed. */
const BATCH = 100;

// What a peer prints must not stand among the readings.
globalThis.console = new Console(process.stderr);

const [moduleUrl, exportName, rounds, seconds] = process.argv.slice(2);
const loadStart = performance.now();
const adapters = await import(moduleUrl);
const { judge, findings } = await adapters[exportName]();
await judge(FIRST_TEXT, "outbound");
process.stdout.write(`${JSON.stringify({ loadMilliseconds: performance.now() - loadStart })}\n`);

const texts = readFileSync(0, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line));
const end = performance.now() + Number(seconds) * 1000;
let batch = [];

function flush() {
  process.stdout.write(batch.join(""));
  batch = [];
}

run: for (let round = 0; round < Number(rounds); round++) {
  for (const [index, { text, direction }] of texts.entries()) {
    if (performance.now() > end) break run;
    const start = performance.now();
    const pending = judge(text, direction);
    const result = pending instanceof Promise ? await pending : pending;
    const microseconds = (performance.now() - start) * 1000;
    batch.push(`${JSON.stringify({ round, index, microseconds, ...findings(result) })}\n`);
    if (batch.length >= BATCH) flush();
  }
}
flush();
