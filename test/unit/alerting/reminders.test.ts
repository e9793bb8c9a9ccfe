import { describe, expect, it } from "vitest";
import type { WorldChoices } from "#test/support/core-world.ts";
import { alertsOf, aWorldAt, setPractice, tasksOf } from "./days.ts";
import { putVisit, visitOf } from "./visits.ts";

/** Friday, noon in Los Angeles, where the practice is. */
const FRIDAY = "2026-11-13T20:00:00Z";
/** Wednesday, half past nine there. */
const VISIT = "2026-11-18T17:30:00Z";

async function aWorldWithVisit(choices: WorldChoices = {}, patient: object = {}, visit: object = {}) {
  const days = await aWorldAt(FRIDAY, choices, patient);
  await putVisit(days.world, days.patientId, "visit-1", { startsAt: VISIT, ...visit });
  const bodies = () => days.world.texts.map(({ body }) => body);
  return { ...days, bodies };
}

const blocked = async (days: Awaited<ReturnType<typeof aWorldWithVisit>>) =>
  (await alertsOf(days.world, days.patientId)).map(({ offsetHours, status, reason }) => [
    offsetHours,
    status,
    reason,
  ]);

describe("a reminder", () => {
  it("tells day and time 72 and 24 hours before, and asks for C or 2", async () => {
    const { world, passTo, bodies } = await aWorldWithVisit();
    await passTo("2026-11-15T17:29:00Z");
    expect(bodies()).toEqual([]);
    await passTo("2026-11-15T17:30:00Z");
    expect(bodies()).toHaveLength(1);

    await passTo("2026-11-20T00:00:00Z");

    const told =
      /^Riverside Clinic: .*Wed, Nov 18 at 9:30 AM\. Reply C to confirm, 2 to change\. .*Reply STOP/;
    expect(bodies()).toEqual([expect.stringMatching(told), expect.stringMatching(told)]);
    expect(tasksOf(world)).toEqual([]);
  });

  it("is in the language that the patient reads when it is sent", async () => {
    const { world, patientId, passTo, bodies } = await aWorldWithVisit();
    const [patient] = await world.read(world.alerting.patients.patient(patientId));
    if (patient === undefined) throw new Error("no patient");
    await world.put(
      world.consents.setPreferences(patientId, {
        language: "es",
        quietHours: null,
        disowned: { sms: null, email: null },
        version: 0,
      }),
    );

    await passTo("2026-11-15T18:00:00Z");

    expect(bodies()).toEqual([expect.stringContaining("mie 18 nov, 9:30 AM. Responda C")]);
    const [sent] = (await alertsOf(world, patientId)).filter(({ status }) => status === "sent");
    expect(sent).toMatchObject({ language: "es", template: "reminder@1" });
  });

  it("names the zone where the patient's clocks show another time", async () => {
    const { passTo, bodies } = await aWorldWithVisit({}, { timeZone: "America/Phoenix" });

    await passTo("2026-11-15T18:00:00Z");

    expect(bodies()).toEqual([expect.stringContaining("Wed, Nov 18 at 9:30 AM PST.")]);
  });

  it("waits for the patient's morning, not the practice's", async () => {
    // In Guam it is 18 hours later: 17:30 UTC is half past three in the night.
    const { passTo, bodies } = await aWorldWithVisit({}, { timeZone: "Pacific/Guam" });
    await passTo("2026-11-15T21:59:00Z");
    expect(bodies()).toEqual([]);

    await passTo("2026-11-15T22:00:00Z");

    expect(bodies()).toHaveLength(1);
  });

  it("tells of several visits of a day in one text, with the time of the first", async () => {
    const days = await aWorldWithVisit();
    await putVisit(days.world, days.patientId, "visit-2", { startsAt: "2026-11-18T22:00:00Z" });

    await days.passTo("2026-11-16T00:00:00Z");

    expect(days.bodies()).toEqual([expect.stringMatching(/visits .*Wed, Nov 18 from 9:30 AM\./)]);
  });

  it("leaves nothing due once it has left, whatever the carrier says or does not say", async () => {
    const { world, patientId, passTo } = await aWorldWithVisit();
    await passTo("2026-11-17T18:00:00Z");

    const alerts = await alertsOf(world, patientId);

    expect(alerts.map(({ status, dueAt }) => [status, dueAt])).toEqual([
      ["sent", null],
      ["sent", null],
    ]);
  });

  it("is noted on the day in the transaction that claims it", async () => {
    const { world, patientId, passTo } = await aWorldWithVisit();
    await passTo("2026-11-15T18:00:00Z");

    const [day] = await world.read(world.appointments.visitDay(patientId, "2026-11-18"));
    const [sent] = (await alertsOf(world, patientId)).filter(({ status }) => status === "sent");

    expect(day?.asked).toEqual({ alertId: sent?.id, at: sent?.claimedAt });
    expect(await visitOf(world, "visit-1")).toMatchObject({ state: "no-reply" });
  });

  it("does not wait longer for being asked for than the 72 hours that other texts may", async () => {
    const days = await aWorldWithVisit();
    await putVisit(days.world, days.patientId, "visit-2", { startsAt: "2027-02-10T18:00:00Z" });

    await days.passTo("2027-02-11T00:00:00Z");

    expect(days.bodies().filter((body) => body.includes("Wed, Feb 10"))).toHaveLength(2);
  });

  it("is not stopped by links that were killed: it has none", async () => {
    const days = await aWorldWithVisit();
    await days.world.call("POST /patients/{id}/links/revocation", {
      path: { id: days.patientId },
      body: { reason: "lost-phone" },
    });

    await days.passTo("2026-11-15T18:00:00Z");

    expect(days.bodies()).toHaveLength(1);
  });
});

