import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATEGORIES, type Reason } from "#shared/domain/classification/categories.ts";
import { readAnswer } from "#shared/domain/second-reader/answer.ts";
import { type Reading, raise, readerVersion, versionWith } from "#shared/domain/second-reader/reading.ts";

const tier = fc.constantFrom<1 | 2 | 3>(1, 2, 3);
const own: Reason = {
  rule: "result-ready",
  category: "portal-notice",
  start: 0,
  end: 4,
  explanation: "A word.",
  via: "rule",
};
const verdict = fc.record({ tier, reasons: fc.array(fc.constant(own), { maxLength: 3 }) });

const answered = (input: object): Reading => {
  const answer = readAnswer(input);
  if (answer === undefined) throw new Error("the test's answer is none");
  return { kind: "answered", answer };
};
const answers = fc
  .record({ tier, category: fc.constantFrom(...CATEGORIES), quote: fc.string() })
  .map((input) => answered(input));
const silences = fc
  .constantFrom<Extract<Reading, { kind: "silent" }>["why"]>("timeout", "throttled", "refused", "malformed")
  .map((why): Reading => ({ kind: "silent", why }));

describe("a verdict after the second reader", () => {
  it("is never lower, and keeps every reason, whatever the reader says of whatever text", () => {
    fc.assert(
      fc.property(verdict, fc.string(), fc.oneof(answers, silences), (before, text, reading) => {
        const after = raise(before, text, reading);

        expect(after.tier).toBeGreaterThanOrEqual(before.tier);
        expect(after.reasons.slice(0, before.reasons.length)).toEqual(before.reasons);
        expect(after.reasons.length > before.reasons.length).toBe(after.tier > before.tier);
      }),
    );
  });

  it("has the reader's tier where that is higher, with one reason that says whose it is", () => {
    const reading = answered({ tier: 3, category: "procedure", quote: "the snip" });

    expect(raise({ tier: 2, reasons: [own] }, "See you after the snip.", reading)).toEqual({
      tier: 3,
      reasons: [
        own,
        {
          rule: "second-reader",
          category: "procedure",
          start: 14,
          end: 22,
          explanation: expect.stringContaining("second reader"),
          via: "reader",
        },
      ],
    });
  });

  it.each(["", "  ", "not in there", "The snip"])(
    "is explained by the whole text where the quote is not in it: %j",
    (quote) => {
      const { reasons } = raise(
        { tier: 1, reasons: [] },
        "After the  snip.",
        answered({ tier: 3, category: "other", quote }),
      );

      expect(reasons).toMatchObject([{ start: 0, end: 16 }]);
    },
  );

  it("never quotes the text in its explanation", () => {
    const reading = answered({ tier: 3, category: "other", quote: "canary" });

    const [reason] = raise({ tier: 1, reasons: [] }, "a canary", reading).reasons;

    expect(reason?.explanation).not.toContain("canary");
  });
});

describe("the version in a receipt", () => {
  it("tells that the reader answered, or why it said nothing", () => {
    const reader = readerVersion("amazon.nova-lite-v1:0");

    expect(versionWith("foundphone-1", reader, answered({ tier: 1 }))).toBe(
      "foundphone-1+reader-1/amazon.nova-lite-v1:0",
    );
    expect(versionWith("foundphone-1", reader, { kind: "silent", why: "timeout" })).toBe(
      "foundphone-1+reader-1/amazon.nova-lite-v1:0/timeout",
    );
  });
});
