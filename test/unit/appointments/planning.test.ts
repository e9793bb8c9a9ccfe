import { describe, expect, it } from "vitest";
import { type KnownReminder, planReminders } from "#shared/appointments/plan-reminders.ts";
import type { Appointment } from "#shared/appointments/records.ts";

const START = "2026-11-12T18:00:00.000Z";

function aVisit(parts: Partial<Appointment> = {}): Appointment {
  return {
    id: "apt_1",
    externalIndex: "k1.visit",
    startsAt: START,
    timeZone: "America/Los_Angeles",
    locationId: null,
    providerId: null,
    reminderOffsets: null,
    status: "booked",
    confirmation: "none",
    confirmedAt: null,
    sourceVersion: null,
    changedAt: "2026-11-01T00:00:00.000Z",
    version: 1,
    ...parts,
  };
}

function aReminder(offsetHours: number, parts: Partial<KnownReminder> = {}): KnownReminder {
  return {
    alertId: `alr_${offsetHours}`,
    offsetHours,
    unsent: true,
    kind: "reminder",
    expiresAt: hoursBefore(START, offsetHours === 72 ? 24 : 0),
    heldUntil: hoursBefore(START, offsetHours),
    ...parts,
  };
}

function hoursBefore(time: string, hours: number): string {
  return new Date(Date.parse(time) - hours * 3_600_000).toISOString();
}

const planned = [aReminder(72), aReminder(24)];

function plan({
  was = [],
  is = [aVisit()],
  known = [],
  offsets = [72, 24],
  now = "2026-11-01T00:00:00.000Z",
}: {
  readonly was?: readonly Appointment[];
  readonly is?: readonly Appointment[];
  readonly known?: readonly KnownReminder[];
  readonly offsets?: readonly number[];
  readonly now?: string;
} = {}) {
  return planReminders({
    before: { appointments: was },
    after: { appointments: is },
    known,
    offsetsDefault: offsets,
    now: new Date(now),
  });
}

describe("the reminders of a new visit", () => {
  it("are due at the practice's offsets; each ends when the next is due, the last when the visit begins", () => {
    expect(plan()).toEqual({
      kept: [],
      voided: [],
      added: [
        { kind: "reminder", offsetHours: 72, at: hoursBefore(START, 72), expiresAt: hoursBefore(START, 24) },
        { kind: "reminder", offsetHours: 24, at: hoursBefore(START, 24), expiresAt: START },
      ],
    });
  });

  it("are due at its own offsets where it has any, and none where it wants none", () => {
    expect(plan({ is: [aVisit({ reminderOffsets: [2] })] }).added).toMatchObject([
      { offsetHours: 2, at: hoursBefore(START, 2), expiresAt: START },
    ]);
    expect(plan({ is: [aVisit({ reminderOffsets: [] })] }).added).toEqual([]);
  });

  it.each(["pending", "arrived", "fulfilled", "noshow", "cancelled"] as const)(
    "are none while it is %s",
    (status) => {
      expect(plan({ is: [aVisit({ status })] }).added).toEqual([]);
    },
  );

  it.each([
    ["25 hours ahead", 25, [24]],
    ["exactly at an offset", 24, [24]],
    ["just past an offset", 23.9, [24]],
    ["six hours past an offset", 18, [24]],
    ["longer past an offset", 17.9, []],
    ["in three hours", 3, []],
    ["begun", 0, []],
    ["over", -5, []],
  ])("leave out what is past (%s), but for what has just passed", (_name, hoursAhead, offsets) => {
    const { added } = plan({ now: hoursBefore(START, hoursAhead) });
    expect(added.map(({ offsetHours }) => offsetHours)).toEqual(offsets);
  });

  it("catch up at once, and end as the offset would have", () => {
    const now = hoursBefore(START, 20);
    expect(plan({ now }).added).toEqual([{ kind: "reminder", offsetHours: 24, at: now, expiresAt: START }]);
  });

  it("do not catch up where another is due within six hours, or the visit is within two", () => {
    const offsets = [24, 18];
    expect(
      plan({ offsets, now: hoursBefore(START, 23) }).added.map(({ offsetHours }) => offsetHours),
    ).toEqual([18]);
    expect(plan({ offsets: [4], now: hoursBefore(START, 2) }).added).toEqual([]);
    expect(plan({ offsets: [4], now: hoursBefore(START, 2.1) }).added).toHaveLength(1);
  });

  it("are six at most, those nearest to the visit", () => {
    const visits = [
      aVisit({ reminderOffsets: [300, 200, 100, 72] }),
      aVisit({ id: "apt_2", startsAt: hoursBefore(START, -1), reminderOffsets: [48, 24, 4, 2] }),
    ];
    expect(plan({ is: visits }).added.map(({ offsetHours }) => offsetHours)).toEqual([100, 72, 48, 24, 4, 2]);
  });
});

