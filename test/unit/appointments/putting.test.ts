import { describe, expect, it } from "vitest";
import { put as putItem } from "#shared/adapters/dynamodb/items.ts";
import { createPutAppointment } from "#shared/appointments/put.ts";
import { ASKING } from "#test/support/builders.ts";
import { createVisitsWorld } from "./world.ts";

// The world's clock stands at 2026-11-04T17:00:00Z, nine in the morning at the practice.
const START = "2026-11-12T18:00:00.000Z";

describe("putting a visit", () => {
  it("answers with the visit, its day, its state and its reminders", async () => {
    const world = await createVisitsWorld();

    const answer = await world.put({ sourceVersion: 3 });

    expect(answer).toMatchObject({ status: 201, etag: '"1"' });
    expect(answer.body).toEqual({
      externalId: "visit-1",
      id: expect.stringMatching(/^apt_/u),
      patientId: world.patientId,
      startsAt: START,
      timeZone: "America/Los_Angeles",
      day: "2026-11-12",
      locationId: null,
      providerId: null,
      status: "booked",
      state: "unconfirmed",
      stateSince: world.clock.iso(),
      reminderOffsets: null,
      reminders: [
        { alertId: expect.stringMatching(/^alr_/u), offsetHours: 72 },
        { alertId: expect.stringMatching(/^alr_/u), offsetHours: 24 },
      ],
      sourceVersion: 3,
      version: 1,
      warnings: [],
    });
    const { reminders: _reminders, ...read } = answer.body;
    expect((await world.get()).body).toMatchObject(read);
  });

  it.each([
    ["scheduled", "2026-11-04T16:59:00Z", ["in_the_past"]],
    ["tentative", "2026-11-03T18:00:00Z", ["in_the_past"]],
    ["scheduled", "2026-11-04T17:01:00Z", []],
    ["fulfilled", "2026-11-03T18:00:00Z", []],
    ["noshow", "2026-11-03T18:00:00Z", []],
    ["cancelled", "2026-11-03T18:00:00Z", []],
  ])("that is %s for %s is kept with the warnings %j", async (status, startsAt, warnings) => {
    const world = await createVisitsWorld();
    const locationId = "nowhere";
    const { status: answered, body } = await world.put({ status, startsAt, locationId });
    expect(answered).toBe(201);
    expect(body["warnings"]).toEqual(["unknown_location", ...warnings]);
    if (warnings.length > 0) expect(world.alerts()).toEqual([]);
    // It says so as often as it is told.
    expect((await world.put({ status, startsAt, locationId })).body["warnings"]).toEqual(body["warnings"]);
  });

  it("writes its reminders as alerts that wait for their time, with the entry that says so", async () => {
    const world = await createVisitsWorld();

    const { body } = await world.put();

    expect(world.alerts()).toHaveLength(2);
    expect(await world.alert(world.patientId, String(body.reminders[1]?.alertId))).toMatchObject({
      kind: "reminder",
      status: "deferred",
      reason: "not_due",
      queue: "bulk",
      channel: "sms",
      purpose: "scheduling",
      tier: 1,
      sender: "staff_1",
      messageId: null,
      consentId: null,
      language: "en",
      visitDay: "2026-11-12",
      offsetHours: 24,
      heldUntil: "2026-11-11T18:00:00.000Z",
      dueAt: "2026-11-11T18:00:00.000Z",
      expiresAt: START,
    });
    expect(world.entries(world.patientId).at(-1)).toMatchObject({
      action: "appointment.booked",
      actor: "staff_1",
      details: {
        day: "2026-11-12",
        startsAt: START,
        planned: body.reminders.map(({ alertId }) => alertId),
        voided: [],
      },
    });
  });

  it("keeps the external id sealed, and stores nothing of it in the clear", async () => {
    const world = await createVisitsWorld();
    await world.put({}, "canary-visit");
    const stored = JSON.stringify(
      (["Appointments", "Messages", "Audit"] as const).flatMap((table) =>
        world.store.items(table).map((item) => ({
          ...item,
          bytes: Object.values(item).map((value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : null,
          ),
        })),
      ),
    );
    expect(stored).not.toContain("canary-visit");
    expect((await world.list({ date: "2026-11-12" })).items.map(({ externalId }) => externalId)).toEqual([
      "canary-visit",
    ]);
  });

  it("reminds in the language that the patient wishes", async () => {
    const world = await createVisitsWorld();
    await world.call("PUT /patients/{id}/preferences", {
      path: { id: world.patientId },
      body: { language: "es" },
    });
    await world.put();
    expect(world.alerts().map(({ language }) => language)).toEqual(["es", "es"]);
  });

  it.each([
    ["2026-11-12T18:00:00Z", START],
    ["2026-11-12T10:00:00-08:00", START],
    ["2026-11-13T03:30:00+09:30", START],
  ])("takes the time %s", async (startsAt, stored) => {
    const world = await createVisitsWorld();
    expect((await world.put({ startsAt })).body).toMatchObject({ startsAt: stored });
  });

  it.each([
    [{ startsAt: "2026-11-12T10:00:00" }],
    [{ startsAt: "2026-11-12" }],
    [{ startsAt: "2026-02-30T10:00:00Z" }],
    [{ startsAt: "2027-02-29T10:00:00Z" }],
    [{ startsAt: "1899-11-12T10:00:00Z" }],
    [{ startsAt: "9999-11-12T10:00:00Z" }],
    [{ status: "maybe" }],
    [{ reminderOffsets: [0] }],
    [{ reminderOffsets: [1.5] }],
    [{ reminderOffsets: [400] }],
    [{ reminderOffsets: ["PT30M"] }],
    [{ reminderOffsets: ["P1M"] }],
    [{ reminderOffsets: [24, "PT24H"] }],
    [{ reminderOffsets: [1, 2, 3, 4, 5] }],
    [{ timeZone: "America/Nowhere" }],
    [{ sourceVersion: -1 }],
    [{ sourceVersion: "7" }],
    [{ reason: "Chemotherapy" }],
    [{ patientId: "MRN-90210" }],
  ])("refuses %j", async (fields) => {
    const world = await createVisitsWorld();
    expect(await world.put(fields)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(world.store.items("Appointments")).toEqual([]);
  });

  it("takes offsets as hours and as durations", async () => {
    const world = await createVisitsWorld();
    const { body } = await world.put({ reminderOffsets: ["PT2H", "P3D", 24, "P1W"] });
    expect(body["reminderOffsets"]).toEqual([168, 72, 24, 2]);
    expect(body.reminders.map(({ offsetHours }) => offsetHours)).toEqual([168, 72, 24, 2]);
  });

  it.each([
    ["scheduled", "booked", "unconfirmed"],
    ["confirmed", "booked", "confirmed"],
    ["waitlist", "pending", "unconfirmed"],
    ["checked-in", "arrived", "unconfirmed"],
    ["completed", "fulfilled", "unconfirmed"],
    ["noshow", "noshow", "unconfirmed"],
    ["entered-in-error", "cancelled", "cancelled"],
  ])("reads the status %s as %s, %s", async (status, known, state) => {
    const world = await createVisitsWorld();
    const { body } = await world.put({ status });
    expect(body).toMatchObject({ status: known, state });
    expect(body.reminders).toHaveLength(known === "booked" ? 2 : 0);
  });

  it("does not know patients that are not there, or were erased", async () => {
    const world = await createVisitsWorld();
    const refusal = { status: 404, body: { code: "not_found", pointer: "/patientId" } };
    expect(await world.put({ patientId: "pat_01KAEV0000000000000000PAT9" })).toMatchObject(refusal);
    const marks = { pk: world.patientId, sk: "marks", erasedAt: world.clock.iso() };
    await world.prepareWith(putItem("Messages", marks));
    expect(await world.put()).toMatchObject(refusal);
    expect(world.store.items("Appointments")).toEqual([]);
  });

  it.each([
    ["as it was sent", "visit%2F7%20%C3%A9", "visit/7 é"],
    ["decoded", "visit/7 é", "visit/7 é"],
  ])("finds its id in a path whose parts arrive %s", async (_how, part, externalId) => {
    const world = await createVisitsWorld();
    expect((await world.put({}, part)).body).toMatchObject({ externalId });
    expect((await world.get(externalId)).status).toBe(200);
  });

  it.each(["100%", "50%25", "", " ", "a\u0000", "a\ud800", "x".repeat(101)])(
    "does not take %j for an id",
    async (externalId) => {
      const world = await createVisitsWorld();
      expect((await world.put({}, externalId)).status).toBe(404);
    },
  );

  it("refuses anybody's record number as its id, and tells not whose", async () => {
    const world = await createVisitsWorld();
    const refused = await world.put({}, "MRN-90210");
    expect(refused).toMatchObject({ status: 422, body: { code: "unprocessable", pointer: "/externalId" } });
    const patientId = await world.register({ externalId: "MRN-2" });
    const { requestId: _, ...same } = refused.body;
    expect(await world.put({ patientId }, "MRN-90210")).toMatchObject({ status: 422, body: same });
    expect(world.store.items("Appointments")).toEqual([]);
  });

  it("is changed and cancelled although somebody is registered under its id since", async () => {
    const world = await createVisitsWorld();
    await world.put({}, "4711");
    await world.register({ externalId: "4711" });
    expect((await world.put({ status: "cancelled" }, "4711")).status).toBe(200);
  });

  it("keeps twenty visits of a patient on a day, and no more", async () => {
    const world = await createVisitsWorld();
    for (let count = 1; count <= 20; count += 1) await world.put({}, `visit-${count}`);
    expect(await world.put({}, "visit-21")).toMatchObject({
      status: 422,
      body: { pointer: "/startsAt" },
    });
    expect((await world.put({ startsAt: "2026-11-12T19:00:00Z" }, "visit-20")).status).toBe(200);
    expect((await world.put({ startsAt: "2026-11-13T19:00:00Z" }, "visit-21")).status).toBe(201);
  });

  it.each(["clinician", "admin", "compliance", "auditor"])("is not for the role %s", async (roles) => {
    const world = await createVisitsWorld();
    expect((await world.put({}, "visit-1", { roles })).status).toBe(403);
    expect((await world.remove("visit-1", { roles })).status).toBe(403);
  });
});

describe("putting it again", () => {
  it("writes nothing where nothing differs", async () => {
    const world = await createVisitsWorld();
    const first = await world.put({ reminderOffsets: [24, 48], sourceVersion: 1 });
    const tables = ["Appointments", "Messages", "Audit"] as const;
    const before = tables.map((table) => world.store.items(table));
    world.clock.advance(3600);

    const again = await world.put({ reminderOffsets: [48, 24], sourceVersion: 1 });
    const unversioned = await world.put({ reminderOffsets: [48, 24] });

    expect(again).toMatchObject({ status: 200, etag: '"1"', body: first.body });
    expect(unversioned.body).toEqual(first.body);
    expect(tables.map((table) => world.store.items(table))).toEqual(before);
  });

  it("writes nothing either while a reminder waits past its time, or has left", async () => {
    const world = await createVisitsWorld();
    const { body } = await world.put({ startsAt: "2026-11-05T13:00:00Z" });
    expect(world.waiting()).toMatchObject([{ offsetHours: 24, dueAt: world.clock.iso() }]);
    const before = world.store.items("Appointments");

    world.clock.advance(1800);
    await world.put({ startsAt: "2026-11-05T13:00:00Z" });
    expect(world.store.items("Appointments")).toEqual(before);

    await world.ask(String(body.reminders[0]?.alertId));
    await world.put({ startsAt: "2026-11-05T13:00:00Z" });
    expect(world.alerts()).toHaveLength(1);
  });

  it("refuses an older version of the scheduling system, and takes the same one as known", async () => {
    const world = await createVisitsWorld();
    await world.put({ sourceVersion: 5 });
    const older = await world.put({ sourceVersion: 4, startsAt: "2026-11-20T18:00:00Z" });
    const same = await world.put({ sourceVersion: 5, startsAt: "2026-11-20T18:00:00Z" });
    expect(older).toMatchObject({
      status: 409,
      body: { code: "version_conflict", pointer: "/sourceVersion" },
    });
    expect(same).toMatchObject({ status: 200, body: { startsAt: START, version: 1 } });
    const newer = await world.put({ sourceVersion: 6, startsAt: "2026-11-20T18:00:00Z" });
    expect(newer).toMatchObject({ status: 200, body: { day: "2026-11-20", version: 2, sourceVersion: 6 } });
  });

  it("obeys If-Match", async () => {
    const world = await createVisitsWorld();
    expect((await world.put({}, "visit-1", { ifMatch: 1 })).status).toBe(409);
    await world.put();
    const startsAt = "2026-11-12T20:00:00Z";
    expect((await world.put({ startsAt }, "visit-1", { ifMatch: 2 })).status).toBe(409);
    expect(await world.put({ startsAt }, "visit-1", { ifMatch: 1 })).toMatchObject({
      status: 200,
      etag: '"2"',
    });
  });

  it("under another patient is refused: an external id is one visit", async () => {
    const world = await createVisitsWorld();
    await world.put();
    const patientId = await world.register({ externalId: "MRN-2" });
    expect(await world.put({ patientId })).toMatchObject({
      status: 409,
      body: { code: "version_conflict", pointer: "/patientId" },
    });
    await world.remove();
    expect((await world.put({ patientId })).status).toBe(201);
  });

  it("plans anew what the practice has changed its mind about", async () => {
    const world = await createVisitsWorld();
    await world.put();
    await world.set({ reminderOffsets: [48] });
    await world.put();
    expect(world.waiting()).toMatchObject([{ offsetHours: 48, expiresAt: START }]);
    expect((await world.get()).body).toMatchObject({ version: 1 });
  });

  it("in the version that is known keeps the visit, and plans anew all the same", async () => {
    const world = await createVisitsWorld();
    await world.put({ sourceVersion: 5 });
    await world.set({ reminderOffsets: [48] });
    const again = await world.put({ sourceVersion: 5, startsAt: "2026-11-20T18:00:00Z" });
    expect(again).toMatchObject({ status: 200, body: { startsAt: START, version: 1 } });
    expect(again.body.reminders.map(({ offsetHours }) => offsetHours)).toEqual([48]);
    expect(world.waiting()).toMatchObject([{ offsetHours: 48, expiresAt: START }]);
  });

  it("meets a patient who is changed at the same time, and goes by what holds then", async () => {
    const world = await createVisitsWorld();
    let isChanged = false;
    world.store.setIntercept(async ({ action, input }) => {
      const isBooking =
        action === "TransactWriteItems" && JSON.stringify(input).includes("appointment.booked");
      if (!isBooking || isChanged) return;
      isChanged = true;
      await world.call("PATCH /patients/{id}", {
        path: { id: world.patientId },
        body: { language: "es" },
      });
    });
    expect((await world.put()).status).toBe(201);
    expect(world.alerts().map(({ language }) => language)).toEqual(["es", "es"]);
  });
});

describe("moving a visit", () => {
  it("to another day voids that day's reminders and plans the new one's", async () => {
    const world = await createVisitsWorld();
    const { body: first } = await world.put();
    const { body } = await world.put({ startsAt: "2026-11-20T18:00:00Z" });

    expect(body).toMatchObject({ id: first["id"], day: "2026-11-20", version: 2 });
    for (const { alertId } of first.reminders) {
      expect(await world.alert(world.patientId, alertId)).toMatchObject({
        status: "blocked",
        reason: "superseded",
        dueAt: null,
      });
    }
    expect(world.waiting().map(({ dueAt }) => dueAt)).toEqual([
      "2026-11-17T18:00:00.000Z",
      "2026-11-19T18:00:00.000Z",
    ]);
    expect(await world.day("2026-11-12")).toMatchObject({ appointments: [], reminders: [] });
    expect(world.entries(world.patientId).at(-1)).toMatchObject({
      action: "appointment.changed",
      details: {
        fromDay: "2026-11-12",
        day: "2026-11-20",
        voided: first.reminders.map(({ alertId }) => alertId),
      },
    });
  });

  it("leaves the others of its old day with reminders of their own", async () => {
    const world = await createVisitsWorld();
    await world.put();
    await world.put({ startsAt: "2026-11-12T21:00:00Z" }, "visit-2");
    expect(world.waiting().map(({ kind }) => kind)).toEqual(["reminder-several", "reminder-several"]);

    await world.put({ startsAt: "2026-11-20T18:00:00Z" });

    expect(world.waiting().map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ["reminder", "2026-11-09T21:00:00.000Z"],
      ["reminder", "2026-11-11T21:00:00.000Z"],
      ["reminder", "2026-11-17T18:00:00.000Z"],
      ["reminder", "2026-11-19T18:00:00.000Z"],
    ]);
    expect((await world.get("visit-2")).body.reminders).toHaveLength(2);
  });

  it("cannot void a reminder whose claim is under way, and does not plan it again for the same start", async () => {
    const world = await createVisitsWorld();
    const { body } = await world.put();
    const claimed = String(body.reminders[0]?.alertId);
    await world.ask(claimed, "sending");

    await world.put({ providerId: "prv_x" });
    await world.put({ reminderOffsets: [72, 24, 2] });
    expect(world.waiting().map(({ offsetHours }) => offsetHours)).toEqual([24, 2]);

    await world.put({ startsAt: "2026-11-12T19:00:00Z" });
    expect((await world.alert(world.patientId, claimed)).status).toBe("sending");
    expect((await world.day("2026-11-12"))?.reminders.map(({ alertId }) => alertId)).not.toContain(claimed);
  });

  it("asks for the patient's word anew; another place does not", async () => {
    const world = await createVisitsWorld();
    await world.put({ status: "confirmed" });
    const moment = world.clock.iso();
    world.clock.advance(60);
    expect((await world.put({ status: "booked", providerId: "prv_x" })).body).toMatchObject({
      state: "confirmed",
      stateSince: moment,
    });
    expect((await world.put({ startsAt: "2026-11-12T19:00:00Z" })).body).toMatchObject({
      state: "unconfirmed",
      stateSince: world.clock.iso(),
    });
    expect((await world.put({ startsAt: "2026-11-12T19:00:00Z", status: "confirmed" })).body).toMatchObject({
      state: "confirmed",
      version: 3,
    });
  });

  it("makes an answer to the old question answer nothing", async () => {
    const world = await createVisitsWorld();
    const { body } = await world.put();
    await world.ask(String(body.reminders[0]?.alertId));
    expect((await world.get()).body).toMatchObject({ state: "no-reply", stateSince: world.clock.iso() });

    await world.put({ startsAt: "2026-11-12T19:00:00Z" });

    expect((await world.get()).body).toMatchObject({ state: "unconfirmed" });
    expect(await world.day("2026-11-12")).toMatchObject({ asked: null });
  });

  it("keeps the question where another visit of the day is only cancelled, and drops it where one joins", async () => {
    const world = await createVisitsWorld();
    await world.put({ startsAt: "2026-11-12T21:00:00Z" }, "visit-2");
    const { body } = await world.put();
    await world.ask(String(body.reminders[0]?.alertId));
    await world.put({ startsAt: "2026-11-12T21:00:00Z", status: "cancelled" }, "visit-2");
    expect((await world.get()).body).toMatchObject({ state: "no-reply" });
    expect((await world.get("visit-2")).body).toMatchObject({ state: "cancelled", reminders: [] });
    await world.put({ startsAt: "2026-11-12T22:00:00Z" }, "visit-3");
    expect((await world.get()).body).toMatchObject({ state: "unconfirmed" });
  });
});

describe("cancelling and removing a visit", () => {
  it("by its status voids its reminders and keeps it in the list", async () => {
    const world = await createVisitsWorld();
    await world.put({ status: "confirmed" });
    await world.put({ status: "cancelled" });
    expect(world.waiting()).toEqual([]);
    expect((await world.list({ date: "2026-11-12" })).items).toMatchObject([{ state: "cancelled" }]);
    expect(world.actions(world.patientId).at(-1)).toBe("appointment.cancelled");
    // Booked again it needs the patient's word again.
    expect((await world.put()).body).toMatchObject({ state: "unconfirmed" });
    expect(world.waiting()).toHaveLength(2);
  });

  it("forgets it with its external id and voids its reminders", async () => {
    const world = await createVisitsWorld();
    await world.put();
    expect((await world.remove()).status).toBe(204);
    expect(world.waiting()).toEqual([]);
    expect((await world.get()).status).toBe(404);
    expect((await world.remove()).status).toBe(404);
    expect((await world.list({ date: "2026-11-12" })).items).toEqual([]);
    expect(world.store.items("Appointments")).toMatchObject([
      { appointments: [], expiresAtSeconds: Date.parse("2026-12-12") / 1000 },
    ]);
    expect(world.actions(world.patientId).at(-1)).toBe("appointment.removed");
  });

  it("obeys If-Match", async () => {
    const world = await createVisitsWorld();
    await world.put();
    expect((await world.remove("visit-1", { ifMatch: 2 })).status).toBe(409);
    expect((await world.remove("visit-1", { ifMatch: 1 })).status).toBe(204);
  });

  it("plans the day anew for who stays", async () => {
    const world = await createVisitsWorld();
    await world.put();
    await world.put({ startsAt: "2026-11-12T21:00:00Z" }, "visit-2");
    await world.remove();
    expect(world.waiting().map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ["reminder", "2026-11-09T21:00:00.000Z"],
      ["reminder", "2026-11-11T21:00:00.000Z"],
    ]);
  });
});