describe("a visit that is changed", () => {
  it("on another day voids the old reminders, and the new day has its own", async () => {
    const days = await aWorldWithVisit();
    await putVisit(days.world, days.patientId, "visit-1", { startsAt: "2026-11-25T17:30:00Z" });

    await days.passTo("2026-11-26T00:00:00Z");

    expect(days.bodies()).toHaveLength(2);
    expect(days.bodies().every((body) => body.includes("Wed, Nov 25"))).toBe(true);
    const voided = (await blocked(days)).filter(([, status]) => status === "blocked");
    expect(voided.map(([offsetHours, , reason]) => `${offsetHours} ${reason}`).toSorted()).toEqual([
      "24 superseded",
      "72 superseded",
    ]);
  });

  it("or cancelled is not reminded of", async () => {
    const days = await aWorldWithVisit();
    await putVisit(days.world, days.patientId, "visit-1", { startsAt: VISIT, status: "cancelled" });

    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.bodies()).toEqual([]);
    expect(tasksOf(days.world)).toEqual([]);
  });

  it("is void even where its alert was not told: the day's list decides", async () => {
    const days = await aWorldWithVisit();
    const [day] = await days.world.read(days.world.appointments.visitDay(days.patientId, "2026-11-18"));
    if (day === undefined) throw new Error("no day");
    await days.world.put(days.world.appointments.setVisitDay({ ...day, reminders: [] }));

    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.bodies()).toEqual([]);
    expect((await blocked(days)).map(([, , reason]) => reason)).toEqual(["superseded", "superseded"]);
  });

  it("while its reminder is being claimed is told as it is then, or not at all", async () => {
    const days = await aWorldWithVisit();
    const { world } = days;
    let isMoved = false;
    world.store.setIntercept(async ({ action, input }) => {
      const isClaim = action === "TransactWriteItems" && JSON.stringify(input).includes("alert.claimed");
      if (!isClaim || isMoved) return;
      isMoved = true;
      // Another hour of the same day, while the claim is on its way.
      await putVisit(world, days.patientId, "visit-1", { startsAt: "2026-11-18T21:00:00Z" });
    });

    await days.passTo("2026-11-18T22:00:00Z");

    expect(days.bodies()).toHaveLength(2);
    expect(days.bodies().every((body) => body.includes("at 1:00 PM."))).toBe(true);
  });
});