describe("several visits of a day", () => {
  const later = aVisit({ id: "apt_2", startsAt: hoursBefore(START, -3) });

  it("share one reminder for each offset, which counts from the first booked one", () => {
    const off = aVisit({ id: "apt_3", startsAt: hoursBefore(START, 2), status: "cancelled" });
    expect(plan({ is: [off, aVisit(), later] }).added).toEqual([
      {
        kind: "reminder-several",
        offsetHours: 72,
        at: hoursBefore(START, 72),
        expiresAt: hoursBefore(START, 24),
      },
      { kind: "reminder-several", offsetHours: 24, at: hoursBefore(START, 24), expiresAt: START },
    ]);
  });

  it("share all offsets that any of them has", () => {
    const own = { ...later, reminderOffsets: [48, 24] };
    const offsets = plan({ is: [aVisit(), own] }).added.map(({ offsetHours }) => offsetHours);
    expect(offsets).toEqual([72, 48, 24]);
  });

  it("void what speaks of one when there are more, and the other way round", () => {
    const more = plan({ was: [aVisit()], is: [aVisit(), later], known: planned });
    expect(more.voided).toEqual(["alr_72", "alr_24"]);
    expect(more.added.map(({ kind }) => kind)).toEqual(["reminder-several", "reminder-several"]);
    const known = planned.map((one) => ({ ...one, kind: "reminder-several" as const }));
    expect(plan({ was: [aVisit(), later], is: [aVisit()], known }).voided).toEqual(["alr_72", "alr_24"]);
  });
});

describe("a change of a day", () => {
  it("keeps what is planned and still right", () => {
    const other = aVisit({ locationId: "loc_1", timeZone: "America/Phoenix" });
    expect(plan({ was: [aVisit()], is: [other], known: planned })).toEqual({
      kept: [
        { alertId: "alr_72", offsetHours: 72 },
        { alertId: "alr_24", offsetHours: 24 },
      ],
      voided: [],
      added: [],
    });
  });

  it("voids and plans anew where the visit begins at another time, and where it is off only voids", () => {
    const moved = plan({
      was: [aVisit()],
      is: [aVisit({ startsAt: hoursBefore(START, 1) })],
      known: planned,
    });
    expect(moved.voided).toEqual(["alr_72", "alr_24"]);
    expect(moved.added.map(({ at }) => at)).toEqual([hoursBefore(START, 73), hoursBefore(START, 25)]);
    const off = plan({ was: [aVisit()], is: [aVisit({ status: "cancelled" })], known: planned });
    expect(off).toEqual({ kept: [], voided: ["alr_72", "alr_24"], added: [] });
  });

  it("replaces only the reminder that another offset changes", () => {
    const { kept, voided, added } = plan({
      was: [aVisit()],
      known: planned,
      offsets: [72, 24, 2],
    });
    expect(kept).toEqual([{ alertId: "alr_72", offsetHours: 72 }]);
    expect(voided).toEqual(["alr_24"]);
    expect(added).toMatchObject([
      { offsetHours: 24, expiresAt: hoursBefore(START, 2) },
      { offsetHours: 2, expiresAt: START },
    ]);
  });

  it("does not use an offset twice while the first start stays, and again once it is another", () => {
    const known = [aReminder(72, { unsent: false }), aReminder(24)];
    const now = hoursBefore(START, 70);
    const stays = plan({ was: [aVisit()], is: [aVisit({ providerId: "prv_1" })], known, now });
    expect(stays.added).toEqual([]);
    expect(stays.kept).toHaveLength(2);
    const moved = plan({ was: [aVisit()], is: [aVisit({ startsAt: hoursBefore(START, -8) })], known, now });
    expect(moved).toMatchObject({ kept: [], voided: ["alr_24"] });
    expect(moved.added.map(({ offsetHours }) => offsetHours)).toEqual([72, 24]);
  });

  it("leaves one alone that is being claimed: it can no longer be voided", () => {
    const known = [aReminder(24, { unsent: false })];
    const is = [aVisit({ startsAt: hoursBefore(START, -1) })];
    expect(plan({ was: [aVisit()], is, known, now: hoursBefore(START, 24) }).voided).toEqual([]);
  });

  it("does not catch up with an offset near to a reminder that has left", () => {
    const known = [aReminder(24, { unsent: false })];
    const { added } = plan({
      was: [aVisit()],
      known,
      offsets: [24, 22],
      now: hoursBefore(START, 21),
    });
    expect(added).toEqual([]);
  });

  it("has a reminder that waits for the morning tell the new thing in the morning", () => {
    const morning = hoursBefore(START, 17);
    const known = [aReminder(24, { heldUntil: morning })];
    const later = aVisit({ id: "apt_2", startsAt: hoursBefore(START, -3) });
    const now = hoursBefore(START, 17.5);
    expect(plan({ was: [aVisit()], is: [aVisit(), later], known, now })).toEqual({
      kept: [],
      voided: ["alr_24"],
      added: [{ kind: "reminder-several", offsetHours: 24, at: morning, expiresAt: START }],
    });
  });
});

describe("elapsed hours", () => {
  it.each([
    ["the night in spring", "2027-03-14T17:00:00.000Z", "2027-03-13T17:00:00.000Z"],
    ["the night in autumn", "2026-11-01T18:00:00.000Z", "2026-10-31T18:00:00.000Z"],
    ["the end of a leap February", "2028-03-01T17:00:00.000Z", "2028-02-29T17:00:00.000Z"],
    ["the end of a year", "2027-01-01T17:00:00.000Z", "2026-12-31T17:00:00.000Z"],
  ])("count over %s", (_name, startsAt, at) => {
    const { added } = plan({ is: [aVisit({ startsAt })], offsets: [24], now: "2026-10-01T00:00:00.000Z" });
    expect(added).toMatchObject([{ at, expiresAt: startsAt }]);
  });
});
