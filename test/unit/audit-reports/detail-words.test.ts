import { describe, expect, it } from "vitest";
import { detailsInWords } from "#shared/audit/reports/detail-words.ts";

describe("details in words", () => {
  it("are read without their punctuation, whatever they hold", () => {
    const details = {
      withheld: 0,
      noteIds: [],
      taskKind: "wrong-number",
      numberId: null,
      found: false,
      receipt: { tier: 1, voices: ["a", "b"] },
    };

    expect(detailsInWords({ details })).toBe(
      "found: no; notes: none; number: none; receipt: (tier: 1; voices: a, b); task kind: wrong-number; withheld: 0",
    );
    expect(detailsInWords({ details: {} })).toBeNull();
    expect(detailsInWords({})).toBeNull();
  });
});
