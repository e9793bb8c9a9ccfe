import { describe, expect, it } from "vitest";
import { createVisitsWorld, type VisitsWorld } from "./world.ts";

const DATE = "2026-11-12";

/** Five patients with a visit each, one of them with three, from ten in the morning on. */
async function aBusyDay() {
  const world = await createVisitsWorld();
  const ids = [world.patientId];
  for (const number of [2, 3, 4, 5]) {
    ids.push(await world.register({ externalId: `MRN-${number}`, mobilePhone: `+1206555010${number}` }));
  }
  for (const [index, patientId] of ids.entries()) {
    await world.put({ patientId, startsAt: `2026-11-12T18:0${index}:00Z` }, `visit-${index}`);
  }
  const patientId = ids[2];
  await world.put({ patientId, startsAt: "2026-11-12T20:00:00Z" }, "visit-2b");
  await world.put({ patientId, startsAt: "2026-11-12T22:00:00Z", status: "confirmed" }, "visit-2c");
  return world;
}

const BY_TIME = ["visit-0", "visit-1", "visit-2", "visit-3", "visit-4", "visit-2b", "visit-2c"];
/** As pages go: all visits of a patient one after the other. */
const BY_PATIENT = ["visit-0", "visit-1", "visit-2", "visit-2b", "visit-2c", "visit-3", "visit-4"];

async function walk(
  world: VisitsWorld,
  query: Record<string, string>,
): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<VisitsWorld["list"]>> = await world.list({
      date: DATE,
      ...query,
      ...(cursor === null ? {} : { cursor }),
    });
    expect(page.status).toBe(200);
    pages.push(page.items.map(({ externalId }) => externalId));
    cursor = page.nextCursor;
  } while (cursor !== null && pages.length < 30);
  return pages;
}

describe("the visits of a day", () => {
  it("are listed by their time, with the ids that their system gave them", async () => {
    const world = await aBusyDay();
    const { items, nextCursor } = await world.list({ date: DATE });
    expect(items.map(({ externalId }) => externalId)).toEqual(BY_TIME);
    expect(items.at(-1)).toMatchObject({ state: "confirmed", warnings: [] });
    expect(nextCursor).toBeNull();
    expect((await world.list({ date: "2026-11-13" })).items).toEqual([]);
  });

  it.each(["1", "2", "3", "4", "6", "7"])(
    "come in pages of %s by each patient's first visit, and within a page by time, each visit once",
    async (limit) => {
      const world = await aBusyDay();
      const pages = await walk(world, { limit });
      const size = Number(limit);
      const parts = Array.from({ length: Math.ceil(BY_PATIENT.length / size) }, (_part, number) =>
        BY_PATIENT.slice(number * size, (number + 1) * size),
      );
      // The last page may be empty: nobody knew that it was the last.
      expect(pages.filter((page) => page.length > 0)).toEqual(
        parts.map((part) => BY_TIME.filter((id) => part.includes(id))),
      );
    },
  );

  it("can be asked for by state: the no-reply list of the day before", async () => {
    const world = await aBusyDay();
    const [first] = (await world.get("visit-0")).body.reminders;
    await world.ask(String(first?.alertId));
    expect((await walk(world, { state: "no-reply" })).flat()).toEqual(["visit-0"]);
    expect((await walk(world, { state: "confirmed", limit: "1" })).flat()).toEqual(["visit-2c"]);
    expect((await walk(world, { state: "unconfirmed", limit: "2" })).flat().toSorted()).toEqual(
      BY_PATIENT.filter((id) => !["visit-0", "visit-2c"].includes(id)).toSorted(),
    );
    expect((await walk(world, { state: "change-requested" })).flat()).toEqual([]);
  });

  it("can be asked for by who has not answered, whether a reminder left or not", async () => {
    const world = await aBusyDay();
    const [first] = (await world.get("visit-0")).body.reminders;
    await world.ask(String(first?.alertId));
    // Neither is to be called: one is off, one has just come.
    await world.put({ startsAt: "2026-11-12T23:00:00Z", status: "cancelled" }, "visit-off");
    await world.put({ startsAt: "2026-11-12T23:30:00Z", status: "arrived" }, "visit-come");
    const unanswered = BY_TIME.filter((id) => id !== "visit-2c");
    expect((await walk(world, { state: "unanswered" })).flat()).toEqual(unanswered);
    expect((await walk(world, { state: "unanswered", limit: "1" })).flat().toSorted()).toEqual(
      unanswered.toSorted(),
    );
    const { items } = await world.list({ date: DATE, state: "unanswered" });
    expect(
      items.map(({ state }) => state).toSorted((one, other) => (String(one) < String(other) ? -1 : 1)),
    ).toEqual(["no-reply", ...Array(5).fill("unconfirmed")]);
  });

  it("go on where a page ended though its last visit is gone since", async () => {
    const world = await aBusyDay();
    const page = await world.list({ date: DATE, limit: "2" });
    await world.remove("visit-1");
    const rest = await world.list({ date: DATE, cursor: String(page.nextCursor) });
    expect(rest.items.map(({ externalId }) => externalId)).toEqual(
      BY_TIME.filter((id) => BY_PATIENT.slice(2).includes(id)),
    );
  });

  it("are on record in the reader's chain before any external id is opened", async () => {
    const world = await aBusyDay();
    const before = world.store.calls.length;
    await world.list({ date: DATE, state: "unconfirmed" });
    const calls = world.store.calls.slice(before).map(({ action }) => action);
    expect(calls.indexOf("TransactWriteItems")).toBeLessThan(calls.indexOf("Decrypt"));
    expect(calls.filter((action) => action === "Decrypt")).toHaveLength(6);
    expect(world.entries("actor#staff_1").at(-1)).toMatchObject({
      action: "appointments.listed",
      role: "clinician",
      // Who has several visits stands once.
      details: { day: DATE, state: "unconfirmed", count: 6, patientIds: { length: 5 } },
    });
  });

  it("are not shown where the reading cannot be recorded", async () => {
    const world = await aBusyDay();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("no audit");
    });
    expect(await world.list({ date: DATE })).toMatchObject({ status: 500, items: [] });
    expect((await world.get("visit-0")).status).toBe(500);
  });

  it.each([
    {},
    { date: "2026-02-30" },
    { date: "tomorrow" },
    { date: DATE, state: "maybe" },
    { date: DATE, limit: "0" },
    { date: DATE, limit: "101" },
    { date: DATE, cursor: "x" },
    { date: DATE, patientId: "pat_1" },
  ])("are refused for %j", async (query) => {
    const world = await createVisitsWorld();
    expect((await world.list(query as Record<string, string>)).status).toBe(400);
  });

  it.each(["admin", "compliance", "auditor"])("are not for the role %s", async (roles) => {
    const world = await createVisitsWorld();
    expect((await world.list({ date: DATE }, roles)).status).toBe(403);
    expect((await world.get("visit-1", roles)).status).toBe(403);
  });
});

describe("reading one visit", () => {
  it("is on record in the patient's chain", async () => {
    const world = await createVisitsWorld();
    const { body } = await world.put();
    await world.get();
    expect(world.entries(world.patientId).at(-1)).toMatchObject({
      action: "appointment.read",
      role: "clinician",
      details: { appointmentId: body["id"] },
    });
  });

  it("that is not there finds nothing", async () => {
    expect((await (await createVisitsWorld()).get("visit-9")).status).toBe(404);
  });
});
