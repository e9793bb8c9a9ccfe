import { describe, expect, it } from "vitest";
import { fillPlaceholders, STAND_INS } from "#infra/template-audit/stand-ins.ts";
import { classify } from "#shared/domain/classification/classify.ts";
import { findPlaceholders } from "#shared/domain/fields/placeholders.ts";

function fill(text: string, options?: { readonly closeUp: boolean }) {
  return fillPlaceholders(text, findPlaceholders(text), options);
}

it.each(Object.entries(STAND_INS))("the stand-in for %s is harmless", (_, words) => {
  expect(classify(words, { direction: "outbound" }).tier).toBeLessThan(3);
});

describe("filling", () => {
  it("keeps a stand-in apart from the words beside it, but not inside a link", () => {
    expect(fill("Dr.{{provider}}will see you: https://a.example/{{id}}?t={{token}}").text).toBe(
      "Dr.Lopez will see you: https://a.example/12?t=123456",
    );
    expect(fill("{{first_name}}{{last_name}}").text).toBe("Maria Maria");
  });

  it("closes a word up that a placeholder cuts", () => {
    expect(fill("met{{x}}formin for {{name}}", { closeUp: true }).text).toBe("metformin for Maria");
  });

  it("leads every span back to the text as written, and cuts no placeholder", () => {
    const text = "Hi {{name}}, your colonoscopy is on [DATE].";
    const filled = fill(text);
    const original = (words: string) => {
      const start = filled.text.indexOf(words);
      const span = filled.originalSpan(start, start + words.length);
      return text.slice(span.start, span.end);
    };

    expect(original("colonoscopy")).toBe("colonoscopy");
    expect(original("ari")).toBe("{{name}}");
    expect(original("Maria, your")).toBe("{{name}}, your");
    expect(original("is on June")).toBe("is on [DATE]");
    expect(original(filled.text)).toBe(text);
  });
});
