import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readModel } from "#shared/domain/classification/model.ts";

const file = readFileSync(new URL("../../../shared/domain/classification/data/model.bin", import.meta.url));

it("reads the shipped model", () => {
  expect(readModel(file).version).toMatch(/^[0-9a-f]{8}$/);
});

it("refuses a model that is cut short, changed or something else", () => {
  const changed = Buffer.from(file);
  changed[5000] = (changed[5000] ?? 0) ^ 1;
  for (const damaged of [
    file.subarray(0, file.length - 4),
    changed,
    Buffer.alloc(file.length),
    Buffer.alloc(0),
  ]) {
    expect(() => readModel(damaged)).toThrow(/^classifier: model\.bin/);
  }
});

it("ships at most 2 MB of data", () => {
  const lexicon = readFileSync(
    new URL("../../../shared/domain/classification/data/lexicon.bin", import.meta.url),
  );
  expect(file.length + lexicon.length).toBeLessThanOrEqual(2_000_000);
});
