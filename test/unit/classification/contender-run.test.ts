import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runContender } from "#infra/classification/contender-run.ts";
import type { Contender } from "#infra/classification/contenders.ts";

const TEXTS = ["take 20 mg", "see you at 9", "your rash"].map(
  (text) => ({ text, direction: "outbound" }) as const,
);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foundphone-contender-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it("gives a reading of each text in each round, and how long loading took", async () => {
  const { loadMilliseconds, readings, failure } = await runContender(
    contender(
      `console.log("noise"); return { judge: async (text) => /\\d/.test(text), findings: (any) => ({ any, clinical: false }) };`,
    ),
    TEXTS,
    { rounds: 2, seconds: 10 },
  );

  expect(failure).toBeUndefined();
  expect(loadMilliseconds).toBeGreaterThan(0);
  expect(readings.map(({ round, index, any }) => [round, index, any])).toEqual([
    [0, 0, true],
    [0, 1, true],
    [0, 2, false],
    [1, 0, true],
    [1, 1, true],
    [1, 2, false],
  ]);
});

it("begins no further text once time is up", async () => {
  const { readings, failure } = await runContender(
    contender(`return { judge: (text) => { if (TEXTS.has(text)) for (const end = performance.now() + 300; performance.now() < end;); },
      findings: () => ({ any: false, clinical: false }) };`),
    TEXTS,
    { rounds: 1, seconds: 0.4 },
  );

  expect(failure).toBeUndefined();
  expect(readings).toHaveLength(2);
});

it("says why a contender ended before its time", async () => {
  const { loadMilliseconds, readings, failure } = await runContender(
    contender(`throw new TypeError("the model is missing");`),
    TEXTS,
    { rounds: 1, seconds: 10 },
  );

  expect({ loadMilliseconds, readings }).toEqual({ loadMilliseconds: undefined, readings: [] });
  expect(failure).toBe("ended with exit code 1: TypeError: the model is missing");
});

it("ends a contender that gives no answer", async () => {
  const { readings, failure } = await runContender(
    contender("return { judge: (text) => { while (TEXTS.has(text)); }, findings: () => ({}) };"),
    TEXTS,
    { rounds: 1, seconds: 0.1, graceSeconds: 0.9 },
  );

  expect(readings).toEqual([]);
  expect(failure).toBe("gave no answer within 1 s and was ended");
});

function contender(body: string): Contender {
  const path = join(folder, "adapter.mjs");
  const texts = JSON.stringify(TEXTS.map(({ text }) => text));
  writeFileSync(path, `const TEXTS = new Set(${texts});\nexport async function adapter() { ${body} }\n`);
  return { name: "a contender", moduleUrl: pathToFileURL(path), exportName: "adapter" };
}
