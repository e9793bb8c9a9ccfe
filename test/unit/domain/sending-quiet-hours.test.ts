import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockMinutes, localTime } from "#shared/domain/sending/local-time.ts";
import { nextSendingTime, SENDING_HOURS_DEFAULT } from "#shared/domain/sending/quiet-hours.ts";

const HOUR_MS = 60 * 60 * 1000;
const ZONES = [
  "America/New_York",
  "America/Los_Angeles",
  "America/Phoenix",
  "Pacific/Honolulu",
  "America/Puerto_Rico",
  "Pacific/Guam",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
];
/** Nights in which clocks change somewhere among them. */
const CHANGES = ["2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04"].map((day) => Date.parse(day));

describe("the next time at which texts may leave", () => {
  it.each([
    ["within the hours: at once", "2026-07-01T12:00:00.000Z", "2026-07-01T12:00:00.000Z"],
    ["in their last millisecond: at once", "2026-07-02T00:59:59.999Z", "2026-07-02T00:59:59.999Z"],
    ["at their end: the next morning", "2026-07-02T01:00:00.000Z", "2026-07-02T12:00:00.000Z"],
    ["just before them: the same morning", "2026-07-01T11:59:59.999Z", "2026-07-01T12:00:00.000Z"],
    // The night has 23 and 25 hours.
    ["in the night to summer time", "2026-03-08T04:30:00.000Z", "2026-03-08T12:00:00.000Z"],
    ["in the night from summer time", "2026-11-01T03:30:00.000Z", "2026-11-01T13:00:00.000Z"],
    ["after the leap", "2026-03-08T07:00:00.000Z", "2026-03-08T12:00:00.000Z"],
    ["in the hour that is shown twice", "2026-11-01T06:30:00.000Z", "2026-11-01T13:00:00.000Z"],
  ])("%s", (_name, at, next) => {
    expect(nextSendingTime(new Date(at), SENDING_HOURS_DEFAULT, "America/New_York").toISOString()).toBe(next);
  });

  it("is the second 01:30 where the first is over", () => {
    const hours = { from: "01:30", to: "20:00" };

    // 01:15 and a half, the second time.
    const next = nextSendingTime(new Date("2026-11-01T06:15:30.000Z"), hours, "America/New_York");

    expect(next.toISOString()).toBe("2026-11-01T06:30:00.000Z");
  });

  it("is within the hours, not before, and at most a day and an hour later", () => {
    const clock = (minutes: number) =>
      `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    // Two hours at least: shorter ones may fall into the hour that a night leaves out.
    const anyHours = fc
      .tuple(fc.nat({ max: 22 * 60 - 1 }), fc.nat({ max: 22 * 60 }))
      .map(([from, longer]) => ({ from: clock(from), to: clock(Math.min(from + 120 + longer, 24 * 60)) }));
    const moment = fc
      .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -24 * HOUR_MS, max: 48 * HOUR_MS }))
      .map(([change, offset]) => new Date(change + offset));
    fc.assert(
      fc.property(
        moment,
        fc.oneof(fc.constant(SENDING_HOURS_DEFAULT), anyHours),
        fc.constantFrom(...ZONES),
        (at, hours, timeZone) => {
          const next = nextSendingTime(at, hours, timeZone);

          const { minutes } = localTime(next, timeZone);
          const waits = next.getTime() - at.getTime();
          expect(minutes >= clockMinutes(hours.from) && minutes < clockMinutes(hours.to)).toBe(true);
          expect(waits >= 0 && waits <= 25 * HOUR_MS).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
