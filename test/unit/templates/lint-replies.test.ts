import { describe, expect, it } from "vitest";
import type { AlertKind } from "#shared/domain/alerts/kinds.ts";
import { classify } from "#shared/domain/classification/classify.ts";
import { findDifferences } from "#shared/domain/templates/languages-differ.ts";
import { lintTemplate } from "#shared/domain/templates/lint.ts";
import { LINT_CODES } from "#shared/domain/templates/lint-codes.ts";
import { possibleValues } from "#shared/domain/templates/possible-values.ts";
import type { Language, Purpose } from "#shared/domain/words.ts";

const PRACTICE = {
  practice: "Riverside Office",
  phone: "202-555-0143",
  portalBaseUrl: "https://m.oak.example/m",
  locations: ["North Office"],
  providers: ["Dr. Lee"],
  pharmacies: ["Main Pharmacy"],
};

function lint(text: string, use: AlertKind, purpose: Purpose, language: Language = "en") {
  const values = { ...possibleValues(PRACTICE, language), date: ["Wed, Sep 30"], time: ["10:30 AM"] };
  return lintTemplate(text, {
    use,
    purpose,
    language,
    values,
    partsMax: 2,
    classify: (written) => classify(written, { direction: "outbound" }),
  }).findings;
}

function told(text: string, use: AlertKind, purpose: Purpose, language: Language = "en"): [string, string][] {
  return lint(text, use, purpose, language).map(({ code, start, end }) => [code, text.slice(start, end)]);
}

const reminder = (replies: string) =>
  `{practice}: your visit is {date} at {time}. ${replies} Call {phone}. Reply STOP to end`;
const message = (words: string) => `{practice}: ${words} Call {phone}. Reply STOP to end`;

describe("a reminder", () => {
  it.each([
    "Reply C to confirm, 2 to change.",
    "Reply C to confirm.",
    "Reply 1 to confirm or 2 to change.",
    "Reply with C to confirm.",
    'Text "C" to confirm.',
    "Reply CONFIRM to confirm.",
  ])("may ask for what is understood: %s", (replies) => {
    expect(told(reminder(replies), "reminder", "scheduling")).toEqual([]);
  });

  it.each<[string, string[]]>([
    ["Reply Y to confirm, N to cancel.", ["Y", "N"]],
    ["Reply YES to confirm.", ["YES"]],
    ["Reply yes to confirm.", ["yes"]],
    ["Text 3 to confirm.", ["3"]],
    ["Reply C to confirm, 3 to cancel.", ["3"]],
    ["Reply C to confirm or CANCEL to cancel.", ["CANCEL"]],
  ])("may not ask for anything else: %s", (replies, unknown) => {
    const found = told(reminder(replies), "reminder", "scheduling");
    expect(found.filter(([code]) => code === "unknown-reply").map(([, place]) => place)).toEqual(unknown);
  });

  it("says how to confirm, in either language", () => {
    const english = reminder("");
    const spanish = "{practice}: su cita es {date}, {time}. Llame al {phone}. STOP para salir";

    expect(told(english, "reminder", "scheduling")).toEqual([["reply-missing", english]]);
    expect(told(spanish, "reminder-several", "scheduling", "es")).toEqual([["reply-missing", spanish]]);
    expect(told(english, "visit-booked", "scheduling")).toEqual([]);
  });

  it("in Spanish asks for what is understood", () => {
    const text = (reply: string) =>
      `{practice}: su cita es {date}, {time}. Responda ${reply}. Tel. {phone}. STOP para salir`;

    expect(told(text("C para confirmar, 2 para cambiar"), "reminder", "scheduling", "es")).toEqual([]);
    expect(told(text("C para confirmar, X para cambiar"), "reminder", "scheduling", "es")).toEqual([
      ["unknown-reply", "X"],
    ]);
  });
});

