import { describe, expect, it } from "vitest";
import { applyToDay, emptyDay, firstStart } from "#shared/appointments/days.ts";
import { type KnownReminder, planReminders } from "#shared/appointments/plan-reminders.ts";
import type { Appointment, VisitDay } from "#shared/appointments/records.ts";
import { VISIT_STATUSES } from "#shared/domain/visits/words.ts";

const HOUR_MS = 3_600_000;
const RUNS = 400;
const STEPS = 30;
const OFFSETS = [[], [72, 24], [24], [24, 2], [48, 24, 20, 2]];

/** Numbers that look random and are the same on every run (mulberry32). */
function createRandom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Alert = KnownReminder & { readonly first: string; sent: boolean; voided: boolean };

/** Plays a day: visits are put, moved, cancelled and removed while time goes on and reminders leave. */
function play(seed: number) {
  const random = createRandom(seed);
  const pick = <Value>(values: readonly Value[]) => values[random(values.length)] as Value;
  const morning = Date.parse("2026-11-12T13:00:00.000Z");
  let now = morning - 100 * HOUR_MS;
  let day: VisitDay = emptyDay("pat_1", "2026-11-12", "America/New_York");
  const alerts = new Map<string, Alert>();
  const history: { readonly valid: readonly string[] }[] = [];

  for (let step = 0; step < STEPS; step += 1) {
    now += random(8) * HOUR_MS + random(60) * 60_000;
    // What is due and still valid leaves, most of the time.
    for (const { alertId } of day.reminders) {
      const alert = alerts.get(alertId);
      if (alert !== undefined && !alert.voided && Date.parse(alert.heldUntil ?? "") <= now && random(4) > 0) {
        alert.sent = true;
        day = { ...day, asked: { alertId, at: new Date(now).toISOString() } };
      }
    }
    const id = `apt_${random(4)}`;
    const appointment: Appointment = {
      id,
      externalIndex: id,
      startsAt: new Date(morning + random(8) * HOUR_MS).toISOString(),
      timeZone: "America/New_York",
      locationId: null,
      providerId: null,
      reminderOffsets: random(3) === 0 ? pick(OFFSETS) : null,
      status: random(3) === 0 ? pick(VISIT_STATUSES) : "booked",
      confirmation: "none",
      confirmedAt: null,
      sourceVersion: null,
      changedAt: new Date(now).toISOString(),
      version: 1,
    };
    const after = applyToDay(
      day,
      random(5) === 0 ? { kind: "remove", appointmentId: id } : { kind: "put", appointment },
    );
    const plan = planReminders({
      before: day,
      after,
      known: day.reminders.flatMap(({ alertId }) => {
        const alert = alerts.get(alertId);
        return alert === undefined ? [] : [{ ...alert, unsent: !alert.sent }];
      }),
      offsetsDefault: [72, 24],
      told: after.told,
      now: new Date(now),
    });
    for (const alertId of plan.voided) {
      const alert = alerts.get(alertId);
      expect(alert?.sent).toBe(false);
      if (alert !== undefined) alert.voided = true;
    }
    const added = plan.added.map((reminder, index) => {
      const alertId = `alr_${step}_${index}`;
      alerts.set(alertId, {
        ...reminder,
        alertId,
        heldUntil: reminder.at,
        unsent: true,
        first: firstStart(after) ?? "",
        sent: false,
        voided: false,
      });
      expect(Date.parse(reminder.at)).toBeGreaterThanOrEqual(now);
      expect(reminder.expiresAt > reminder.at).toBe(true);
      return { alertId, offsetHours: reminder.offsetHours };
    });
    day = { ...after, reminders: [...plan.kept, ...added] };
    history.push({ valid: day.reminders.map(({ alertId }) => alertId) });

    const offsets = day.reminders.map(({ offsetHours }) => offsetHours);
    expect(new Set(offsets).size).toBe(offsets.length);
    for (const { alertId } of day.reminders) {
      const alert = alerts.get(alertId);
      expect(alert?.voided).toBe(false);
      expect(alert?.first).toBe(firstStart(day));
    }
    // Whatever waits is on the day: nothing leaves that the day does not know of.
    const valid = new Set(offsets.map((_offset, index) => day.reminders[index]?.alertId));
    for (const alert of alerts.values()) {
      expect(alert.sent || alert.voided || valid.has(alert.alertId)).toBe(true);
    }
  }
  return { alerts: [...alerts.values()], history };
}

describe("whatever becomes of a day's visits", () => {
  it("no offset of a day has two valid reminders, and none that is void comes back", () => {
    let planned = 0;
    let sent = 0;
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const { alerts, history } = play(seed);
      planned += alerts.length;
      sent += alerts.filter((alert) => alert.sent).length;
      for (const { alertId } of alerts) {
        const present = history.map(({ valid }) => valid.includes(alertId));
        // Once gone from the day, it stays gone.
        expect(present.join(" ")).toMatch(/^(?:false ?)*(?:true ?)*(?:false ?)*$/u);
      }
    }
    // The sequences do something: many are planned, and many leave.
    expect(planned).toBeGreaterThan(RUNS * 3);
    expect(sent).toBeGreaterThan(RUNS / 2);
  });
});
