import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CAPS_DEFAULT, capClassOf, capFor, withinCapSpan } from "#shared/domain/sending/caps.ts";
import { dayOf, daysBefore, momentOf } from "#shared/domain/sending/local-time.ts";
import { PURPOSES } from "#shared/domain/words.ts";

const NEW_YORK = "America/New_York";
const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-11-12T15:00:00.000Z");

function capNow(sentAt: readonly string[], timeZone = NEW_YORK) {
  return capFor(sentAt, CAPS_DEFAULT, NOW, timeZone);
}

describe("caps", () => {
  it("count purposes of one kind together", () => {
    expect(Object.fromEntries(PURPOSES.map((purpose) => [purpose, capClassOf(purpose)]))).toEqual({
      scheduling: "visits",
      portal: "care",
      pharmacy: "care",
      billing: "billing",
      survey: "outreach",
      announcement: "outreach",
    });
  });

  it("let the first text of a day go", () => {
    expect(capNow([])).toBeNull();
    expect(capNow(["2026-11-11T15:00:00.000Z"])).toBeNull();
  });

  it("hold the second of a local day until the next", () => {
    expect(capNow(["2026-11-12T14:00:00.000Z"])).toEqual({ reason: "daily_cap", fromDay: "2026-11-13" });
  });

  it("go by the day of the patient's zone, not of UTC", () => {
    // Still the 11th in New York, the 12th in Puerto Rico.
    const lateEvening = ["2026-11-12T04:30:00.000Z"];

    expect(capNow(lateEvening)).toBeNull();
    expect(capNow(lateEvening, "America/Puerto_Rico")).toMatchObject({ reason: "daily_cap" });
  });

  it("hold the fourth of seven days until the first of them is past", () => {
    const three = ["2026-11-09T15:00:00.000Z", "2026-11-10T15:00:00.000Z", "2026-11-06T15:00:00.000Z"];

    expect(capNow(three)).toEqual({ reason: "weekly_cap", fromDay: "2026-11-13" });
    // The 5th is the eighth day.
    expect(capNow([...three.slice(0, 2), "2026-11-05T15:00:00.000Z"])).toBeNull();
  });

  it("hold longer where day and week both are full", () => {
    const three = ["2026-11-10T15:00:00.000Z", "2026-11-11T15:00:00.000Z", "2026-11-12T14:00:00.000Z"];

    expect(capNow(three)).toEqual({ reason: "daily_cap", fromDay: "2026-11-17" });
  });

  it("are never exceeded by who keeps to them, and hold no text longer than they must", () => {
    const anyCaps = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 4 }))
      .map(([perDay, more]) => ({ perDay, perWeek: perDay + more }));
    const pauses = fc.array(fc.integer({ min: 1, max: DAY_MS }), { maxLength: 40 });
    const zone = fc.constantFrom(NEW_YORK, "Pacific/Honolulu", "Australia/Lord_Howe");
    fc.assert(
      fc.property(anyCaps, pauses, zone, (caps, waits, timeZone) => {
        let now = new Date("2026-10-28T00:00:00.000Z");
        const sent: string[] = [];
        for (const wait of waits) {
          now = new Date(now.getTime() + wait);
          const texts = sent.map((at) => ({ at }));
          const held = capFor(sent, caps, now, timeZone);
          // What is out of their span makes no difference.
          const kept = withinCapSpan(texts, now).map(({ at }) => at);
          expect(capFor(kept, caps, now, timeZone)).toEqual(held);
          if (held === null) sent.push(now.toISOString());
          else expectEarliest(sent, caps, now, timeZone, held.fromDay);
        }

        const days = sent.map((at) => dayOf(new Date(at), timeZone));
        for (const day of days) {
          const week = days.filter((other) => other <= day && other > daysBefore(day, 7));
          expect(days.filter((other) => other === day).length).toBeLessThanOrEqual(caps.perDay);
          expect(week.length).toBeLessThanOrEqual(caps.perWeek);
        }
      }),
    );
  });
});

/** The day is the first one on which nothing holds the text back any more, within a week. */
function expectEarliest(
  sent: readonly string[],
  caps: { readonly perDay: number; readonly perWeek: number },
  now: Date,
  timeZone: string,
  fromDay: string,
) {
  const today = dayOf(now, timeZone);
  const noonOf = (day: string) => momentOf(day, 12 * 60, timeZone);
  expect(fromDay > today && fromDay <= daysBefore(today, -7)).toBe(true);
  expect(capFor(sent, caps, noonOf(fromDay), timeZone)).toBeNull();
  for (let day = daysBefore(today, -1); day < fromDay; day = daysBefore(day, -1)) {
    expect(capFor(sent, caps, noonOf(day), timeZone)).not.toBeNull();
  }
}
