import { readdirSync, readFileSync, statSync } from "node:fs";
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
  const folder = new URL("../../../shared/domain/classification/data/", import.meta.url);
  const bytes = readdirSync(folder).map((name) => statSync(new URL(name, folder)).size);
  expect(bytes.length).toBe(3);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(2_000_000);
});
