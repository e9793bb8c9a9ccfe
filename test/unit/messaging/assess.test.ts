import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tier } from "#shared/domain/words.ts";
import { assess, sealedReasons } from "#shared/messaging/assess.ts";
import { classifyByWord } from "#test/support/core-world.ts";

const TEXTS = { 1: "Hello.", 2: "A result waits.", 3: "About diabetes." } as const;
const tier = fc.constantFrom<Tier>(1, 2, 3);

describe("the tier of a message", () => {
  it("is the highest of body, subject and what the caller asked for at least", () => {
    fc.assert(
      fc.property(
        tier,
        fc.option(tier, { nil: undefined }),
        fc.option(tier, { nil: undefined }),
        (body, subject, least) => {
          const words = { body: TEXTS[body], ...(subject === undefined ? {} : { subject: TEXTS[subject] }) };

          const assessment = assess(classifyByWord, words, least);

          expect(assessment.tier).toBe(Math.max(body, subject ?? 1, least ?? 1));
        },
      ),
    );
  });

  it("is never lowered by the caller", () => {
    expect(assess(classifyByWord, { body: TEXTS[3] }, 1).tier).toBe(3);
  });
});

describe("the reasons of a message", () => {
  const assessment = assess(classifyByWord, { subject: TEXTS[3], body: TEXTS[2] }, undefined);

  it("keep offsets into the body, and mark those of the subject", () => {
    expect(assessment.reasons).toEqual([
      expect.objectContaining({ rule: "word-result", start: 2, end: 8 }),
      expect.objectContaining({ rule: "subject:word-diabetes", start: 0, end: 0 }),
    ]);
  });

  it("name every voice once", () => {
    expect(assessment.voices).toEqual(["lexicon"]);
  });

  it("are sealed without explanation and voice", () => {
    expect(sealedReasons(assessment).map((reason) => Object.keys(reason).sort())).toEqual([
      ["category", "end", "rule", "start"],
      ["category", "end", "rule", "start"],
    ]);
  });
});
