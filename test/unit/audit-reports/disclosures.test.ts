import { describe, expect, it } from "vitest";
import { disclosuresReport } from "#shared/audit/reports/disclosures.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { chainOf, type Told } from "./chains.ts";

const AS_OF = new Date("2026-11-22T12:00:00.000Z");
const NUMBER = "num_01KAEV0000000000000000NBM1";
const OTHER_NUMBER = "num_01KAEV0000000000000000NBM2";
const TEXT =
  "Riverside Clinic: there is a message for you. https://portal.example/m/****** Reply STOP to opt out.";

const day = (number: number, time = "10:00:00.000"): string =>
  `2026-11-${String(number).padStart(2, "0")}T${time}Z`;

const registered = (at: string, numberId: string | null = NUMBER): Told => ({
  action: "patient.registered",
  at,
  details: { numberId },
});
const changed = (at: string, details: NonNullable<Told["details"]>): Told => ({
  action: "patient.changed",
  at,
  details: { fields: ["mobilePhone"], version: 2, ...details },
});
const granted = (at: string, details: NonNullable<Told["details"]> = {}): Told => ({
  action: "consent.granted",
  at,
  purpose: "scheduling",
  details: { consentId: "con_1", channel: "sms", method: "paper", contactId: NUMBER, ...details },
});
const alerted = (at: string, alertId: string, details: NonNullable<Told["details"]> = {}): Told => ({
  action: "alert.claimed",
  at,
  actor: "function:send-alert",
  role: "function",
  purpose: "scheduling",
  details: {
    alertId,
    kind: "message",
    messageId: `msg_of_${alertId}`,
    consentId: "con_1",
    template: "message@1",
    text: TEXT,
    ...details,
  },
});
const became = (at: string, action: string, alertId: string): Told => ({
  action,
  at,
  details: { alertId, reason: null },
});
const opened = (at: string, alertId: string, tier: number): Told => ({
  action: "session.opened",
  at,
  actor: `patient:${PATIENT_ID}`,
  role: "patient",
  details: { alertId, tier },
});
const shown = (at: string, alertId: string, messageIds: readonly string[]): Told => ({
  action: "thread.read",
  at,
  actor: `patient:${PATIENT_ID}`,
  role: "patient",
  details: { alertId, messageIds },
});
const wrongNumber = (at: string): Told => ({
  action: "text.received",
  at,
  actor: "function:receive-text",
  details: { readAs: "stop", numberId: "nbr_1", revokes: "words", wrongNumber: true },
});

function accounting(...told: readonly Told[]) {
  return disclosuresReport(chainOf(...told), { patientId: PATIENT_ID, asOf: AS_OF });
}

const alertsOf = (report: ReturnType<typeof accounting>) => report.rows.map(({ alertId }) => alertId);

