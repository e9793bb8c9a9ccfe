import { beforeAll, describe, expect, it } from "vitest";
import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import type { Answer } from "#test/support/proxy-event.ts";
import { createWordsWorld, DIRECTORY, NOTICE, REMINDER } from "./world.ts";

interface Printed {
  readonly text: string;
  readonly units: number;
  readonly segments: number;
  readonly tier: number;
  readonly passes: boolean;
}
interface Template {
  readonly id: string;
  readonly origin: string;
  readonly language: string;
  readonly slots: readonly string[];
  readonly count: string;
  readonly longest: readonly Printed[];
}
interface Slot {
  readonly slot: string;
  readonly language: string | null;
  readonly count: string;
  readonly values: readonly string[] | null;
  readonly rule: string | null;
  readonly pattern: string | null;
}

describe("the vocabulary", () => {
  let answer: Answer;
  let templates: readonly Template[];
  let slots: readonly Slot[];
  beforeAll(async () => {
    const world = createWordsWorld();
    await world.approveDirectory();
    await world.approvedTemplate(NOTICE);
    answer = await world.vocabulary();
    templates = answer.body["templates"] as readonly Template[];
    slots = answer.body["slots"] as readonly Slot[];
  });

  it("tells its version, its time and what the practice's stage says", () => {
    expect(answer).toMatchObject({
      status: 200,
      headers: { ETag: '"2"' },
      body: {
        version: 2,
        practice: {
          name: "Riverside Clinic",
          phone: "206-555-0100",
          portalHost: "p.example",
          emailSender: "office@riverside.example",
        },
        shipped: {
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          says: expect.stringContaining("deployment"),
        },
      },
    });
  });

  it("has every template in every language", () => {
    const languages = new Map<string, string[]>();
    for (const { id, language } of templates) languages.set(id, [...(languages.get(id) ?? []), language]);

    expect([...languages.values()].every((each) => each.toSorted().join() === "en,es")).toBe(true);
    expect([...languages.keys()]).toEqual(
      expect.arrayContaining(["message", "nudge", "code", "reminder", "help", "stopped", "opt-in-portal"]),
    );
    expect(templates.filter(({ origin }) => origin === "own")).toHaveLength(2);
  });

  it("shows at most five worst cases of each, the longest first, and all pass", () => {
    for (const { longest, count } of templates) {
      expect(longest).toHaveLength(Math.min(5, Number(count)));
      const units = longest.map((text) => text.units);
      expect(units).toEqual(units.toSorted((one, other) => other - one));
      expect(longest.every(({ passes, tier, segments }) => passes && tier < 3 && segments <= 2)).toBe(true);
    }
  });

  it("says of a text with more parts than its kind may have that it would not leave", async () => {
    const world = createWordsWorld();
    const at = world.clock.iso();
    const parts = [{ slot: "practice" }, `: ${"please call us about your visit ".repeat(6)}`] as const;
    const template = {
      id: "tpl_01KERHV5R0000000000000TEST",
      version: 1,
      use: "reminder",
      purpose: "scheduling",
    };
    const table = createVocabularyTable("Practice");
    const own = { ...template, tier: 1, texts: { en: parts, es: parts }, approvedAt: at };
    const vocabulary = { at, templates: [own], names: [] } as unknown;
    await world.put(...table.setVocabulary(vocabulary as Parameters<typeof table.setVocabulary>[0], 0));

    const { body } = await world.vocabulary();

    const printed = (body["templates"] as readonly Template[]).filter(({ origin }) => origin === "own");
    expect(printed.flatMap(({ longest }) => longest)).toMatchObject([
      { segments: 2, tier: 1, passes: false },
      { segments: 2, tier: 1, passes: false },
    ]);
  });

  it("shows worst cases that differ in every slot that can", () => {
    const reminder = templates.find(({ id, language }) => id === "reminder" && language === "en");
    const dates = reminder?.longest.map(({ text }) => /[A-Z][a-z]{2}, ([A-Z][a-z]{2} \d+)/.exec(text)?.[1]);
    const times = reminder?.longest.map(({ text }) => /\d+:\d\d [AP]M/.exec(text)?.[0]);

    expect([new Set(dates).size, new Set(times).size]).toEqual([5, 5]);
    expect(new Set(reminder?.longest.map(({ units }) => units)).size).toBe(1);
  });

  it("tells who answers for a template of the practice's own", () => {
    const own = templates.filter(({ origin }) => origin === "own");

    expect(own).toHaveLength(2);
    for (const template of own)
      expect(template).toMatchObject({
        about: {
          name: NOTICE.name,
          reviewers: { en: "Ana Lee", es: "Luz Vega" },
          author: "staff_writer",
          approvedBy: "staff_compliance",
        },
      });
    expect(templates.find(({ id }) => id === "message")).toMatchObject({ about: null });
  });

  it("counts what the slots' values make possible", () => {
    const times = slots.find(({ slot, language }) => slot === "time" && language === "en");
    const dates = slots.find(({ slot, language }) => slot === "date" && language === "en");
    const reminder = templates.find(({ id, language }) => id === "reminder" && language === "en");

    expect(reminder?.count).toBe(String(BigInt(dates?.count ?? 0) * BigInt(times?.count ?? 0)));
    expect(answer.body["count"]).toBe(String(templates.reduce((sum, { count }) => sum + BigInt(count), 0n)));
  });

  it("lists every value of a slot, or tells the rule where there are many", () => {
    const valuesOf = (name: string) => slots.find(({ slot }) => slot === name)?.values;
    expect(valuesOf("practice")).toEqual(["Riverside Clinic"]);
    expect(valuesOf("phone")).toEqual(["206-555-0100"]);
    expect(valuesOf("location")).toEqual(["Northside"]);
    expect(valuesOf("provider")).toEqual(["Dr. Lee"]);
    expect(valuesOf("pharmacy")).toEqual(["Main St Pharmacy"]);
    for (const { slot, values, rule, pattern, count } of slots) {
      if (values !== null) expect(values).toHaveLength(Number(count));
      else expect([slot, rule, pattern]).toEqual([slot, expect.any(String), expect.any(String)]);
    }
  });

  it.each([
    ["date", "en", "Tue, Dec 1", true],
    ["date", "es", "mar 1 dic", true],
    ["date", "en", "Tue, Dec 1 with the oncologist", false],
    ["date", "en", "Someday", false],
    ["time", "en", "9:30 AM", true],
    ["time", "es", "12:59 PM", true],
    ["time", "en", "9:30", false],
    ["link", null, `https://p.example/m/${"a".repeat(44)}`, true],
    ["link", null, "https://p.example/m/******", true],
    ["link", null, `https://pXexample/m/${"a".repeat(44)}`, false],
    ["code", null, "012345", true],
    ["code", null, "01234", false],
  ] as const)("says by a pattern whether %s (%s) can be %j: %s", (name, language, value, fits) => {
    const found = slots.find((slot) => slot.slot === name && slot.language === language);

    expect(new RegExp(found?.pattern ?? "never").test(value)).toBe(fits);
  });

  it("has the e-mails, which pass too", () => {
    const emails = answer.body["emails"] as readonly { id: string; passes: boolean }[];
    expect(emails.map(({ id }) => id)).toEqual([
      "email-message",
      "email-message",
      "email-nudge",
      "email-nudge",
    ]);
    expect(emails.every(({ passes }) => passes)).toBe(true);
  });
});

