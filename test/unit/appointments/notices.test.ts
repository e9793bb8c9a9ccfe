import { describe, expect, it } from "vitest";
import { createVisitsWorld } from "./world.ts";

const ALL = { visitNotices: ["booked", "moved", "cancelled"] };
const START = "2026-11-12T18:00:00.000Z";
const LATER = "2026-11-12T19:00:00.000Z";
const OTHER_DAY = "2026-11-13T18:00:00.000Z";

async function aWorldWithNotices(settings: object = ALL) {
  const world = await createVisitsWorld();
  await world.set(settings);
  const notices = () =>
    world
      .alerts()
      .filter(({ kind }) => kind.startsWith("visit-"))
      .map(({ kind, status, slots }) => [kind, status, slots?.at])
      // By the visit's time, then by kind: ids of one moment have no order.
      .toSorted(([kind, status, at], other) =>
        `${at} ${kind} ${status}` < `${other[2]} ${other[0]} ${other[1]}` ? -1 : 1,
      );
  return { ...world, notices };
}

describe("a notice", () => {
  it("is none unless the practice wants any", async () => {
    const world = await aWorldWithNotices({});
    await world.put();
    await world.put({ startsAt: LATER });
    await world.remove();
    expect(world.notices()).toEqual([]);
  });

  it("of a new visit is due now, ends when the visit begins, and names no other place than the visit's", async () => {
    const world = await aWorldWithNotices();
    await world.put();
    const [alert] = world.alerts().filter(({ kind }) => kind === "visit-booked");
    expect(alert).toMatchObject({
      status: "deferred",
      dueAt: world.clock.iso(),
      heldUntil: world.clock.iso(),
      expiresAt: START,
      visitDay: "2026-11-12",
      offsetHours: null,
      purpose: "scheduling",
      slots: { location: null, provider: null, pharmacy: null, at: START },
    });
    expect((await world.get()).body.reminders.map(({ alertId }) => alertId)).not.toContain(alert?.id);
    expect((await world.day("2026-11-12"))?.notices).toMatchObject([{ alertId: alert?.id }]);
  });

  it("tells a visit that moved, on the day or to another, once the patient knows of it", async () => {
    const world = await aWorldWithNotices();
    await world.put();
    const [booked] = (await world.day("2026-11-12"))?.notices ?? [];
    await world.ask(String(booked?.alertId));
    await world.put({ startsAt: LATER });
    await world.put({ startsAt: OTHER_DAY });
    expect(world.notices()).toEqual([
      ["visit-booked", "sent", START],
      ["visit-moved", "blocked", LATER],
      ["visit-moved", "deferred", OTHER_DAY],
    ]);
    expect(await world.day("2026-11-12")).toMatchObject({ notices: [] });
  });

  it("that never left is replaced by one of the same kind, and a visit nobody heard of is cancelled in silence", async () => {
    const world = await aWorldWithNotices();
    await world.put();
    await world.put({ startsAt: LATER });
    expect(world.notices()).toEqual([
      ["visit-booked", "blocked", START],
      ["visit-booked", "deferred", LATER],
    ]);
    await world.put({ startsAt: LATER, status: "cancelled" });
    expect(world.notices().map(([kind, status]) => [kind, status])).toEqual([
      ["visit-booked", "blocked"],
      ["visit-booked", "blocked"],
    ]);
  });

  it.each(["cancelled", "removed"])("tells that a visit was %s, of its own time", async (how) => {
    const world = await aWorldWithNotices({ visitNotices: ["cancelled"] });
    await world.put();
    if (how === "removed") await world.remove();
    else await world.put({ status: "cancelled" });
    expect(world.notices()).toEqual([["visit-cancelled", "deferred", START]]);
    expect(world.waiting()).toHaveLength(1);
  });

  it("is void where the visit stands again before it left", async () => {
    const world = await aWorldWithNotices({ visitNotices: ["cancelled", "booked"] });
    await world.put();
    const [booked] = (await world.day("2026-11-12"))?.notices ?? [];
    await world.ask(String(booked?.alertId));
    await world.put({ status: "cancelled" });
    await world.put({ status: "booked" });
    expect(world.notices().map(([kind, status]) => [kind, status])).toEqual([
      ["visit-booked", "sent"],
      ["visit-cancelled", "blocked"],
    ]);
  });

  it("is none of a visit that is over, nor of one that is pending", async () => {
    const world = await aWorldWithNotices();
    await world.put({ startsAt: "2026-11-03T18:00:00Z" });
    await world.put({ startsAt: "2026-11-03T18:00:00Z", status: "cancelled" });
    await world.put({ status: "pending" }, "visit-2");
    await world.put({ status: "cancelled" }, "visit-2");
    expect(world.notices()).toEqual([]);
  });

  it("is none where a reminder of the same leaves at once", async () => {
    const world = await aWorldWithNotices();
    await world.put({ startsAt: "2026-11-05T13:00:00Z" });
    expect(world.waiting()).toMatchObject([{ kind: "reminder", dueAt: world.clock.iso() }]);
    expect(world.notices()).toEqual([]);
  });

  it("that finds too many of the day waiting is left out on record", async () => {
    const world = await aWorldWithNotices({ visitNotices: ["cancelled"] });
    for (let count = 1; count <= 21; count += 1) {
      await world.put({}, `visit-${count}`);
      await world.remove(`visit-${count}`);
    }
    const removals = world
      .entries(world.patientId)
      .filter(({ action }) => action === "appointment.removed")
      .map(({ details }) => details?.["untold"] ?? null);
    expect(removals).toEqual([...Array(20).fill(null), "visit-cancelled"]);
    expect(world.notices()).toHaveLength(20);
  });

  it("stays where only the place changes", async () => {
    const world = await aWorldWithNotices();
    await world.put();
    await world.put({ reminderOffsets: [24] });
    expect(world.notices()).toEqual([["visit-booked", "deferred", START]]);
  });
});