describe("the accounting of disclosures", () => {
  it("is empty where every alert went to the patient", () => {
    const report = accounting(
      registered(day(1)),
      granted(day(2)),
      alerted(day(3), "a"),
      became(day(3), "alert.delivered", "a"),
    );

    expect(report.rows).toEqual([]);
    expect(report.empty).toContain("No disclosure");
    expect(report.period).toEqual({ from: "2020-11-22T12:00:00.000Z", to: AS_OF.toISOString() });
  });

  it("has every alert since the number was last confirmed, up to the report that it is somebody else's", () => {
    const report = accounting(
      registered(day(1)),
      granted(day(2)),
      alerted(day(3), "before"),
      granted(day(4)),
      alerted(day(5), "a"),
      became(day(5), "alert.sent", "a"),
      became(day(5, "10:00:09.000"), "alert.delivered", "a"),
      alerted(day(6), "b"),
      wrongNumber(day(7)),
    );

    expect(alertsOf(report)).toEqual(["a", "b"]);
    expect(report.rows[0]).toMatchObject({
      date: day(5),
      recipient: `The holder of number ${NUMBER}, nbr_1, not the patient`,
      recipientAddress: "not known",
      what: TEXT,
      purpose: expect.stringContaining("about scheduling"),
      arrived: "delivered",
      reportedAt: day(7),
      messageId: "msg_of_a",
      consentId: "con_1",
      sequence: 5,
      reportSequence: 9,
    });
    // Nobody knows whether it left: it is accounted for.
    expect(report.rows[1]).toMatchObject({ arrived: "not known" });
  });

  it("does not take an import or a text for the patient's own word", () => {
    const report = accounting(
      registered(day(1)),
      alerted(day(2), "a"),
      granted(day(3), { method: "import" }),
      { action: "text.received", at: day(4), details: { readAs: "yes", consentIds: ["con_2"] } },
      wrongNumber(day(5)),
    );

    expect(alertsOf(report)).toEqual(["a"]);
  });

  it("leaves out what certainly did not leave or arrive, and counts it", () => {
    const report = accounting(
      registered(day(1)),
      alerted(day(2), "failed"),
      became(day(2), "alert.failed", "failed"),
      alerted(day(3), "twice"),
      became(day(3), "alert.deferred", "twice"),
      alerted(day(4), "twice"),
      became(day(4), "alert.sent", "twice"),
      wrongNumber(day(5)),
    );

    expect(report.rows.map(({ date, alertId }) => [date, alertId])).toEqual([[day(4), "twice"]]);
    expect(report.totals["misdirected alerts that did not arrive"]).toBe(2);
  });

  it("tells what became of an alert also after the report", () => {
    const report = accounting(
      registered(day(1)),
      alerted(day(2), "a"),
      wrongNumber(day(3)),
      became(day(3, "11:00:00.000"), "alert.delivered", "a"),
      opened(day(4), "a", 2),
    );

    expect(report.rows).toEqual([
      expect.objectContaining({ arrived: "delivered", linkOpenedAt: day(4), openedTier: 2 }),
    ]);
  });

  it("has what the portal showed to whoever opened the link, and to nobody else, with the tier", async () => {
    const report = accounting(
      registered(day(1)),
      alerted(day(2), "a"),
      alerted(day(2), "b"),
      alerted(day(2), "c"),
      opened(day(3), "a", 1),
      shown(day(3), "a", ["msg_1", "msg_2"]),
      shown(day(3), "a", ["msg_1", "msg_3"]),
      opened(day(4), "a", 3),
      opened(day(5), "a", 2),
      opened(day(5), "c", 1),
      { ...shown(day(5), "a", ["msg_of_staff"]), actor: "staff_2", role: "clinician" },
      wrongNumber(day(6)),
      shown(day(7), "c", ["msg_4"]),
    );

    expect(
      report.rows.map(({ what, linkOpenedAt, openedTier, shownMessageIds }) => [
        what,
        linkOpenedAt,
        openedTier,
        shownMessageIds,
      ]),
    ).toEqual([
      [`${TEXT} (and in the portal 3 messages)`, day(3), 3, "msg_1, msg_2, msg_3"],
      [TEXT, null, null, null],
      [`${TEXT} (and in the portal 1 message)`, day(5), 1, "msg_4"],
    ]);
    // It is not said that a link takes the date of birth: that depends on the tier.
    expect(report.columns.map(({ title }) => title)).toContain("Link opened");
    expect(report.notes.join("\n")).toContain(
      "Tier 1 (appointments, bills, forms, office news) opens with the link alone",
    );
  });

  it("lists what is said not to have arrived where its link was opened", async () => {
    const report = accounting(
      registered(day(1)),
      alerted(day(2), "a"),
      became(day(2), "alert.failed", "a"),
      opened(day(3), "a", 1),
      wrongNumber(day(4)),
    );

    expect(report.rows).toMatchObject([{ alertId: "a", linkOpenedAt: day(3) }]);
    expect(report.totals["misdirected alerts that did not arrive"]).toBe(0);
  });

  it("counts numbers that were replaced before anybody reported them, and says that it knows no more", async () => {
    const report = accounting(
      registered(day(1)),
      alerted(day(2), "a"),
      changed(day(3), { numberId: OTHER_NUMBER }),
      wrongNumber(day(4)),
      changed(day(5), { numberId: null }),
    );

    expect(report.rows).toEqual([]);
    expect(report.totals["numbers and addresses replaced without such a report"]).toBe(1);
    expect(report.notes.join("\n")).toContain("before anybody reported it");
  });

  it("blames the number that a report came from, not the one that took its place just before", async () => {
    const said = wrongNumber(day(4));
    const report = accounting(
      registered(day(1)),
      alerted(day(2), "old-number"),
      changed(day(3), { numberId: OTHER_NUMBER }),
      alerted(day(3, "11:00:00.000"), "new-number"),
      { ...said, details: { ...said.details, contactId: NUMBER } },
    );

    expect(alertsOf(report)).toEqual(["old-number"]);
    expect(report.totals["numbers and addresses replaced without such a report"]).toBe(0);
  });

  it("tells the address from the number where the holder of a link said so, whatever staff do about it", () => {
    const MAIL = "num_01KAEV0000000000000000ADR1";
    const taskId = "tsk_01KAEV0000000000000000TSK1";
    const report = accounting(
      { ...registered(day(1)), details: { numberId: NUMBER, addressId: MAIL } },
      alerted(day(2), "text"),
      alerted(day(2, "11:00:00.000"), "mail", { template: "email-message@1" }),
      {
        action: "link.disowned",
        at: day(3),
        actor: "function:portal",
        role: "function",
        details: { wrongPerson: true, channel: "email", contactId: MAIL, taskId, consentIds: [] },
      },
      { action: "task.completed", at: day(4), details: { taskId, kind: "wrong-number" } },
    );

    expect(alertsOf(report)).toEqual(["mail"]);
    expect(report.totals["reports that a number or address is not the patient's"]).toBe(1);
  });

  it("is the same when made again, whatever came into the chain late", async () => {
    const before = [registered(day(1)), alerted(day(2), "a"), wrongNumber(day(3))];
    const given = (report: string): Told => ({
      action: "report.given",
      at: AS_OF.toISOString(),
      details: { report, to: AS_OF.toISOString(), through: 3 },
    });
    const late = became(day(22), "alert.delivered", "a");

    const first = accounting(...before);

    expect(accounting(...before, late, given("disclosures")).rows).toEqual(first.rows);
    expect(accounting(...before, late, given("accesses")).rows).not.toEqual(first.rows);
  });

  it("leaves out other numbers, e-mails and answers to whoever texted", () => {
    const report = accounting(
      registered(day(1), OTHER_NUMBER),
      alerted(day(2), "old-number"),
      changed(day(3), { numberId: NUMBER }),
      alerted(day(4), "mail", { template: "email-message@1" }),
      alerted(day(4), "answer", { numberId: "nbr_1", kind: "stopped" }),
      alerted(day(5), "a"),
      wrongNumber(day(6)),
      changed(day(7), { numberId: OTHER_NUMBER }),
      alerted(day(8), "new-number"),
    );

    expect(alertsOf(report)).toEqual(["a"]);
  });

  it("learns from the task that asks staff about a wrong number, for the time at which it was opened", () => {
    // Opened 2026-11-05T00:00:00.000Z by the time in its id.
    const taskId = `tsk_${ulidTime("2026-11-05T00:00:00.000Z")}0000000000000001`;
    const report = accounting(
      registered(day(1)),
      alerted(day(4), "a"),
      changed(day(6), { numberId: OTHER_NUMBER }),
      alerted(day(7), "new-number"),
      {
        action: "task.completed",
        at: day(8),
        details: { taskId, kind: "wrong-number", outcome: "done", numberId: "nbr_1" },
      },
    );

    expect(alertsOf(report)).toEqual(["a"]);
    expect(report.rows[0]).toMatchObject({ reportedAt: "2026-11-05T00:00:00.000Z", reportSequence: 5 });
  });

  it("counts the text and the task that it opened as one report", () => {
    const at = "2026-11-05T00:00:00.000Z";
    const taskId = `tsk_${ulidTime(at)}0000000000000001`;
    const report = accounting(registered(day(1)), alerted(day(4), "a"), wrongNumber(at), {
      action: "task.completed",
      at: day(8),
      details: { taskId, kind: "wrong-number" },
    });

    expect(report.totals["reports that a number or address is not the patient's"]).toBe(1);
    expect(report.rows).toHaveLength(1);
  });

  it("reaches six years back from the day asked for, and knows nothing of later days", () => {
    const chain = chainOf(
      registered("2020-11-01T10:00:00.000Z"),
      alerted("2020-11-22T11:59:59.999Z", "too-old"),
      alerted("2020-11-22T12:00:00.000Z", "old"),
      alerted(day(10), "a"),
      wrongNumber(day(20)),
    );
    const of = (asOf: string) =>
      disclosuresReport(chain, { patientId: PATIENT_ID, asOf: new Date(asOf) }).rows.map(
        (row) => row["alertId"],
      );

    expect(of(AS_OF.toISOString())).toEqual(["old", "a"]);
    expect(of(day(20))).toEqual([]);
    expect(of("2028-02-29T00:00:00.000Z")).toEqual(["a"]);
  });

  it("says what is exempt and that the practice must add the rest", () => {
    const notes = accounting(registered(day(1))).notes.join("\n");

    for (const said of ["164.528(a)(1)", "treatment, payment and health care operations", "to the patient"]) {
      expect(notes).toContain(said);
    }
    expect(notes).toContain("for the practice to add");
  });
});

function ulidTime(at: string): string {
  const characters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  let rest = Date.parse(at);
  let text = "";
  for (let count = 0; count < 10; count += 1) {
    text = `${characters[rest % 32] ?? ""}${text}`;
    rest = Math.floor(rest / 32);
  }
  return text;
}
