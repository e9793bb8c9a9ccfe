import { describe, expect, it } from "vitest";
import { nextOpening } from "#infra/local/opening-time.ts";

const opening = (now: string, timeZone: string) => {
  const found = nextOpening(Date.parse(now), timeZone);
  return found === undefined ? undefined : new Date(found.atMs).toISOString();
};

describe("the clock of a host that starts", () => {
  it.each([
    ["at four in the morning", "2026-06-10T08:00:30.250Z", "America/New_York", "2026-06-10T17:00:00.000Z"],
    ["in the evening", "2026-06-10T22:00:00Z", "America/New_York", "2026-06-11T17:00:00.000Z"],
    ["just before noon", "2026-06-10T15:59:59.999Z", "America/New_York", "2026-06-10T17:00:00.000Z"],
    ["at noon", "2026-06-10T16:00:00Z", "America/New_York", undefined],
    ["just before six", "2026-06-10T21:59:59.999Z", "America/New_York", undefined],
    ["the night before summer time", "2026-03-08T03:00:00Z", "America/New_York", "2026-03-08T17:00:00.000Z"],
    ["the night before winter time", "2026-11-01T03:00:00Z", "America/New_York", "2026-11-01T18:00:00.000Z"],
    ["on the last evening of a year", "2026-12-31T23:30:00Z", "America/Chicago", undefined],
    ["at that year's end", "2027-01-01T01:00:00Z", "America/Chicago", "2027-01-01T19:00:00.000Z"],
    ["where the date is another one", "2026-06-10T09:00:00Z", "Pacific/Auckland", "2026-06-11T01:00:00.000Z"],
    ["where the offset is no full hour", "2026-06-10T20:00:00Z", "Asia/Kolkata", "2026-06-11T07:30:00.000Z"],
  ])("%s stands at the next 13:00 there, and by day at the machine's", (_, now, timeZone, expected) => {
    expect(opening(now, timeZone)).toBe(expected);
  });

  it("cannot be worked out in a time zone that there is not", () => {
    expect(() => nextOpening(0, "America/Nowhere")).toThrow(RangeError);
  });
});
