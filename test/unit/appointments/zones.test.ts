import { describe, expect, it } from "vitest";
import { createVisitsWorld } from "./world.ts";

describe("the day of a visit is that of its zone", () => {
  it.each([
    // The evening of the mainland is tomorrow in Guam, which is ahead by 15 hours from New York in winter.
    ["Pacific/Guam", "2026-12-01T22:30:00Z", "2026-12-02"],
    ["America/New_York", "2026-12-02T03:30:00Z", "2026-12-01"],
    // Puerto Rico has New York's winter clock an hour ahead, and the same in summer.
    ["America/Puerto_Rico", "2026-12-02T03:59:00Z", "2026-12-01"],
    ["America/Puerto_Rico", "2026-12-02T04:00:00Z", "2026-12-02"],
    ["America/Puerto_Rico", "2027-07-02T04:00:00Z", "2027-07-02"],
    // Arizona has no summer time, but the Navajo Nation there has.
    ["America/Phoenix", "2027-07-02T06:59:00Z", "2027-07-01"],
    ["America/Phoenix", "2027-07-02T07:00:00Z", "2027-07-02"],
    ["America/Denver", "2027-07-02T06:00:00Z", "2027-07-02"],
    // The night in spring: 01:59 EST, then 03:00 EDT.
    ["America/New_York", "2027-03-14T06:59:00Z", "2027-03-14"],
    ["America/New_York", "2027-03-14T07:00:00Z", "2027-03-14"],
    ["America/New_York", "2027-03-15T03:59:00Z", "2027-03-14"],
    ["America/New_York", "2027-03-15T04:00:00Z", "2027-03-15"],
    // The night in autumn: 01:30 twice.
    ["America/New_York", "2027-11-07T05:30:00Z", "2027-11-07"],
    ["America/New_York", "2027-11-07T06:30:00Z", "2027-11-07"],
    ["America/New_York", "2027-11-08T04:59:00Z", "2027-11-07"],
    ["America/New_York", "2027-11-08T05:00:00Z", "2027-11-08"],
    // Leap day and the year's end.
    ["America/Chicago", "2028-02-29T18:00:00Z", "2028-02-29"],
    ["America/Chicago", "2028-03-01T05:59:00Z", "2028-02-29"],
    ["America/Los_Angeles", "2027-01-01T07:59:00Z", "2026-12-31"],
    ["America/Los_Angeles", "2027-01-01T08:00:00Z", "2027-01-01"],
  ])("%s at %s: %s", async (timeZone, startsAt, day) => {
    const world = await createVisitsWorld();
    const { body } = await world.put({ startsAt, timeZone });
    expect(body).toMatchObject({ day, timeZone });
    expect((await world.list({ date: day })).items).toHaveLength(1);
  });

  it.each([
    // 09:00 on the Sunday after clocks leapt: a day has 23 hours, so the reminder was due at 08:00 on Saturday.
    ["spring", "2027-03-14T13:00:00Z", "2027-03-13T13:00:00.000Z"],
    // 09:00 on the Sunday with an hour more: due at 10:00 on Saturday.
    ["autumn", "2027-11-07T14:00:00Z", "2027-11-06T14:00:00.000Z"],
  ])("a reminder counts elapsed hours over the night in %s", async (_name, startsAt, dueAt) => {
    const world = await createVisitsWorld();
    await world.put({ startsAt, timeZone: "America/New_York", reminderOffsets: [24] });
    expect(world.waiting()).toMatchObject([{ dueAt, expiresAt: new Date(startsAt).toISOString() }]);
  });

  it("keeps two visits that clocks show at the same time apart", async () => {
    const world = await createVisitsWorld();
    const zone = { timeZone: "America/New_York" };
    await world.put({ startsAt: "2027-11-07T05:30:00Z", ...zone }, "first");
    await world.put({ startsAt: "2027-11-07T06:30:00Z", ...zone }, "second");
    const { items } = await world.list({ date: "2027-11-07" });
    expect(items.map(({ externalId }) => externalId)).toEqual(["first", "second"]);
    expect(world.waiting().map(({ dueAt }) => dueAt)).toEqual([
      "2027-11-04T05:30:00.000Z",
      "2027-11-06T05:30:00.000Z",
    ]);
  });

  it("a day has the zone of its first booked visit", async () => {
    const world = await createVisitsWorld();
    await world.put({ startsAt: "2026-11-12T20:00:00Z", timeZone: "America/Denver" }, "later");
    await world.put({ startsAt: "2026-11-12T18:00:00Z", timeZone: "America/Phoenix" }, "first");
    expect(await world.day("2026-11-12")).toMatchObject({ timeZone: "America/Phoenix" });
    await world.put(
      { startsAt: "2026-11-12T18:00:00Z", timeZone: "America/Phoenix", status: "cancelled" },
      "first",
    );
    expect(await world.day("2026-11-12")).toMatchObject({ timeZone: "America/Denver" });
  });

  it("another zone can be another day: the visit moves, and its reminders with it", async () => {
    const world = await createVisitsWorld();
    const startsAt = "2026-11-12T22:30:00Z";
    await world.put({ startsAt, timeZone: "America/New_York" });
    const { body } = await world.put({ startsAt, timeZone: "Pacific/Guam" });
    expect(body).toMatchObject({ day: "2026-11-13", version: 2 });
    expect(world.waiting()).toHaveLength(2);
    expect((await world.list({ date: "2026-11-12" })).items).toEqual([]);
  });
});
