import { describe, expect, it } from "vitest";
import { createVisitsWorld, type VisitsWorld } from "./world.ts";

const STARTS = [12, 13, 14, 15].map((day) => `2026-11-${day}T18:00:00.000Z`);

/** Every day on which the visit stands, and what waits to leave. */
function standing(world: VisitsWorld) {
  const days = world.store
    .items("Appointments")
    .filter(({ sk }) => String(sk).startsWith("day#"))
    .filter(({ appointments }) => (appointments as readonly unknown[]).length > 0);
  const valid = days.flatMap(({ reminders }) =>
    (reminders as readonly { readonly alertId: string }[]).map(({ alertId }) => alertId),
  );
  const waiting = world.alerts().flatMap(({ id, status }) => (status === "deferred" ? [id] : []));
  return { days: days.map(({ day }) => String(day)), valid: valid.toSorted(), waiting: waiting.toSorted() };
}

describe("a visit that is put from several sides at once", () => {
  it("stands on one day in the end, with the reminders of that day alone", async () => {
    const world = await createVisitsWorld();
    const answers = await Promise.all(STARTS.map((startsAt) => world.put({ startsAt })));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 200, 200, 201,
    ]);
    const { days, valid, waiting } = standing(world);
    expect(days).toHaveLength(1);
    expect(valid).toHaveLength(2);
    expect(waiting).toEqual(valid);
    expect((await world.get()).body).toMatchObject({ day: days[0], version: 4 });
  });

  it("is changed by one of those that know the same version", async () => {
    const world = await createVisitsWorld();
    await world.put();
    const answers = await Promise.all(
      STARTS.slice(1).map((startsAt) => world.put({ startsAt }, "visit-1", { ifMatch: 1 })),
    );
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 409, 409,
    ]);
  });

  it("ends at the newest version of its system, whatever comes first", async () => {
    const world = await createVisitsWorld();
    await Promise.all(STARTS.map((startsAt, sourceVersion) => world.put({ startsAt, sourceVersion })));
    expect((await world.get()).body).toMatchObject({ startsAt: STARTS.at(-1), sourceVersion: 3 });
    expect(standing(world).waiting).toHaveLength(2);
  });

  it("and removed at the same time is there whole, or not at all", async () => {
    const world = await createVisitsWorld();
    await world.put();
    await Promise.all([world.put({ startsAt: STARTS[1] }), world.remove()]);
    const { days, valid, waiting } = standing(world);
    expect(waiting).toEqual(valid);
    expect((await world.get()).status).toBe(days.length === 0 ? 404 : 200);
  });
});

describe("several visits of one day at once", () => {
  it("are all kept, and share their reminders", async () => {
    const world = await createVisitsWorld();
    await Promise.all(
      [0, 1, 2].map((hour) => world.put({ startsAt: `2026-11-12T2${hour}:00:00Z` }, `v-${hour}`)),
    );
    const { valid, waiting } = standing(world);
    expect((await world.day("2026-11-12"))?.appointments).toHaveLength(3);
    expect(waiting).toEqual(valid);
    expect(world.waiting().map(({ kind }) => kind)).toEqual(["reminder-several", "reminder-several"]);
  });
});

describe("many requests about one patient", () => {
  it("all come through, as an import sends them", async () => {
    const world = await createVisitsWorld();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, number) =>
        world.put({ startsAt: `2026-11-12T20:${10 + number}:00Z` }, `v-${number}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const { valid, waiting } = standing(world);
    expect(waiting).toEqual(valid);
  });
});

describe("a reminder that is claimed while its visit moves", () => {
  it("is known to have left: the change sees it and leaves it", async () => {
    const world = await createVisitsWorld();
    const { body } = await world.put();
    const claimed = String(body.reminders[0]?.alertId);
    let claims = 0;
    // The claim comes between the change's reading of the alerts and its commit.
    world.store.setIntercept(async ({ action }) => {
      if (action !== "TransactWriteItems" || claims > 0) return;
      claims += 1;
      await world.ask(claimed, "sending");
    });
    const moved = await world.put({ startsAt: "2026-11-12T19:00:00Z" });
    world.store.setIntercept(undefined);
    expect(moved.status).toBe(200);
    expect(claims).toBe(1);
    expect((await world.alert(world.patientId, claimed)).status).toBe("sending");
    expect(world.waiting().map(({ offsetHours }) => offsetHours)).toEqual([72, 24]);
  });
});