describe("the vocabulary of a moment", () => {
  it("is what was in force then, whatever changed since", async () => {
    const world = createWordsWorld();
    const before = world.clock.now().toISOString();
    world.clock.advance(3600);
    await world.approveDirectory();
    const between = world.clock.now().toISOString();
    world.clock.advance(3600);
    await world.putDirectory({ locations: [], providers: [], pharmacies: [] });
    world.clock.advance(3600);

    const versions = await Promise.all(
      [before, between, world.clock.now().toISOString()].map(async (at) => {
        const { body } = await world.vocabulary({ at });
        return [body["version"], (body["names"] as readonly unknown[]).length];
      }),
    );

    expect(versions).toEqual([
      [0, 0],
      [1, 3],
      [2, 0],
    ]);
  });

  it("is that of the day's end where a day is meant", async () => {
    const world = createWordsWorld();
    const day = world.clock.now().toISOString().slice(0, 10);
    await world.approveDirectory();
    world.clock.advance(3 * 24 * 3600);
    await world.putDirectory({ locations: [], providers: [], pharmacies: [] });

    expect((await world.vocabulary({ at: day })).body).toMatchObject({ version: 1 });
  });

  it("keeps the order of changes in one millisecond", async () => {
    const world = createWordsWorld();
    await world.approveDirectory();
    await world.approvedTemplate(REMINDER);

    const at = world.clock.now().toISOString();

    expect((await world.vocabulary({ at })).body).toMatchObject({ version: 2 });
  });

  it.each([
    [{ at: "2099-01-01" }, "/at"],
    [{ at: "yesterday" }, "/at"],
    [{ from: "2026-01-01" }, "/from"],
    [{ at: "2026-01-01", from: "2026-01-01", to: "2026-01-02" }, "/from"],
    [{ from: "2026-02-01", to: "2026-01-01" }, "/to"],
  ] as const)("is not told for %j", async (query, pointer) => {
    expect(await createWordsWorld().vocabulary(query)).toMatchObject({
      status: 400,
      body: { code: "invalid_request", pointer },
    });
  });
});

