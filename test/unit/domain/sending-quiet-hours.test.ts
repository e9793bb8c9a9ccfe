import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockMinutes, localTime } from "#shared/domain/sending/local-time.ts";
import {
  nextSendingTime,
  SENDING_HOURS_DEFAULT,
  sendingMinutes,
} from "#shared/domain/sending/quiet-hours.ts";

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

describe("hours that a patient wants quiet", () => {
  const QUIET = { from: "19:00", to: "10:30" };
  const NOON = { from: "11:00", to: "14:00" };

  it.each([
    ["outside of them: at once", QUIET, "2026-07-01T15:00:00.000Z", "2026-07-01T15:00:00.000Z"],
    [
      "from their first minute: until their end",
      QUIET,
      "2026-07-01T23:00:00.000Z",
      "2026-07-02T14:30:00.000Z",
    ],
    ["after midnight: until their end", QUIET, "2026-07-02T12:30:00.000Z", "2026-07-02T14:30:00.000Z"],
    [
      "in the practice's night: not before both are over",
      QUIET,
      "2026-07-02T03:00:00.000Z",
      "2026-07-02T14:30:00.000Z",
    ],
    ["at noon: until their end", NOON, "2026-07-01T16:00:00.000Z", "2026-07-01T18:00:00.000Z"],
    ["in the night, where they are at noon", NOON, "2026-07-02T02:00:00.000Z", "2026-07-02T12:00:00.000Z"],
    // They end after the practice's day.
    ["over its end", { from: "20:00", to: "23:00" }, "2026-07-02T00:30:00.000Z", "2026-07-02T12:00:00.000Z"],
    [
      "in the night to summer time",
      { from: "20:00", to: "09:00" },
      "2026-03-08T04:30:00.000Z",
      "2026-03-08T13:00:00.000Z",
    ],
  ])("%s", (_name, quiet, at, next) => {
    const found = nextSendingTime(new Date(at), SENDING_HOURS_DEFAULT, "America/New_York", quiet);

    expect(found.toISOString()).toBe(next);
  });

  it("put off without end where they leave no time, a few days at a time", () => {
    const at = new Date("2026-07-01T15:00:00.000Z");
    const next = nextSendingTime(at, SENDING_HOURS_DEFAULT, "America/New_York", {
      from: "08:00",
      to: "21:00",
    });

    expect(next.getTime() - at.getTime()).toBeGreaterThan(24 * HOUR_MS);
  });

  it("find a time outside of them, and none of the practice's night, in every zone", () => {
    const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => {
      const [hours, minutes] = [Math.floor(quarter / 4), (quarter % 4) * 15];
      return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
    });
    const day = fc.constantFrom(...CHANGES, Date.parse("2026-07-01"));
    fc.assert(
      fc.property(
        clock,
        clock,
        fc.constantFrom(...ZONES),
        day,
        fc.integer({ min: 0, max: 48 * 60 }),
        (from, to, zone, start, minute) => {
          const quiet = { from, to };
          fc.pre(sendingMinutes(SENDING_HOURS_DEFAULT, quiet) >= 120);
          const at = new Date(start + minute * 60_000);
          const next = nextSendingTime(at, SENDING_HOURS_DEFAULT, zone, quiet);
          const { minutes } = localTime(next, zone);
          const [first, last] = [clockMinutes(from), clockMinutes(to)];
          const isQuiet =
            first < last ? minutes >= first && minutes < last : minutes >= first || minutes < last;
          expect(next >= at && next.getTime() - at.getTime() < 40 * HOUR_MS).toBe(true);
          expect(isQuiet || minutes < 8 * 60 || minutes >= 21 * 60).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ from: "21:00", to: "08:00" }, 780],
    [{ from: "10:00", to: "08:00" }, 120],
    [{ from: "09:59", to: "08:00" }, 119],
    [{ from: "12:00", to: "13:00" }, 720],
    [{ from: "07:00", to: "22:00" }, 0],
    [{ from: "12:00", to: "12:00" }, 0],
  ])("%o leave %i minutes of the practice's day", (quiet, minutes) => {
    expect(sendingMinutes(SENDING_HOURS_DEFAULT, quiet)).toBe(minutes);
  });
});
