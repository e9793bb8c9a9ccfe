import { describe, expect, it } from "vitest";
import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import type { TemplatePart } from "#shared/domain/alerts/templates.ts";
import { aWorldAt, setPractice, tasksOf } from "./days.ts";
import { putVisit, visitOf } from "./visits.ts";

/** Friday, noon in Los Angeles, where the practice is. */
const FRIDAY = "2026-11-13T20:00:00Z";
/** Wednesday, half past nine there; a day before, and in the evening before. */
const VISIT = "2026-11-18T17:30:00Z";
const TOLD = "2026-11-17T18:00:00Z";
const EVENING = "2026-11-18T05:30:00Z";

async function aWorldWithVisit(visit: object = {}, settings: object = {}) {
  const days = await aWorldAt(FRIDAY);
  const { world, patientId } = days;
  await setPractice(world, { caps: { perDay: 9, perWeek: 9 }, ...settings });
  const put = (fields: object = {}, externalId = "visit-1") =>
    putVisit(world, patientId, externalId, { startsAt: VISIT, reminderOffsets: [24], ...visit, ...fields });
  await put();
  return {
    ...days,
    put,
    bodies: () => world.texts.map(({ body }) => body),
    calls: () => tasksOf(world).map(({ kind, reason, dueAt }) => ({ kind, reason, dueAt })),
    state: async (id = "visit-1") => (await visitOf(world, id))["state"],
  };
}

/** Has the practice's own words for a reminder in force, whatever they are. */
function approved(parts: readonly TemplatePart[]) {
  const at = "2026-11-01T00:00:00.000Z";
  return createVocabularyTable("Practice").setVocabulary(
    {
      at,
      templates: [
        {
          ...{ id: "tpl_01KERHV5R0000000000000TEST", version: 1, use: "reminder", purpose: "scheduling" },
          ...{ tier: 1, texts: { en: parts, es: parts }, approvedAt: at },
        } as const,
      ],
      names: [],
    } as Parameters<ReturnType<typeof createVocabularyTable>["setVocabulary"]>[0],
    0,
  );
}

describe("a reminder in words of the practice's own that may not leave", () => {
  it.each([
    ["are too long", [{ slot: "practice" }, ": ", "your visit is near ".repeat(12), { slot: "date" }]],
    ["tell of a kind of care", [{ slot: "practice" }, ": your diabetes visit is on ", { slot: "date" }]],
    ["are in no letters that texts have", [{ slot: "practice" }, ": 你好 ", { slot: "date" }]],
  ] as const)("because they %s, leaves in the shipped ones", async (_why, parts) => {
    const days = await aWorldWithVisit();
    await days.world.put(...approved(parts));

    await days.passTo(TOLD);

    expect(days.bodies()).toEqual([expect.stringContaining("Wed, Nov 18 at 9:30 AM. Reply C to confirm")]);
    expect(await days.state()).toBe("no-reply");
    expect(days.calls()).toEqual([]);
  });
});

describe("a reminder that nobody can send", () => {
  it("because the words may not leave makes one call, before the visit", async () => {
    const days = await aWorldAt(FRIDAY, { identity: { name: "diabetes care" } });
    await putVisit(days.world, days.patientId, "visit-1", { startsAt: VISIT, reminderOffsets: [72, 24] });

    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.world.texts).toEqual([]);
    const tasks = tasksOf(days.world);
    expect(tasks.map(({ kind, reason }) => [kind, reason])).toEqual([["call", "found_phone_test"]]);
    expect(tasks.every(({ dueAt }) => dueAt < VISIT)).toBe(true);
  });
});