describe("the difference between two moments", () => {
  it("tells what came, went and changed", async () => {
    const world = createWordsWorld();
    await world.approveDirectory();
    const id = await world.approvedTemplate(REMINDER);
    const gone = await world.approvedTemplate(NOTICE);
    const from = world.clock.now().toISOString();
    world.clock.advance(60);
    const other = {
      ...REMINDER,
      id,
      texts: { ...REMINDER.texts, es: { ...REMINDER.texts.es, reviewer: "New" } },
    };
    await world.write(other);
    await world.approve(id);
    await world.withdraw(gone);
    const added = await world.approvedTemplate({ ...NOTICE, name: "Again" });
    await world.approveDirectory({
      ...DIRECTORY,
      providers: [],
      locations: [
        { id: "loc_north", name: "N", textName: "North Site" },
        { id: "loc_south", name: "S", textName: "South Site" },
      ],
    });
    const to = world.clock.now().toISOString();

    const { body } = await world.vocabulary({ from, to });

    expect(body).toMatchObject({
      from: { asOf: from, version: 3 },
      to: { asOf: to },
      templates: {
        added: [{ id: added }],
        removed: [{ id: gone, texts: { en: NOTICE.texts.en.text } }],
        changed: [{ before: { id, version: 1 }, after: { id, version: 2 } }],
      },
      names: {
        added: [{ id: "loc_south", textName: "South Site" }],
        removed: [{ id: "prv_lee" }],
        changed: [{ before: { textName: "Northside" }, after: { textName: "North Site" } }],
      },
      shipped: { says: expect.stringContaining("deployment") },
    });
  });
});

describe("the page", () => {
  const accept = { headers: { Accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" } };

  it("has everything of the answer, no script, and loads nothing", async () => {
    const world = createWordsWorld();
    await world.approveDirectory();
    const id = await world.approvedTemplate(NOTICE);
    const { body } = await world.vocabulary();

    const page = await world.vocabulary({}, accept);

    expect(page.headers).toMatchObject({
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": expect.stringContaining("default-src 'none'"),
      "Cache-Control": "no-store",
    });
    expect(page.text).not.toMatch(/<script|<link|<img|javascript:| on[a-z]+=/i);
    const shown = page.text
      .replaceAll(/<[^>]+>/g, "")
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
    for (const { longest } of body["templates"] as readonly Template[])
      for (const { text } of longest) expect(shown).toContain(text);
    expect(shown).toContain(id);
    expect(shown).toContain("Main St Pharmacy");
    expect(shown).toMatch(
      /Form waiting\n.*version 1: tells that something waits.* about messages in the portal/,
    );
    expect(shown).toMatch(
      /by staff_writer.* by Ana Lee, in Spanish by Luz Vega; approved .* by staff_compliance/,
    );
    // Regular expressions are for programs.
    expect(shown).not.toContain("(?:");
  });

  it("tells of a template from before it was kept who answers for it", async () => {
    const world = createWordsWorld();
    const id = await world.approvedTemplate(NOTICE);
    const table = createVocabularyTable("Practice");
    const [now] = await world.read(table.vocabulary());
    const templates = (now?.templates ?? []).map(({ about: _, ...template }) => template);
    await world.put(...table.setVocabulary({ at: now?.at ?? "", templates, names: [] }, 1));

    const page = await world.vocabulary({}, accept);
    const { body } = await world.vocabulary();

    expect(page.text).toContain(`<h3>${id}</h3>`);
    expect(body["templates"]).toContainEqual(expect.objectContaining({ id, about: null }));
  });

  it("of what changed names both languages, and says where something was not there", async () => {
    const world = createWordsWorld();
    const from = world.clock.now().toISOString();
    world.clock.advance(60);
    await world.approveDirectory();
    await world.approvedTemplate(NOTICE);
    const to = world.clock.now().toISOString();

    const { text } = await world.vocabulary({ from, to }, accept);

    expect(text).toMatch(/nothing was approved yet.*version 2/);
    expect(text).toContain("<h3>Form waiting</h3>");
    expect(text).toContain("not there before, now version 1");
    expect(text).toMatch(/<h4>English<\/h4>[\s\S]*<h4>Spanish<\/h4>/);
    expect(text).toMatch(/Dr\. Lee/);
    expect(text).not.toMatch(/none to|version 0/);
  });

  it("shows names as text, whatever stands in them", async () => {
    const world = createWordsWorld();
    const page = await world.vocabulary({ from: "2026-01-01", to: "2026-01-02" }, accept);

    expect(page.text).toContain("What changed in the texts of Riverside Clinic");
    expect(page.text).not.toContain("<script");
  });
});
