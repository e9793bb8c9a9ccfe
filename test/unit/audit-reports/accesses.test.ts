import { describe, expect, it } from "vitest";
import { createAccessReview } from "#shared/audit/reports/access-review.ts";
import { accessesReport } from "#shared/audit/reports/accesses.ts";
import { breakGlassReport } from "#shared/audit/reports/break-glass.ts";
import { fingerprintOf } from "#shared/audit/reports/report.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { chainOf, chainsOf, type Told } from "./chains.ts";

const TO = new Date("2026-12-01T00:00:00.000Z");
const OTHER_PATIENT = "pat_01KAEV0000000000000000PAT2";
const at = (day: number, time = "10:00:00.000"): string => `2026-11-${String(day).padStart(2, "0")}T${time}Z`;

describe("who saw what", () => {
  it("lists what was shown to anybody, the patient included, and no change or step of the machinery", () => {
    const chain = chainOf(
      { action: "patient.registered", at: at(1), details: { numberId: null } },
      { action: "message.accepted", at: at(2) },
      { action: "alert.claimed", at: at(2), actor: "function:send-alert", role: "function" },
      {
        action: "thread.read",
        at: at(3),
        actor: "staff_2",
        role: "clinician",
        by: "threads",
        details: { threadId: "thr_1", messageIds: ["msg_1", "msg_2"], withheld: 0 },
      },
      { action: "thread.read", at: at(4), actor: `patient:${PATIENT_ID}`, role: "patient", by: "portal" },
      { action: "patient.changed", at: at(5), details: { fields: ["email"] } },
      { action: "report.given", at: at(6), actor: "staff_3", role: "auditor", by: "audit" },
    );

    const { rows } = accessesReport(chain, { patientId: PATIENT_ID, from: null, to: TO });

    expect(rows.map(({ actor, role, shows }) => [actor, role, shows])).toEqual([
      ["staff_2", "clinician", "content"],
      [`patient:${PATIENT_ID}`, "patient", "content"],
      ["staff_1", "frontdesk", "contact"],
      ["staff_3", "auditor", "record"],
    ]);
    expect(rows[0]).toMatchObject({
      at: at(3),
      function: "threads",
      requestId: "request-1",
      sequence: 4,
      what: "messages: msg_1, msg_2; thread: thr_1; withheld: 0",
    });
  });

  it("lists an action that it does not know rather than leave it out", () => {
    const chain = chainOf({ action: "thread.photographed", at: at(1) });

    const { rows } = accessesReport(chain, { patientId: PATIENT_ID, from: null, to: TO });

    expect(rows).toEqual([expect.objectContaining({ shows: "unknown", action: "thread.photographed" })]);
  });

  it("keeps to the period, its end exclusive", () => {
    const chain = chainOf(...[1, 2, 3].map((day) => ({ action: "patient.read", at: at(day) })));
    const of = (from: string, to: string) =>
      accessesReport(chain, { patientId: PATIENT_ID, from: new Date(from), to: new Date(to) }).rows.length;

    expect(of(at(1), at(3))).toBe(2);
    expect(of(at(2), at(2))).toBe(0);
  });
});

function review(told: readonly Told[], knownUntil = TO, begins: string | null = null) {
  const month = createAccessReview({
    month: "2026-11",
    from: new Date("2026-11-01T00:00:00.000Z"),
    to: TO,
    timeZone: "UTC",
    isOpen: (moment) => moment.getUTCHours() >= 9 && moment.getUTCHours() < 17,
    hours: "9 to 17",
    knownUntil,
  });
  for (const entry of chainsOf(told)) month.add(entry);
  return month.report(begins);
}