describe("a reminder that does not reach the patient", () => {
  it("is not sent without consent, and nobody is asked to call", async () => {
    const days = await aWorldWithVisit();
    await days.world.grant(days.patientId, { decision: "revoked", acknowledgements: undefined });

    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.bodies()).toEqual([]);
    expect((await blocked(days)).map(([, , reason]) => reason)).toEqual([
      "consent_revoked",
      "consent_revoked",
    ]);
    expect(tasksOf(days.world)).toEqual([]);
  });

  it("because the provider refused it makes one call, before the visit", async () => {
    const days = await aWorldWithVisit({ provider: () => ({ kind: "refused", reason: "invalid" }) });

    await days.passTo("2026-11-19T00:00:00Z");

    const tasks = tasksOf(days.world);
    expect(tasks.map(({ kind, reason }) => [kind, reason])).toContainEqual(["call", "invalid"]);
    expect(tasks.every(({ dueAt }) => Date.parse(dueAt) <= Date.parse(VISIT))).toBe(true);
    expect(days.world.emails).toEqual([]);
  });

  it("because sending is off until the visit is not sent later", async () => {
    const days = await aWorldWithVisit({}, {}, { reminderOffsets: [24] });
    await days.world.call("PUT /practice/switches", {
      roles: "admin",
      body: { sending: false, portal: true },
    });

    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.bodies()).toEqual([]);
    expect((await blocked(days)).map(([, status, reason]) => [status, reason])).toEqual([
      ["blocked", "expired"],
    ]);
  });

  it("because quiet hours last until the visit makes one call, before it", async () => {
    // Eight in the morning; two hours before, nobody may be texted.
    const startsAt = "2026-11-18T16:00:00Z";
    const days = await aWorldWithVisit({}, {}, { startsAt, reminderOffsets: [2] });

    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.bodies()).toEqual([]);
    expect(tasksOf(days.world)).toMatchObject([
      { kind: "call", reason: "expired", patientId: days.patientId },
    ]);
    expect(tasksOf(days.world).every(({ dueAt }) => dueAt < startsAt)).toBe(true);
  });

  it("in time makes no call where a later one tells of the visit", async () => {
    // Both fall into the night; the first could only come after the second.
    const days = await aWorldWithVisit({}, {}, { reminderOffsets: [4, 2] });

    await days.passTo("2026-11-19T00:00:00Z");

    expect(days.bodies()).toHaveLength(1);
    expect(tasksOf(days.world)).toEqual([]);
  });

  it("because the day's cap is used up waits for the next morning", async () => {
    const days = await aWorldWithVisit();
    await days.passTo("2026-11-17T16:00:00Z");
    await putVisit(days.world, days.patientId, "visit-2", {
      startsAt: "2026-11-19T18:00:00Z",
      reminderOffsets: [50],
    });

    // The reminder of the other day leaves first; the one of the visit on Wednesday is the second on Tuesday.
    await days.passTo("2026-11-18T15:59:00Z");
    const until = days.bodies().length;
    await days.passTo("2026-11-18T16:00:00Z");

    expect([until, days.bodies().length]).toEqual([2, 3]);
    expect(days.bodies().at(-1)).toContain("Nov 18");
  });
});