describe("places", () => {
  const entry = (id: string, kind: "location" | "provider", timeZone: string | null = null) => ({
    id,
    kind,
    name: `Name of ${id}`,
    codes: [`code-${id}`],
    timeZone,
    textName: "Riverside",
    version: 1,
    approved: null,
    proposedBy: "staff_1",
  });

  async function aWorldWithDirectory() {
    const world = await createVisitsWorld();
    const entries = [entry("loc_1", "location", "America/Phoenix"), entry("prv_1", "provider")];
    await world.prepareWith(world.vocabulary.setDirectory(entries, 0));
    return world;
  }

  it.each([
    ["id or code", "code-loc_1", "prv_1"],
    ["name, in whatever case", "Name of LOC_1", "name of prv_1"],
  ])(
    "of the directory are found by %s, and give the visit its time zone",
    async (_by, locationId, providerId) => {
      const world = await aWorldWithDirectory();
      const { body } = await world.put({ locationId, providerId });
      expect(body).toMatchObject({
        locationId: "loc_1",
        providerId: "prv_1",
        timeZone: "America/Phoenix",
        warnings: [],
      });
    },
  );

  it("that it lacks are left out, with a warning; what was given is not kept", async () => {
    const world = await aWorldWithDirectory();
    const { status, body } = await world.put({ locationId: "Canary Oncology", providerId: "loc_1" });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      locationId: null,
      providerId: null,
      timeZone: "America/Los_Angeles",
      warnings: ["unknown_location", "unknown_provider"],
    });
    expect(JSON.stringify(world.store.items("Appointments"))).not.toContain("Canary");
    // Once the directory knows it, the same request finds it.
    expect((await world.put({ locationId: "loc_1" })).body).toMatchObject({
      locationId: "loc_1",
      warnings: [],
      version: 2,
    });
  });

  it("do not decide the zone where the request names one", async () => {
    const world = await aWorldWithDirectory();
    const { body } = await world.put({ locationId: "loc_1", timeZone: "America/New_York" });
    expect(body).toMatchObject({ timeZone: "America/New_York" });
  });
});

describe("a dry run", () => {
  it("says what would come of it and writes nothing", async () => {
    const world = await createVisitsWorld();
    const put = createPutAppointment({ ...world.visits, journal: world.journalOf("import-records") });
    const fields = {
      externalId: "visit-1",
      patientId: world.patientId,
      startsAt: START,
      status: "booked",
    } as const;
    const before = world.store.items("Audit");

    expect(await put(fields, ASKING, { dryRun: true })).toMatchObject({ kind: "booked", warnings: [] });
    expect(world.store.items("Appointments")).toEqual([]);
    expect(world.store.items("Audit")).toEqual(before);

    expect(await put(fields, ASKING, { importId: "imp_1" })).toMatchObject({ kind: "booked" });
    expect(world.entries(world.patientId).at(-1)).toMatchObject({
      action: "appointment.booked",
      details: { importId: "imp_1" },
    });
    expect(await put(fields, ASKING, { dryRun: true })).toMatchObject({ kind: "unchanged" });
  });
});
