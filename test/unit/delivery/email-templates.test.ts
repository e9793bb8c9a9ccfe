import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EMAIL_TEMPLATES,
  type EmailTemplate,
  emailTemplateFor,
  emailTemplateName,
  renderEmail,
} from "#shared/domain/alerts/email.ts";
import { linkValue, practiceValues } from "#shared/domain/alerts/slot-value.ts";
import { classify } from "#shared/domain/classification/classify.ts";

const TOKEN = "AQEAau9ZEC_r4e-HJWhRKHj7iwMbwCtayGu4DCuH1OUK";
const LINK = linkValue("https://p.example/m", TOKEN);
const SLOTS = { ...practiceValues({ name: "Riverside Clinic", phone: "206-555-0100" }), link: LINK };
const CASES = EMAIL_TEMPLATES.map((template) => ({
  name: `${emailTemplateName(template)} ${template.language}`,
  template,
}));

describe("an e-mail", () => {
  it.each([
    ["message", "en", "email-message@1", "New message from Riverside Clinic"],
    ["message", "es", "email-message@1", "Mensaje nuevo de Riverside Clinic"],
    ["nudge", "en", "email-nudge@1", "Unread message from Riverside Clinic"],
    ["nudge", "es", "email-nudge@1", "Mensaje sin leer de Riverside Clinic"],
  ] as const)("of kind %s in %s is %s with the subject %j", (kind, language, name, subject) => {
    const template = emailTemplateFor(kind, language);

    expect(emailTemplateName(template)).toBe(name);
    expect(renderEmail(template, SLOTS).subject).toBe(subject);
  });

  it("is there once for each kind and language", () => {
    const names = CASES.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(4);
  });

  it.each(CASES)("names the practice, its phone, the link and the way out ($name)", ({ template }) => {
    const { text, unsubscribeUrl } = renderEmail(template, SLOTS);

    expect(unsubscribeUrl).toBe(`${LINK}/unsubscribe`);
    for (const needed of ["Riverside Clinic", "206-555-0100", `\n${LINK}\n`, `\n${LINK}/unsubscribe\n`]) {
      expect(text).toContain(needed);
    }
  });

  it.each(CASES)("tells nothing clinical ($name)", ({ template }) => {
    const { masked } = renderEmail(template, SLOTS);

    expect(classify(masked, { direction: "outbound" }).tier).toBeLessThan(3);
  });

  it.each(CASES)("is plain: no markup, no urgency ($name)", ({ template }) => {
    const { subject, text } = renderEmail(template, SLOTS);

    expect(`${subject} ${text}`).not.toMatch(/[<>!*#]|urgent|now\b|important|ahora|importante/i);
  });

  it.each(CASES)("is not rendered without a slot, or with a line break in one ($name)", ({ template }) => {
    for (const slot of ["practice", "phone", "link"] as const) {
      expect(() => renderEmail(template, { ...SLOTS, [slot]: "" })).toThrow(slot);
      expect(() => renderEmail(template, { ...SLOTS, [slot]: "a\r\nBcc: x@y.example" })).toThrow(slot);
    }
  });

  it("masked holds no token and is otherwise the e-mail", () => {
    const token = fc
      .uint8Array({ minLength: 33, maxLength: 33 })
      .map((bytes) => Buffer.from(bytes).toString("base64url"));

    fc.assert(
      fc.property(fc.constantFrom<EmailTemplate>(...EMAIL_TEMPLATES), token, (template, made) => {
        const { subject, text, masked } = renderEmail(template, {
          ...SLOTS,
          link: linkValue("https://p.example/m", made),
        });

        expect(masked).not.toContain(made);
        expect(masked).toBe(`${subject}\n\n${text}`.replaceAll(made, "******"));
      }),
    );
  });
});
