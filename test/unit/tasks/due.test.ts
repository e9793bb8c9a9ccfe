import { describe, expect, it } from "vitest";
import { isOpen, type OfficeHours, replyDueAt } from "#shared/tasks/due.ts";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"];

function hours(
  officeHours: OfficeHours["officeHours"],
  timeZone: OfficeHours["timeZone"] = "America/New_York",
): OfficeHours {
  return { timeZone, officeHours };
}

function everyWeekday(...spans: { opens: string; closes: string }[]): OfficeHours {
  return hours(Object.fromEntries(WEEKDAYS.map((day) => [day, spans])));
}

const NINE_TO_FIVE = everyWeekday({ opens: "09:00", closes: "17:00" });

function due(now: string, practice: OfficeHours): string {
  return replyDueAt(new Date(now), practice).toISOString();
}

describe("when a reply is due", () => {
  it.each([
    // Friday, 20 November 2026; New York is five hours behind.
    ["in the morning, by closing time", "2026-11-20T15:00:00Z", "2026-11-20T22:00:00.000Z"],
    ["two hours before closing, by closing time", "2026-11-20T20:00:00Z", "2026-11-20T22:00:00.000Z"],
    ["later than that, on the next open day", "2026-11-20T20:00:01Z", "2026-11-23T22:00:00.000Z"],
    ["before opening, the same day", "2026-11-20T05:30:00Z", "2026-11-20T22:00:00.000Z"],
    ["at closing time, on the next open day", "2026-11-20T22:00:00Z", "2026-11-23T22:00:00.000Z"],
    ["on a Sunday, on Monday", "2026-11-22T18:00:00Z", "2026-11-23T22:00:00.000Z"],
  ])("%s", (_when, now, at) => {
    expect(due(now, NINE_TO_FIVE)).toBe(at);
  });

  it("counts a lunch break as the end of a span, in whatever order spans are kept", () => {
    const practice = everyWeekday({ opens: "13:00", closes: "17:00" }, { opens: "08:00", closes: "12:00" });

    expect(due("2026-11-20T14:00:00Z", practice)).toBe("2026-11-20T17:00:00.000Z");
    expect(due("2026-11-20T15:30:00Z", practice)).toBe("2026-11-20T22:00:00.000Z");
    expect(due("2026-11-20T17:30:00Z", practice)).toBe("2026-11-20T22:00:00.000Z");
  });

  it("reaches a week ahead for a practice that opens once a week", () => {
    const practice = hours({ friday: [{ opens: "09:00", closes: "10:00" }] });

    expect(due("2026-11-20T14:30:00Z", practice)).toBe("2026-11-27T15:00:00.000Z");
  });

  it.each([
    ["none are known", {}],
    ["every day is closed", { monday: [] }],
  ])("is 24 hours later where %s", (_case, officeHours) => {
    expect(due("2026-11-20T15:00:00Z", hours(officeHours))).toBe("2026-11-21T15:00:00.000Z");
  });

  it("keeps to the clock on the wall when the hour is lost", () => {
    // Sunday, 8 March 2026: 02:00 becomes 03:00 in New York.
    const practice = hours({ sunday: [{ opens: "01:00", closes: "05:00" }] });

    // At 01:00 the clock promises four hours, and three pass until 05:00.
    expect(due("2026-03-08T06:00:00Z", practice)).toBe("2026-03-08T09:00:00.000Z");
    // At 01:30, two and a half hours.
    expect(due("2026-03-08T06:30:00Z", practice)).toBe("2026-03-08T09:00:00.000Z");
    // At 03:30 it is an hour and a half, whatever 01:30 said.
    expect(due("2026-03-08T07:30:00Z", practice)).toBe("2026-03-15T09:00:00.000Z");
  });

  it("passes over a span that clocks leap over", () => {
    const practice = hours({ sunday: [{ opens: "02:00", closes: "03:00" }] });

    expect(due("2026-03-07T12:00:00Z", practice)).toBe("2026-03-15T07:00:00.000Z");
    expect(due("2026-03-01T12:00:00Z", practice)).toBe("2026-03-15T07:00:00.000Z");
  });

  it("counts the hour that comes twice", () => {
    // Sunday, 1 November 2026: 02:00 becomes 01:00 in New York.
    const practice = hours({ sunday: [{ opens: "00:00", closes: "02:30" }] });

    // The first 01:00: two and a half hours until 02:30.
    expect(due("2026-11-01T05:00:00Z", practice)).toBe("2026-11-01T07:30:00.000Z");
    // The second 01:00: an hour and a half.
    expect(due("2026-11-01T06:00:00Z", practice)).toBe("2026-11-08T07:30:00.000Z");
  });

  it("goes by the practice's day, not by Greenwich's", () => {
    const practice = hours({ saturday: [{ opens: "00:00", closes: "24:00" }] }, "Pacific/Auckland");

    // Friday noon in Greenwich is Saturday 01:00 in Auckland.
    expect(due("2026-11-20T12:00:00Z", practice)).toBe("2026-11-21T11:00:00.000Z");
  });
});

describe("whether the practice is open", () => {
  it.each([
    ["2026-11-20T13:59:59Z", false],
    ["2026-11-20T14:00:00Z", true],
    ["2026-11-20T21:59:59Z", true],
    ["2026-11-20T22:00:00Z", false],
    ["2026-11-21T15:00:00Z", false],
  ])("at %s: %s", (now, open) => {
    expect(isOpen(new Date(now), NINE_TO_FIVE)).toBe(open);
  });

  it("is true until closing time of the night on which an hour comes twice", () => {
    const practice = hours({ sunday: [{ opens: "00:00", closes: "02:30" }] });

    expect(isOpen(new Date("2026-11-01T07:29:00Z"), practice)).toBe(true);
    expect(isOpen(new Date("2026-11-01T07:30:00Z"), practice)).toBe(false);
  });

  it("is an hour shorter on the night that loses one", () => {
    const practice = hours({ sunday: [{ opens: "01:00", closes: "03:30" }] });

    expect(isOpen(new Date("2026-03-08T06:00:00Z"), practice)).toBe(true);
    expect(isOpen(new Date("2026-03-08T07:29:00Z"), practice)).toBe(true);
    expect(isOpen(new Date("2026-03-08T07:30:00Z"), practice)).toBe(false);
  });

  it("is false without office hours", () => {
    expect(isOpen(new Date("2026-11-20T15:00:00Z"), hours({}))).toBe(false);
  });
});