describe("after an outage of the sweep", () => {
  it("what could only come too late ends on record, and nobody calls where the next one tells", async () => {
    const days = await aWorldWithVisit({}, {}, { reminderOffsets: [72, 24] });
    const { world } = days;
    // From before the first one was due until after the second one was.
    world.clock.advance((Date.parse("2026-11-17T18:00:00Z") - world.clock.now().getTime()) / 1000);

    const result = await world.remind();
    await days.workOff();

    expect(result).toEqual({ due: 2, requested: 1, expired: 1, left: 0, failed: 0 });
    expect(days.bodies()).toHaveLength(1);
    expect(world.log.lines).toContainEqual(expect.stringMatching(/^warn ALERT_EXPIRED .*"kind":"reminder"/));
    expect(world.actions(days.patientId)).toContain("alert.blocked");
    expect(tasksOf(world)).toEqual([]);
    expect(await world.remind()).toMatchObject({ due: 0 });
  });

  /** Found once the first of two visits has begun; the second one is still to come. */
  async function aReminderFoundLate() {
    const visit = { reminderOffsets: [24] };
    const days = await aWorldWithVisit({}, {}, visit);
    await putVisit(days.world, days.patientId, "visit-2", { startsAt: "2026-11-18T22:00:00Z", ...visit });
    return days;
  }

  it("a person calls where nothing else tells of a visit to come", async () => {
    const days = await aReminderFoundLate();
    days.world.clock.advance((Date.parse("2026-11-18T18:00:00Z") - days.world.clock.now().getTime()) / 1000);

    expect(await days.world.remind()).toMatchObject({ expired: 1, requested: 0 });
    await days.workOff();

    expect(days.bodies()).toEqual([]);
    expect(tasksOf(days.world)).toMatchObject([{ kind: "call", reason: "expired" }]);
  });

  it("nobody calls who took the consent back", async () => {
    const days = await aReminderFoundLate();
    await days.world.grant(days.patientId, { decision: "revoked", acknowledgements: undefined });
    days.world.clock.advance((Date.parse("2026-11-18T18:00:00Z") - days.world.clock.now().getTime()) / 1000);

    expect(await days.world.remind()).toMatchObject({ expired: 1 });
    await days.workOff();

    expect((await blocked(days)).filter(([, , reason]) => reason === "expired")).toHaveLength(1);
    expect([days.bodies(), tasksOf(days.world)]).toEqual([[], []]);
  });

  it("nobody calls about a visit that is over", async () => {
    const days = await aWorldWithVisit({}, {}, { reminderOffsets: [2] });
    days.world.clock.advance((Date.parse("2026-11-18T18:00:00Z") - days.world.clock.now().getTime()) / 1000);

    expect(await days.world.remind()).toMatchObject({ expired: 1, requested: 0 });

    expect(tasksOf(days.world)).toEqual([]);
    expect(days.bodies()).toEqual([]);
  });

  it("two sweeps at once drop an alert once", async () => {
    const days = await aWorldWithVisit({}, {}, { reminderOffsets: [72, 24] });
    days.world.clock.advance((Date.parse("2026-11-17T18:00:00Z") - days.world.clock.now().getTime()) / 1000);

    const results = await Promise.all([days.world.remind(), days.world.remind()]);
    await days.workOff();

    expect(results.reduce((sum, { expired }) => sum + expired, 0)).toBe(1);
    expect(days.bodies()).toHaveLength(1);
    expect((await blocked(days)).filter(([, , reason]) => reason === "expired")).toHaveLength(1);
  });
});

describe("a reminder that did not leave", () => {
  const refused = { kind: "refused", reason: "invalid" } as const;
  const accepted = (count: number) => ({ kind: "accepted", providerMessageId: `provider-${count}` }) as const;

  it("has asked nothing: the visit waits for no reply", async () => {
    const days = await aWorldWithVisit({ provider: () => refused }, {}, { reminderOffsets: [24] });

    await days.passTo("2026-11-17T18:00:00Z");

    expect(await visitOf(days.world, "visit-1")).toMatchObject({ state: "unconfirmed" });
    expect(tasksOf(days.world)).toMatchObject([{ kind: "call", reason: "invalid" }]);
  });

  it("leaves the one before as the one that asked, and asks for no call", async () => {
    const provider = (_text: unknown, count: number) => (count === 1 ? accepted(count) : refused);
    const days = await aWorldWithVisit({ provider });

    await days.passTo("2026-11-17T18:00:00Z");

    const [first] = (await alertsOf(days.world, days.patientId)).filter(({ status }) => status === "sent");
    const [day] = await days.world.read(days.world.appointments.visitDay(days.patientId, "2026-11-18"));
    expect(day?.asked).toEqual({ alertId: first?.id, at: first?.claimedAt });
    expect(await visitOf(days.world, "visit-1")).toMatchObject({ state: "no-reply" });
    expect(tasksOf(days.world)).toEqual([]);
  });

  it("while the provider is busy has asked nothing yet", async () => {
    const busy = { kind: "busy", reason: "throttled", retryAfterSeconds: 3600 } as const;
    const provider = (_text: unknown, count: number) => (count === 1 ? busy : accepted(count));
    const days = await aWorldWithVisit({ provider }, {}, { reminderOffsets: [24] });
    await days.passTo("2026-11-17T18:00:00Z");
    const before = await visitOf(days.world, "visit-1");

    await days.passTo("2026-11-17T19:00:00Z");

    expect(before).toMatchObject({ state: "unconfirmed" });
    expect(await visitOf(days.world, "visit-1")).toMatchObject({ state: "no-reply" });
  });
});

