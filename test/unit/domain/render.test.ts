import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countParts } from "#shared/domain/alerts/gsm7.ts";
import { ALERT_KINDS, type AlertKind, carriesLink, rulesOf } from "#shared/domain/alerts/kinds.ts";
import { renderText } from "#shared/domain/alerts/render.ts";
import { SHIPPED_TEMPLATES, templateNamed } from "#shared/domain/alerts/shipped.ts";
import { codeValue, linkValue } from "#shared/domain/alerts/slot-value.ts";
import { newestTemplateName } from "#shared/domain/alerts/template-names.ts";
import { type SlotValues, templateFor, templateName } from "#shared/domain/alerts/templates.ts";
import { classify } from "#shared/domain/classification/classify.ts";
import { TOKEN_LENGTH } from "#shared/domain/link-token.ts";
import { LANGUAGES } from "#shared/domain/words.ts";
import { someSlots } from "#test/support/approved.ts";

const TOKEN = "AQEAau9ZEC_r4e-HJWhRKHj7iwMbwCtayGu4DCuH1OUK";
const SLOTS = someSlots({
  practice: "Riverside Clinic",
  phone: "206-555-0100",
  link: `https://p.example/m/${TOKEN}`,
  code: "135790",
  date: "Wed, Sep 30",
  time: "10:30 AM ChST",
  provider: "Dr. Lee",
  location: "North Office",
  pharmacy: "Main Pharmacy",
});
const CASES = SHIPPED_TEMPLATES.map((template) => ({ name: templateName(template), template }));

describe("templates", () => {
  it.each(LANGUAGES.flatMap((language) => ALERT_KINDS.map((kind) => ({ kind, language }))))(
    "exist for $kind in $language",
    ({ kind, language }) => {
      const template = templateFor(kind, language);

      expect(template).toMatchObject({ id: kind, use: kind, language });
      expect(templateName(template)).toBe(newestTemplateName(kind));
    },
  );

  it("are found by kind and language only where they exist", () => {
    expect(() => templateFor("results-ready" as AlertKind, "en")).toThrow("no template");
  });

  it("are found by the name that records give them, each by its own", () => {
    for (const template of SHIPPED_TEMPLATES) {
      expect(templateNamed(templateName(template), template.language)).toBe(template);
    }
    expect(templateNamed("message@99", "en")).toBeUndefined();
    expect(templateNamed("message", "en")).toBeUndefined();
  });

  it.each(CASES)("fit their parts with a short host ($name $template.language)", ({ template }) => {
    const { text, parts } = renderText(template, SLOTS);

    expect(parts).toEqual(countParts(text));
    expect(parts.encoding).toBe("GSM-7");
    expect(parts.segments).toBeLessThanOrEqual(rulesOf(template.use).partsMax ?? 1);
  });

  it.each(CASES)("tell nothing clinical ($name $template.language)", ({ template }) => {
    const { masked } = renderText(template, SLOTS);

    expect(classify(masked, { direction: "outbound" }).tier).toBeLessThan(3);
  });

  it.each(CASES)("name the practice and its phone ($name $template.language)", ({ template }) => {
    const { text } = renderText(template, SLOTS);

    expect(text).toMatch(/^Riverside Clinic: /);
    expect(text).toContain("206-555-0100");
  });

  it.each(
    CASES.filter(({ template: { use } }) => carriesLink(use) || use === "code" || use.startsWith("opt-in")),
  )("say how to stop where the practice speaks first ($name $template.language)", ({ template }) => {
    expect(renderText(template, SLOTS).text).toContain("STOP");
  });

  it.each(CASES)("are not rendered without a slot ($name $template.language)", ({ template }) => {
    const needed = template.parts.flatMap((part) => (typeof part === "string" ? [] : [part.slot]));
    expect(needed.length).toBeGreaterThan(0);

    for (const slot of needed) {
      const { [slot]: _left, ...others } = SLOTS;
      expect(() => renderText(template, others as SlotValues)).toThrow(slot);
      expect(() => renderText(template, { ...SLOTS, [slot]: "" })).toThrow(slot);
    }
  });
});

describe("a masked text", () => {
  const token = fc
    .uint8Array({ minLength: 33, maxLength: 33 })
    .map((bytes) => Buffer.from(bytes).toString("base64url"));
  const code = fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, "0"));

  it("holds neither token nor code and is otherwise the text", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SHIPPED_TEMPLATES), token, code, (template, made, digits) => {
        const slots = {
          ...SLOTS,
          link: linkValue("https://p.example/m", made),
          code: codeValue(Number(digits)),
        };

        const { text, masked } = renderText(template, slots);

        expect(made).toHaveLength(TOKEN_LENGTH);
        expect(masked).not.toContain(made);
        expect(masked).not.toContain(digits);
        expect(masked).toBe(text.replace(template.id === "code" ? digits : made, "******"));
      }),
    );
  });

  it("is made again from the template and the masked slots", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SHIPPED_TEMPLATES), token, code, (template, made, digits) => {
        const slots = {
          ...SLOTS,
          link: linkValue("https://p.example/m", made),
          code: codeValue(Number(digits)),
        };

        const { masked, slots: shown } = renderText(template, slots);

        expect(renderText(template, someSlots(shown)).text).toBe(masked);
        expect(JSON.stringify(shown)).not.toContain(made);
        expect(JSON.stringify(shown)).not.toContain(`"${digits}"`);
      }),
    );
  });
});
