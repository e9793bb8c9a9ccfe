import { describe, expect, it } from "vitest";
import { clockMinutes, dayOf, daysBefore, localTime, momentOf } from "#shared/domain/sending/local-time.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** Every zone with a night in which its clocks change, or with none (two ordinary nights). */
const NIGHTS = [
  ["America/New_York", "2026-03-08", "2026-11-01"],
  ["America/Los_Angeles", "2026-03-08", "2026-11-01"],
  ["America/Phoenix", "2026-03-08", "2026-11-01"],
  ["Pacific/Honolulu", "2026-03-08", "2026-11-01"],
  ["America/Puerto_Rico", "2026-03-08", "2026-11-01"],
  ["Pacific/Guam", "2026-03-08", "2026-11-01"],
  // Half an hour, in southern seasons.
  ["Australia/Lord_Howe", "2026-10-04", "2026-04-05"],
  ["Asia/Kathmandu", "2026-03-08", "2026-11-01"],
  // Clocks leap at midnight: the day begins at 01:00.
  ["America/Havana", "2026-03-08", "2026-11-01"],
] as const;

describe("what clocks show", () => {
  it.each([
    ["America/New_York", "2026-11-22", "sunday", "07:00"],
    ["America/Los_Angeles", "2026-11-22", "sunday", "04:00"],
    ["America/Phoenix", "2026-11-22", "sunday", "05:00"],
    ["Pacific/Honolulu", "2026-11-22", "sunday", "02:00"],
    ["America/Puerto_Rico", "2026-11-22", "sunday", "08:00"],
    ["Pacific/Guam", "2026-11-22", "sunday", "22:00"],
    ["Australia/Lord_Howe", "2026-11-22", "sunday", "23:00"],
    ["Asia/Kathmandu", "2026-11-22", "sunday", "17:45"],
    ["Pacific/Kiritimati", "2026-11-23", "monday", "02:00"],
  ])("in %s at noon of UTC: %s, %s, %s", (timeZone, day, weekday, clock) => {
    expect(localTime(new Date("2026-11-22T12:00:59.999Z"), timeZone)).toEqual({
      day,
      weekday,
      minutes: clockMinutes(clock),
    });
  });

  it("at midnight is the first minute of the new day", () => {
    expect(localTime(new Date("2026-11-23T05:00:00Z"), "America/New_York")).toEqual({
      day: "2026-11-23",
      weekday: "monday",
      minutes: 0,
    });
    expect(dayOf(new Date("2026-11-23T04:59:59.999Z"), "America/New_York")).toBe("2026-11-22");
  });
});

describe("calendar days", () => {
  it.each([
    ["2026-03-01", 1, "2026-02-28"],
    ["2028-03-01", 1, "2028-02-29"],
    ["2026-12-31", -1, "2027-01-01"],
    ["2026-11-01", 7, "2026-10-25"],
  ])("%s less %s is %s", (day, count, before) => {
    expect(daysBefore(day, count)).toBe(before);
  });
});

describe("the moment of a clock time", () => {
  it.each([
    ["America/New_York", "2026-07-01", "08:00", "2026-07-01T12:00:00.000Z"],
    ["America/New_York", "2026-12-01", "08:00", "2026-12-01T13:00:00.000Z"],
    ["America/New_York", "2026-12-01", "24:00", "2026-12-02T05:00:00.000Z"],
    ["America/Phoenix", "2026-07-01", "08:00", "2026-07-01T15:00:00.000Z"],
    ["Pacific/Honolulu", "2026-07-01", "20:00", "2026-07-02T06:00:00.000Z"],
    ["Pacific/Guam", "2026-07-01", "08:00", "2026-06-30T22:00:00.000Z"],
    ["Asia/Kathmandu", "2026-07-01", "08:00", "2026-07-01T02:15:00.000Z"],
    // Skipped: the moment of the leap.
    ["America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00:00.000Z"],
    ["Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30:00.000Z"],
    ["America/Havana", "2026-03-08", "00:30", "2026-03-08T05:00:00.000Z"],
    // Shown twice: the first.
    ["America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00.000Z"],
    ["Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00.000Z"],
    // Just outside of both.
    ["America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00:00.000Z"],
    ["America/New_York", "2026-03-08", "01:59", "2026-03-08T06:59:00.000Z"],
    ["America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00:00.000Z"],
  ])("in %s on %s at %s is %s", (timeZone, day, clock, moment) => {
    expect(momentOf(day, clockMinutes(clock), timeZone).toISOString()).toBe(moment);
  });

  it.each(NIGHTS.flatMap(([timeZone, ...days]) => days.map((day) => [timeZone, day] as const)))(
    "in %s is the first minute that shows that time or a later one, all through %s",
    (timeZone, day) => {
      // A walk along the clock, minute by minute, in place of arithmetic.
      const start = Date.parse(`${daysBefore(day, 1)}T00:00:00Z`);
      const firstAt: number[] = [];
      for (let at = start; at < start + 3 * DAY_MINUTES * MINUTE_MS; at += MINUTE_MS) {
        const shown = localTime(new Date(at), timeZone);
        if (shown.day !== day) continue;
        for (let minutes = shown.minutes; minutes >= 0 && firstAt[minutes] === undefined; minutes -= 1) {
          firstAt[minutes] = at;
        }
      }

      expect(firstAt).toHaveLength(DAY_MINUTES);
      for (let minutes = 0; minutes < DAY_MINUTES; minutes += 5) {
        expect(momentOf(day, minutes, timeZone).getTime()).toBe(firstAt[minutes]);
      }
    },
  );
});