describe("a shipped text", () => {
  it("does not leave once own words came into force, also while it is being claimed", async () => {
    const days = await aWorldWithVisit({}, {}, { reminderOffsets: [24] });
    const { world } = days;
    const at = "2026-11-13T20:00:00.000Z";
    const words = [{ slot: "practice" as const }, " will see you."];
    const reminder = {
      id: "tpl_1",
      version: 1,
      use: "reminder",
      purpose: "scheduling",
      tier: 1,
      texts: { en: words, es: words },
      approvedAt: at,
    } as const;
    await world.put(...world.vocabulary.setVocabulary({ at, templates: [], names: [] }, 0));
    let isApproved = false;
    world.store.setIntercept(async ({ action, input }) => {
      const isClaim = action === "TransactWriteItems" && JSON.stringify(input).includes("alert.claimed");
      if (!isClaim || isApproved) return;
      isApproved = true;
      await world.put(...world.vocabulary.setVocabulary({ at, templates: [reminder], names: [] }, 1));
    });

    await days.passTo("2026-11-17T18:00:00Z");

    expect(days.bodies()).toEqual(["Riverside Clinic will see you."]);
  });
});

describe("a notice", () => {
  it("tells at once that a visit was booked, moved or cancelled, where the practice wants that", async () => {
    const days = await aWorldAt(FRIDAY);
    await setPractice(days.world, {
      visitNotices: ["booked", "moved", "cancelled"],
      caps: { perDay: 9, perWeek: 9 },
    });
    const bodies = () => days.world.texts.map(({ body }) => body);

    await putVisit(days.world, days.patientId, "visit-1", { startsAt: VISIT, reminderOffsets: [] });
    await days.pass(60);
    await putVisit(days.world, days.patientId, "visit-1", {
      startsAt: "2026-11-19T22:00:00Z",
      reminderOffsets: [],
    });
    await days.pass(60);
    await days.world.call("DELETE /appointments/{externalId}", { path: { externalId: "visit-1" } });
    await days.pass(60);

    expect(bodies()).toEqual([
      expect.stringContaining("visit is set for Wed, Nov 18 at 9:30 AM."),
      expect.stringMatching(/moved to Thu, Nov 19 at 2:00 PM\./),
      expect.stringContaining("visit on Thu, Nov 19 at 2:00 PM is cancelled."),
    ]);
  });

  it("tells its own visit's clock, whatever the day's first one has", async () => {
    const days = await aWorldAt(FRIDAY, {}, { timeZone: "America/Los_Angeles" });
    await setPractice(days.world, { visitNotices: ["booked"], caps: { perDay: 9, perWeek: 9 } });
    const noReminders = { reminderOffsets: [] };
    const first = { startsAt: VISIT, timeZone: "America/Los_Angeles", ...noReminders };
    const second = { startsAt: "2026-11-18T22:00:00Z", timeZone: "America/Denver", ...noReminders };

    await putVisit(days.world, days.patientId, "visit-1", first);
    await putVisit(days.world, days.patientId, "visit-2", second);
    await days.pass(60);

    expect(days.world.texts.map(({ body }) => String(body)).toSorted()).toEqual([
      expect.stringContaining("at 3:00 PM MST."),
      expect.stringContaining("at 9:30 AM."),
    ]);
  });

  it("of a day in several zones, a reminder tells the first visit's clock", async () => {
    const days = await aWorldWithVisit({}, {}, { timeZone: "America/Denver", reminderOffsets: [24] });
    await putVisit(days.world, days.patientId, "visit-2", {
      startsAt: "2026-11-18T22:00:00Z",
      timeZone: "America/Los_Angeles",
      reminderOffsets: [24],
    });

    await days.passTo("2026-11-17T18:00:00Z");

    expect(days.bodies()).toEqual([expect.stringContaining("from 10:30 AM.")]);
  });
});