describe("the access review of a month", () => {
  it("counts for each person and client what they were shown, when, and of how many patients", () => {
    const patient = { patientId: PATIENT_ID };
    const { rows, totals } = review([
      { action: "session.started", at: at(2), actor: "staff_2", role: "clinician" },
      { action: "thread.read", at: at(2), actor: "staff_2", role: "clinician", ...patient },
      { action: "thread.read", at: at(2, "22:30:00.000"), actor: "staff_2", role: "clinician", ...patient },
      { action: "patient.read", at: at(3), actor: "staff_2", role: "frontdesk", patientId: OTHER_PATIENT },
      { action: "patient.looked-up", at: at(3), actor: "staff_2", role: "frontdesk" },
      { action: "patient.changed", at: at(3), actor: "staff_2", role: "frontdesk", ...patient },
      { action: "message.refused", at: at(3), actor: "staff_2", role: "frontdesk", ...patient },
      { action: "threads.listed", at: at(4), actor: "staff_2", role: "frontdesk" },
      { action: "audit.exported", at: at(4), actor: "staff_3", role: "auditor" },
      { action: "emergency-access.begun", at: at(5), actor: "staff_2", role: "frontdesk", ...patient },
      { action: "thread.photographed", at: at(5), actor: "client_1", role: "integration", ...patient },
      { action: "alert.claimed", at: at(5), actor: "function:send-alert", role: "function", ...patient },
      { action: "thread.read", at: at(5), actor: `patient:${PATIENT_ID}`, role: "patient", ...patient },
    ]);

    expect(rows.map(({ actor }) => actor)).toEqual(["client_1", "staff_2", "staff_3"]);
    expect(rows[1]).toEqual({
      actor: "staff_2",
      roles: "clinician frontdesk",
      signIns: 1,
      patients: 2,
      content: 2,
      contact: 2,
      identity: 1,
      consent: 0,
      record: 0,
      list: 1,
      outOfHours: 1,
      changes: 1,
      exports: 0,
      refused: 1,
      emergency: 1,
      unknown: 0,
      first: at(2),
      last: at(5),
    });
    expect(rows[0]).toMatchObject({ unknown: 1 });
    expect(rows[2]).toMatchObject({ exports: 1, changes: 0 });
    expect(totals).toMatchObject({
      "audit entries of the month": 13,
      "of functions and patients, not listed": 2,
    });
  });

  it("counts nothing outside of the month, and says where the month was not over", () => {
    const report = review(
      [
        { action: "patient.read", at: "2026-10-31T23:59:59.999Z" },
        { action: "patient.read", at: "2026-12-01T00:00:00.000Z" },
      ],
      new Date("2026-11-22T00:00:00.000Z"),
    );

    expect(report.rows).toEqual([]);
    expect(report.remarks?.[0]).toContain("was not over");
    expect(report.signOff).toBe(true);
    expect(review([]).remarks).toEqual(["Nobody has signed 2026-11 off in what was read."]);
  });

  it("lists who signed it off, and whether it was this report", () => {
    const done: Told = { action: "patient.read", at: at(3), actor: "staff_2", role: "frontdesk" };
    const { remarks: _none, ...first } = review([done]);
    const signed = (sha256: string, month: string, day: number): Told => ({
      action: "access-review.signed-off",
      at: `2026-12-0${day}T10:00:00.000Z`,
      actor: "staff_7",
      role: "compliance",
      details: { month, sha256, remark: "followed-up" },
    });
    const sha256 = fingerprintOf(first);

    const { remarks } = review(
      [
        done,
        signed("f".repeat(64), "2026-11", 2),
        signed(sha256, "2026-11", 3),
        signed(sha256, "2026-10", 4),
      ],
      new Date("2026-12-05T00:00:00.000Z"),
    );

    expect(remarks).toEqual([
      `Signed off by staff_7 (compliance) at 2026-12-02T10:00:00.000Z, followed-up: SHA-256 ${"f".repeat(64)}, which is NOT this report's.`,
      `Signed off by staff_7 (compliance) at 2026-12-03T10:00:00.000Z, followed-up: SHA-256 ${sha256}, which is this report's.`,
    ]);
    const known = review([done, signed(sha256, "2026-11", 3)], new Date("2026-12-03T00:00:00.000Z"));
    expect(known.remarks).toEqual([expect.stringContaining("Nobody has signed")]);
  });

  it.each([
    ["2026-11-12T00:00:00.000Z", "2026-11 is not in it from its first day on"],
    ["2026-12-12T00:00:00.000Z", "2026-11 is not in it at all"],
  ])("says that the record begins %s", (begins, told) => {
    expect(review([], TO, begins).remarks?.[0]).toBe(`The record begins ${begins}: ${told}.`);
  });
});

describe("uses of access in an emergency", () => {
  it("are none where none is recorded", () => {
    const entries = chainOf({ action: "thread.read", at: at(1) });

    const report = breakGlassReport(entries, 1, TO);

    expect(report.rows).toEqual([]);
    expect(report.empty).toBe("None recorded.");
  });

  it("are listed by time with who and of whom", () => {
    const entries = chainOf(
      { action: "emergency-access.begun", at: at(2), details: { minutes: 60 } },
      { action: "emergency-access.ended", at: at(3) },
    ).toReversed();

    expect(breakGlassReport(entries, 2, TO).rows).toEqual([
      expect.objectContaining({
        action: "emergency-access.begun",
        patientId: PATIENT_ID,
        details: "minutes: 60",
      }),
      expect.objectContaining({ action: "emergency-access.ended", details: null }),
    ]);
  });
});
