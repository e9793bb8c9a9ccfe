import { expect, it } from "vitest";
import { percentile } from "#infra/classification/percentile.ts";
import { sampleOf } from "#infra/classification/sampling.ts";

const NUMBERS = Array.from({ length: 1000 }, (_, index) => index);

it("a sample has no value twice, and is the same for the same seed only", () => {
  const sample = sampleOf(NUMBERS, 100, 1);

  expect(new Set(sample).size).toBe(100);
  expect(sampleOf(NUMBERS, 100, 1)).toEqual(sample);
  expect(sampleOf(NUMBERS, 100, 2)).not.toEqual(sample);
});

it("a smaller sample of the same seed is the beginning of a larger one", () => {
  expect(sampleOf(NUMBERS, 100, 1).slice(0, 10)).toEqual(sampleOf(NUMBERS, 10, 1));
});

it("a sample of more than there is has everything once, and takes nothing from where it came", () => {
  const values = ["a", "b", "c"];

  expect(sampleOf(values, 10, 1).toSorted()).toEqual(["a", "b", "c"]);
  expect(values).toEqual(["a", "b", "c"]);
});

it("every value comes into samples about equally often", () => {
  const counts = new Map<number, number>();
  for (let seed = 0; seed < 2000; seed++)
    for (const value of sampleOf([0, 1, 2, 3], 2, seed)) counts.set(value, (counts.get(value) ?? 0) + 1);

  for (const value of [0, 1, 2, 3]) expect(counts.get(value)).toSatisfy((n) => n > 900 && n < 1100);
});

it.each([
  [0, 1],
  [0.5, 51],
  [0.99, 100],
  [1, 100],
])("of 1 to 100, the percentile %d is %d", (share, expected) => {
  expect(percentile(NUMBERS.slice(1, 101), share)).toBe(expected);
});

it("the percentile of nothing is 0", () => {
  expect(percentile([], 0.5)).toBe(0);
});
