import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { directionOf } from "#infra/classification/cross-validation.ts";
import type { LabelledText } from "#infra/classification/examples.ts";
import {
  metamorphicTable,
  raisedTexts,
  runMetamorphic,
  type TransformationResult,
} from "#infra/classification/metamorphic-run.ts";
import { sampleOf } from "#infra/classification/sampling.ts";

const corpus = new URL("../../../corpus/", import.meta.url);
const TEXTS = 2800;
const CASES = 24_000;

/**
 * Changes that a reader has to guess his way back from. One letter can make another real word of a word ("portal" is
 * "mortal", "online" is "inline"), and nobody can tell then which was meant: a few texts may fall.
 */
const READ_BY_GUESSING = /^(?:leetspeak|letter spacing|one typing error)/;
/** A sentence of other words is context: a text that is barely clinical may be judged by it. */
const CONTEXT = "other harmless sentence";
const CONTEXT_SHARE_MAX = 0.06;
const GUESSED_SHARE_MAX = 0.005;

let results: readonly TransformationResult[];

beforeAll(() => {
  const labelled = readdirSync(corpus)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => readFileSync(new URL(name, corpus), "utf8").split("\n"))
    .filter((line) => line !== "");
  const texts = sampleOf(labelled, TEXTS, 3).map((line) => {
    const record: LabelledText = JSON.parse(line);
    return { text: record.text, direction: directionOf(record) };
  });
  results = runMetamorphic(raisedTexts(texts), CASES);
});

describe("changing a text so that it says the same", () => {
  it("never lowers its tier where only letters' shapes, the space between words or polite words around it change", () => {
    const certain = results.filter(({ name }) => !READ_BY_GUESSING.test(name) && name !== CONTEXT);

    expect(certain.length).toBeGreaterThanOrEqual(10);
    expect(certain.filter(({ lowered }) => lowered > 0)).toEqual([]);
  });

  it("lowers hardly any tier where a word has to be guessed", () => {
    const guessed = results.filter(({ name }) => READ_BY_GUESSING.test(name));

    expect(guessed.length).toBe(5);
    expect(guessed.filter(({ cases, lowered }) => lowered > GUESSED_SHARE_MAX * cases)).toEqual([]);
  });

  it("lowers few tiers where another harmless sentence stands beside the text", () => {
    const context = results.find(({ name }) => name === CONTEXT);

    expect(context?.cases).toBeGreaterThan(1000);
    expect(context?.lowered).toBeLessThanOrEqual(CONTEXT_SHARE_MAX * (context?.cases ?? 0));
  });

  it("is tried as often as was asked for, in every way", () => {
    expect(results.reduce((sum, { cases }) => sum + cases, 0)).toBe(CASES);
    for (const { cases } of results) expect(cases).toBeGreaterThanOrEqual(200);
  });
});

it("the table sums up what each change did", () => {
  const table = metamorphicTable([
    { name: "one", cases: 300, lowered: 3, loweredFromClinical: 2, microseconds: 100 },
    { name: "two", cases: 100, lowered: 0, loweredFromClinical: 0, microseconds: 20 },
  ]);

  expect(table.split("\n").slice(2)).toEqual([
    "| one | 300 | 3 | 2 | 1.000 % | 100 |",
    "| two | 100 | 0 | 0 | 0.000 % | 20 |",
    "| all | 400 | 3 | 2 | 0.750 % | 80 |",
  ]);
});
