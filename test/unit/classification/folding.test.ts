import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fold } from "#shared/domain/classification/folding.ts";
import { tokenize } from "#shared/domain/classification/tokens.ts";

it.each([
  ["CÁNCER", "cancer"],
  ["сanсer", "cancer"],
  ["ｃａｎｃｅｒ", "cancer"],
  ["𝐜𝐚𝐧𝐜𝐞𝐫", "cancer"],
  ["can\u200b\u00adcer", "cancer"],
  ["c\u0301a\u0327n\u0303cer", "cancer"],
  ["it’s", "it's"],
  ["niño", "nino"],
])("folds %s", (text, expected) => {
  expect(fold(text).folded).toBe(expected);
});

it("maps every folded character back into the original, in order", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (text) => {
      const { folded, startOf, endOf } = fold(text);
      let previous = 0;
      for (let i = 0; i < folded.length; i++) {
        expect(startOf(i)).toBeGreaterThanOrEqual(previous);
        expect(endOf(i)).toBeGreaterThan(startOf(i));
        expect(endOf(i)).toBeLessThanOrEqual(text.length);
        previous = startOf(i);
      }
    }),
  );
});

it("takes hidden characters into the span of the word they hide in", () => {
  const text = "a can\u200bcer b";
  const { folded, startOf, endOf } = fold(text);
  const token = tokenize(folded)[1];
  expect(token?.word).toBe("cancer");
  expect(text.slice(startOf(token?.start ?? 0), endOf((token?.end ?? 1) - 1))).toBe("can\u200bcer");
});

it("drops apostrophes inside words", () => {
  expect(tokenize("can't alzheimer's o'neil").map(({ word }) => word)).toEqual([
    "cant",
    "alzheimers",
    "oneil",
  ]);
});
