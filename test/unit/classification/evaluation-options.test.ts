import { expect, it } from "vitest";
import { readOptions } from "#infra/classification/evaluation-options.ts";

it.each([
  [[], { errors: false, metamorphicCases: undefined, peers: true }],
  [["--errors", "--no-peers"], { errors: true, metamorphicCases: undefined, peers: false }],
  [["--metamorphic"], { errors: false, metamorphicCases: 1_000_000, peers: true }],
  [["--metamorphic=2500"], { errors: false, metamorphicCases: 2500, peers: true }],
])("%j is understood", (words, expected) => {
  expect(readOptions(words)).toEqual(expected);
});

it.each([
  "--error",
  "errors",
  "--metamorphic=",
  "--metamorphic=0",
  "--metamorphic=1e6",
  "--metamorphic=-5",
  "--peers",
])("%s is not understood", (word) => {
  expect(readOptions(["--errors", word])).toBeUndefined();
});
