import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SendEmail, SendText } from "#shared/alerting/ports.ts";
import { emailTemplateFor, renderEmail } from "#shared/domain/alerts/email.ts";
import { renderText } from "#shared/domain/alerts/render.ts";
import { codeValue, linkValue, practiceValues } from "#shared/domain/alerts/slot-value.ts";
import { shownDate } from "#shared/domain/alerts/slot-values.ts";
import { type Template, templateFor } from "#shared/domain/alerts/templates.ts";
import { choose } from "#shared/vocabulary/chosen-template.ts";
import type { Vocabulary } from "#shared/vocabulary/records.ts";

const WORDS = "your HIV test is positive";
const BASE = "https://p.example/m";
const practice = practiceValues({ name: "Riverside Clinic", phone: "206-555-0100" });
const template = templateFor("message", "en");
const vocabulary: Vocabulary = { version: 1, at: "2026-11-01T00:00:00.000Z", templates: [], names: [] };

/**
 * Compiled and never run: each line must be an error (`npm run check` compiles tests too), else the comment above it is
 * one.
 */
const REFUSED = {
  words: (): Template =>
    // @ts-expect-error a list of words is no wording that somebody approved
    ({ ...template, parts: [WORDS] }),
  // @ts-expect-error nor does rendering take it for one
  written: () => renderText({ ...template, parts: [{ slot: "practice" }, `: ${WORDS}`] }, practice),
  // @ts-expect-error a slot's value is no text
  name: () => renderText(template, { ...practice, provider: WORDS }),
  // @ts-expect-error nor is the practice's name
  practice: () => renderText(template, { practice: WORDS, phone: practice.phone }),
  // @ts-expect-error nor an address that somebody wrote
  link: () => renderText(template, { ...practice, link: `${BASE}/${WORDS}` }),
  // @ts-expect-error a day is no name
  day: () => renderText(template, { ...practice, provider: shownDate(new Date(), "UTC", "en") }),
  // @ts-expect-error a text is what came of rendering
  text: (send: SendText) => send({ to: "+1", alertId: "alr_1", timeToLiveSeconds: 5, body: WORDS }),
  // @ts-expect-error and so is what is added to it
  longer: (send: SendText) => send({ ...sent(), body: `${sent().body} ${WORDS}` }),
  masked: (send: SendText) =>
    // @ts-expect-error and what records keep is not sent
    send({ ...sent(), body: renderText(template, practice).masked }),
  subject: (send: SendEmail) => {
    const { text, unsubscribeUrl } = renderEmail(emailTemplateFor("message", "en"), {
      ...practice,
      link: linkValue(BASE, "0".repeat(44)),
    });
    // @ts-expect-error nor is the subject of an e-mail
    return send({ to: "a@b.example", alertId: "alr_1", text, unsubscribeUrl, subject: WORDS });
  },
  // @ts-expect-error a vocabulary that did not come from the store is not in force
  vocabulary: () => choose(vocabulary, { id: "tpl_1" }, "portal"),
};
void REFUSED;

function sent(): Parameters<SendText>[0] {
  const { text: body } = renderText(template, practice);
  return { to: "+1", alertId: "alr_1", timeToLiveSeconds: 5, body };
}

describe("what may be rendered", () => {
  const sources = globSync("{shared,functions}/**/*.ts").map(
    (file) => [file, readFileSync(file, "utf8")] as const,
  );
  const naming = (pattern: RegExp) =>
    sources
      .filter(([, source]) => pattern.test(source))
      .map(([file]) => file.replaceAll("\\", "/"))
      .toSorted();

  it("are words that ship, and nothing else is marked as such", () => {
    expect(naming(/\bshippedWords\(/u)).toEqual([
      "shared/domain/alerts/email.ts",
      "shared/domain/alerts/message-library.ts",
      "shared/domain/alerts/message-template.ts",
      "shared/domain/alerts/templates.ts",
    ]);
    expect(naming(/as ApprovedWords\b/u)).toEqual(["shared/domain/alerts/approved-words.ts"]);
  });

  it("is beside them what the store of approvals holds, and read in one place", () => {
    expect(naming(/as (?:unknown as )?VocabularyInForce\b/u)).toEqual([
      "shared/adapters/dynamodb/vocabulary-table.ts",
    ]);
  });

  it("is filled by values that are made in two files, and sent as it was rendered in two", () => {
    expect(naming(/as SlotValue\b/u)).toEqual([
      "shared/domain/alerts/slot-value.ts",
      "shared/domain/alerts/slot-values.ts",
    ]);
    expect(naming(/as (?:unknown as )?SlotValues\b/u)).toEqual([]);
    expect(naming(/as RenderedWords\b/u)).toEqual([
      "shared/domain/alerts/email.ts",
      "shared/domain/alerts/render.ts",
    ]);
  });

  it("has a link that ends in a token or its mask, and a code of six digits", () => {
    expect(linkValue(BASE, "aB3-_".repeat(9).slice(1))).toBe(`${BASE}/${"aB3-_".repeat(9).slice(1)}`);
    expect(linkValue(BASE, "******")).toBe(`${BASE}/******`);
    for (const token of [
      "",
      WORDS,
      "a".repeat(43),
      `${"a".repeat(44)}\n`,
      `${"a".repeat(44)}/x`,
      "*******",
    ]) {
      expect(() => linkValue(BASE, token)).toThrow("token");
    }
    expect(codeValue(42)).toBe("000042");
  });
});