describe("a purpose", () => {
  it.each<[Purpose, string, string]>([
    ["scheduling", "your refill is on its way: {link}", "refill"],
    ["portal", "your order is at {pharmacy}: {link}", "{pharmacy}"],
    ["scheduling", "new result ready: {link}", "result"],
    ["portal", "your bill is ready: {link}", "bill"],
    ["announcement", "please take our survey: {link}", "survey"],
    ["billing", "your visit is {date}: {link}", "visit"],
  ])("is not %s where the words tell another: %s", (purpose, words, place) => {
    expect(told(message(words), "message", purpose)).toContainEqual(["wrong-purpose", place]);
  });

  it("of a text about visits is scheduling", () => {
    const text = reminder("Reply C to confirm.");
    expect(told(text, "reminder", "billing")).toEqual([["wrong-purpose", text]]);
  });
});

describe("texts of two languages", () => {
  const en = "{practice}: your visit is {date} at {time}. Call {phone}";

  it("have the same slots", () => {
    expect(findDifferences({ en, es: "{practice}: su cita es {date}, {time}. Tel. {phone}" })).toEqual([]);
  });

  it("are told where one has what the other lacks, by the slots' names", () => {
    const es = "{practice}: su cita con {provider}. Tel. {phone}";
    const found = findDifferences({ en, es });

    expect(found).toMatchObject([
      { language: "en", code: "languages-differ", start: 0, end: en.length },
      { language: "es", code: "languages-differ", start: 0, end: es.length },
    ]);
    expect(found[0]?.explanation).toContain("{provider}");
    expect(found[1]?.explanation).toContain("{date}, {time}");
  });
});

describe("what sells, hides or leads elsewhere", () => {
  it.each<[string, string, string]>([
    ["marketing", "20% off this week: {link}", "20% off"],
    ["marketing", "special offer for you: {link}", "special offer"],
    ["marketing", "refer a friend: {link}", "refer a friend"],
    ["shortened-link", "see bit . ly/2ab or {link}", "bit . ly/2ab"],
    ["shortened-link", "see bit dot ly and {link}", "bit dot ly"],
    ["shortened-link", "see tinyurl(.)com and {link}", "tinyurl(.)com"],
    ["web-address", "see oakoffice . com and {link}", "oakoffice . com"],
    ["web-address", "see oakoffice dot org and {link}", "oakoffice dot org"],
    ["phone-number", "dial eight hundred five five five, see {link}", "eight hundred five five five"],
    ["urgency", "this is your final notice: {link}", "final notice"],
    ["phishing", "please verify your account: {link}", "verify your account"],
  ])("is told as %s: %s", (code, words, place) => {
    expect(told(message(words), "message", "announcement")).toContainEqual([code, place]);
  });
});

describe("a finding says what to do", () => {
  it("names the slots that the use allows", () => {
    const [finding] = lint(reminder("{zebra} Reply C to confirm."), "reminder", "scheduling");

    expect(finding).toMatchObject({ code: "unknown-field" });
    expect(finding?.explanation).toContain("{practice}, {phone}, {date}, {time}, {provider}, {location}");
    expect(finding?.explanation).not.toMatch(/zebra|\{link\}/);
  });

  it("names the values with which a text is too long", () => {
    const words = "your visit with {provider} at {location} is confirmed. ".repeat(4);
    const found = lint(reminder(words), "reminder", "scheduling").find(({ code }) => code === "too-long");

    expect(found?.explanation).toMatch(
      /^With practice "Riverside Office", .*provider "Dr\. Lee".* takes \d parts/,
    );
    expect(found?.slots).toMatchObject({ provider: "Dr. Lee", location: "North Office" });
  });

  it("tells of a word that is not known, and never quotes it", () => {
    const text = message("your letter from the moon is ready: {link}");
    const found = lint(text, "message", "announcement").filter(({ code }) => code === "unknown-word");

    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(["moon"]);
    expect(JSON.stringify(found)).not.toContain("moon");
  });

  it("has a code that is explained in a line", () => {
    for (const [code, explanation] of Object.entries(LINT_CODES)) {
      expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(explanation).toMatch(/^[A-Z][^\n]{10,120}\.$/);
    }
  });
});