describe("a visit that is changed after a reminder told of it", () => {
  it("to another hour is told once more, at once, and asks anew", async () => {
    const days = await aWorldWithVisit();
    await days.passTo("2026-11-18T01:30:00Z");

    await days.put({ startsAt: "2026-11-18T18:30:00Z" });
    expect(await days.state()).toBe("unconfirmed");
    await days.pass(60);
    await days.put({ startsAt: "2026-11-18T18:30:00Z" });
    await days.passTo("2026-11-18T18:00:00Z");

    expect(days.bodies().map((body) => /at (\d+:\d\d)/u.exec(body)?.[1])).toEqual(["9:30", "10:30"]);
    expect(await days.state()).toBe("no-reply");
    expect(days.calls()).toEqual([]);
  });

  it("by a second one of the day is told with it", async () => {
    const days = await aWorldWithVisit();
    await days.passTo("2026-11-18T01:30:00Z");

    await days.put({ startsAt: "2026-11-18T21:00:00Z" }, "visit-2");
    await days.passTo("2026-11-18T17:00:00Z");

    expect(days.bodies()).toEqual([
      expect.stringContaining("at 9:30 AM"),
      expect.stringMatching(/visits .* from 9:30 AM/u),
    ]);
    expect([await days.state(), await days.state("visit-2")]).toEqual(["no-reply", "no-reply"]);
  });

  it("to a later day is told before the patient comes in vain", async () => {
    const days = await aWorldWithVisit();
    await days.passTo("2026-11-18T01:30:00Z");

    await days.put({ startsAt: "2026-11-20T17:30:00Z" });
    await days.passTo("2026-11-18T17:00:00Z");

    expect(days.bodies().at(-1)).toContain("Fri, Nov 20 at 9:30 AM");
    await days.passTo("2026-11-20T00:00:00Z");
    expect(days.bodies()).toHaveLength(3);
  });

  it("in the night is told in the morning, once, however often it is changed", async () => {
    const days = await aWorldWithVisit();
    await days.passTo(EVENING);

    await days.put({ startsAt: "2026-11-18T18:30:00Z" });
    await days.pass(60);
    await days.put({ startsAt: "2026-11-18T19:00:00Z" });
    await days.pass(60);
    await days.put({ startsAt: "2026-11-18T19:30:00Z" });
    await days.passTo("2026-11-18T18:00:00Z");

    expect(days.bodies().slice(1)).toEqual([expect.stringContaining("at 11:30 AM")]);
  });

  it("and changed back needs no other text, and C answers the first", async () => {
    const days = await aWorldWithVisit();
    await days.passTo(EVENING);

    await days.put({ startsAt: "2026-11-18T18:30:00Z" });
    await days.pass(60);
    await days.put();
    await days.passTo("2026-11-18T17:00:00Z");

    expect(days.bodies()).toHaveLength(1);
    expect(await days.state()).toBe("no-reply");
  });

  it("and that no text can tell of in time makes one call, before the visit", async () => {
    const days = await aWorldWithVisit();
    await days.passTo(EVENING);

    await days.put({ startsAt: "2026-11-18T15:30:00Z" });
    await days.pass(60);
    await days.put({ startsAt: "2026-11-18T15:30:00Z" });
    await days.passTo("2026-11-18T20:00:00Z");

    expect(days.bodies()).toHaveLength(1);
    expect(days.calls()).toMatchObject([{ kind: "call", reason: "expired" }]);
    expect(days.calls().every(({ dueAt }) => dueAt < "2026-11-18T15:30:00Z")).toBe(true);
    expect(await days.state()).toBe("unconfirmed");
  });

  it("is not told where staff have the patient's word for it, where another reminder is to come, or it is off", async () => {
    const days = await aWorldWithVisit({ reminderOffsets: [72, 24] });
    await days.passTo("2026-11-16T20:00:00Z");
    await days.put({ startsAt: "2026-11-18T18:30:00Z" });
    await days.passTo("2026-11-17T20:00:00Z");
    expect(days.bodies()).toHaveLength(2);
    await days.passTo("2026-11-18T02:30:00Z");

    await days.put({ startsAt: "2026-11-18T19:30:00Z", status: "confirmed" });
    await days.pass(60);
    await days.put({ startsAt: "2026-11-18T19:30:00Z", status: "cancelled" });
    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.bodies()).toHaveLength(2);
    expect(days.calls()).toEqual([]);
  });
});

describe("a notice that cannot be sent in time", () => {
  it.each([
    ["moved", { startsAt: "2026-11-18T15:30:00Z" }, "2026-11-18T15:30:00Z"],
    ["cancelled", { status: "cancelled" }, "2026-11-18T15:00:00Z"],
  ])("that a visit was %s makes one call, before the time that it tells", async (_how, change, before) => {
    const visit = { startsAt: "2026-11-18T15:00:00Z" };
    const days = await aWorldWithVisit(visit, { visitNotices: ["moved", "cancelled"] });
    await days.passTo(EVENING);

    await days.put(change);
    await days.passTo("2026-11-18T20:00:00Z");

    expect(days.bodies()).toHaveLength(1);
    expect(days.calls()).toMatchObject([{ kind: "call", reason: "expired" }]);
    expect(days.calls().every(({ dueAt }) => dueAt < before)).toBe(true);
  });

  it("because the provider refused it makes one call", async () => {
    const days = await aWorldAt(FRIDAY, { provider: () => ({ kind: "refused", reason: "invalid" }) });
    await setPractice(days.world, { visitNotices: ["cancelled"] });
    const visit = { startsAt: VISIT, reminderOffsets: [] };
    await putVisit(days.world, days.patientId, "visit-1", visit);

    await putVisit(days.world, days.patientId, "visit-1", { ...visit, status: "cancelled" });
    await days.pass(600);

    expect(tasksOf(days.world).filter(({ kind }) => kind === "call")).toMatchObject([{ reason: "invalid" }]);
  });
});
