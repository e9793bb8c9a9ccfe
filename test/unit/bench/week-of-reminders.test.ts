import { describe, expect, it } from "vitest";
import { faultsOf, playWeek, type Week } from "#infra/bench/week-of-reminders.ts";

const SLOW = { reminders: 3_000, textsPerSecond: 1 };

describe("a week of planned reminders", () => {
  for (const seed of [1, 2, 3]) {
    it(`sends each once, in its hours, under the caps and at the pace (seed ${String(seed)})`, () => {
      const week = playWeek({ ...SLOW, seed });

      const { fullest, ...faults } = faultsOf(week);
      expect(faults).toEqual({
        lost: 0,
        repeated: 0,
        atNight: 0,
        early: 0,
        afterTheVisit: 0,
        overDay: 0,
        overWeek: 0,
      });
      expect(week.minuteMax).toBe(50);
      expect(fullest).toBeLessThanOrEqual(week.minuteMax);
      const sent = week.reminders.filter(({ ends }) => ends[0]?.kind === "sent").length;
      expect(week.reminders.length).toBeGreaterThanOrEqual(SLOW.reminders);
      expect(sent / week.reminders.length).toBeGreaterThan(0.8);
    });
  }

  it("is the same for the same seed", () => {
    const [one, other] = [playWeek({ ...SLOW, seed: 7 }), playWeek({ ...SLOW, seed: 7 })];
    expect(one.reminders).toEqual(other.reminders);
  });

  it("is looked over by what can tell a wrong one", () => {
    const dueMs = Date.UTC(2027, 2, 10, 15);
    const reminder = {
      patientId: "pat_1",
      timeZone: "America/New_York",
      day: "2027-03-12",
      offsetHours: 24,
      dueMs,
      startMs: dueMs + 24 * 3_600_000,
    };
    const sentAt = (...times: number[]) => ({
      ...reminder,
      ends: times.map((atMs) => ({ kind: "sent", atMs }) as const),
    });
    const night = Date.UTC(2027, 2, 11, 5);
    const week: Week = {
      reminders: [
        sentAt(),
        sentAt(dueMs, dueMs),
        sentAt(night),
        sentAt(dueMs - 1),
        sentAt(dueMs + 25 * 3_600_000),
      ],
      planSeconds: 0,
      sendSeconds: 0,
      minuteMax: 1,
    };

    expect(faultsOf(week)).toEqual({
      lost: 1,
      // Once for both of its ends, and four texts more than one of the same day and offset.
      repeated: 5,
      atNight: 1,
      early: 1,
      afterTheVisit: 1,
      overDay: 3,
      overWeek: 2,
      fullest: 2,
    });
  });
});
