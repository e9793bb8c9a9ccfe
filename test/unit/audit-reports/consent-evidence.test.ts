import { describe, expect, it } from "vitest";
import { tellsOfConsent } from "#shared/audit/reports/consent-entries.ts";
import { consentEvidenceReport, type EvidenceKnown } from "#shared/audit/reports/consent-evidence.ts";
import type { LedgerRow } from "#shared/audit/reports/ledger-row.ts";
import { WORDING_VERSION } from "#shared/consent/record.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { chainOf } from "./chains.ts";

const TO = new Date("2026-12-01T00:00:00.000Z");
const NUMBER = "num_01KAEV0000000000000000NBM1";
const SUBJECT = { subject: { numberId: NUMBER }, to: TO };
const KNOWN: EvidenceKnown = { ledgerUntil: TO, auditUntil: TO, otherConsents: new Set() };

const row = (parts: Partial<LedgerRow> & Pick<LedgerRow, "consentId" | "recordedAt">): LedgerRow => ({
  patientId: PATIENT_ID,
  purpose: "scheduling",
  channel: "sms",
  decision: "granted",
  contactId: NUMBER,
  ended: null,
  method: "paper",
  wording: "wording@1",
  language: "en",
  acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
  recordedBy: "staff_1",
  hasEvidence: true,
  isRewritten: false,
  ...parts,
});

const GRANT = row({ consentId: "con_1", recordedAt: "2026-11-02T10:00:00.000Z" });
const STOP = row({
  consentId: "con_2",
  recordedAt: "2026-11-05T10:00:00.000Z",
  decision: "revoked",
  method: "text",
  ended: "con_1",
  wording: "stop",
  recordedBy: `patient:${PATIENT_ID}`,
  acknowledgements: null,
});

const ENTRIES = chainOf(
  { action: "patient.registered", at: "2026-11-01T10:00:00.000Z", details: { numberId: NUMBER } },
  {
    action: "consent.granted",
    at: "2026-11-02T10:00:00.450Z",
    purpose: "scheduling",
    details: {
      consentId: "con_1",
      channel: "sms",
      method: "paper",
      contactId: NUMBER,
      wording: "wording@1",
    },
  },
  { action: "alert.claimed", at: "2026-11-03T10:00:00.000Z", details: { consentId: "con_1", alertId: "a" } },
  {
    action: "text.received",
    actor: "function:receive-text",
    role: "function",
    at: "2026-11-05T10:00:00.000Z",
    details: { readAs: "stop", revokes: "keyword", consentIds: ["con_2"], numberId: "nbr_1" },
  },
  { action: "patient.changed", at: "2026-11-06T10:00:00.000Z", details: { numberId: null } },
  { action: "patient.changed", at: "2026-11-07T10:00:00.000Z", details: { fields: ["givenName"] } },
);

describe("the evidence of consent", () => {
  it("shows who agreed to what, when, how and in which wording, and everything that ended it", () => {
    const { rows, totals } = consentEvidenceReport([STOP, GRANT], ENTRIES, SUBJECT, KNOWN);

    expect(rows.map(({ event, sequence }) => [event, sequence])).toEqual([
      ["number put on record", 1],
      ["granted", 2],
      ["revoked", 4],
      ["number changed: consents for the one before no longer count", 5],
    ]);
    expect(rows[1]).toMatchObject({
      contactId: NUMBER,
      method: "paper",
      wording: "wording@1",
      numberConfirmed: true,
      recordedBy: "staff_1",
      evidence: "sealed",
    });
    expect(rows[2]).toMatchObject({ method: "text", ends: "con_1", numberConfirmed: null });
    expect(rows.map(({ ledgerAndAudit }) => ledgerAndAudit)).toEqual([null, "agree", "agree", null]);
    expect(totals).toMatchObject({
      "ledger entries that the audit bears out": 2,
      "ledger entries without an audit entry": 0,
    });
  });

  it("names the grant that a revocation ended, whoever recorded it, and none twice", () => {
    const told = [
      GRANT,
      row({ consentId: "con_0", recordedAt: "2026-11-02T09:00:00.000Z", purpose: "billing" }),
      row({ consentId: "con_2", recordedAt: "2026-11-05T10:00:00.000Z", decision: "revoked" }),
      row({ consentId: "con_3", recordedAt: "2026-11-06T10:00:00.000Z", decision: "revoked" }),
    ];

    const { rows } = consentEvidenceReport(told, [], SUBJECT, KNOWN);

    expect(rows.map(({ consentId, ends }) => [consentId, ends])).toEqual([
      ["con_0", null],
      ["con_1", null],
      ["con_2", "con_1"],
      ["con_3", null],
    ]);
  });

  it("names a ledger entry that no audit entry bears out; that a sending rests on it is no proof of it", () => {
    const withoutGrant = ENTRIES.filter(({ action }) => action !== "consent.granted");

    const { rows, totals } = consentEvidenceReport([GRANT], withoutGrant, SUBJECT, KNOWN);

    expect(rows.find(({ event }) => event === "granted")).toMatchObject({ sequence: "none in this export" });
    expect(totals["ledger entries without an audit entry"]).toBe(1);
    expect(rows.find(({ event }) => event === "granted")?.["ledgerAndAudit"]).toBe("NOT IN THE AUDIT");
  });

  it.each<[string, Partial<LedgerRow>, string]>([
    ["the decision", { decision: "granted" }, "decision (audit: revoked)"],
    ["how it came", { method: "paper" }, "method (audit: text)"],
    ["who recorded it", { recordedBy: "staff_9" }, `recorded by (audit: patient:${PATIENT_ID})`],
    ["when", { recordedAt: "2026-11-05T10:02:00.001Z" }, "time (audit: 2026-11-05T10:00:00.000Z)"],
    ["when, as no time", { recordedAt: "2026-11-05 later" }, "time (audit: 2026-11-05T10:00:00.000Z)"],
    ["the channel", { channel: "email" }, "channel (audit: sms)"],
    ["whose it is", { patientId: "pat_9" }, `patient (audit: ${PATIENT_ID})`],
    ["a later export", { isRewritten: true }, "two exports of the ledger have it differently"],
  ])("names a revocation of which the ledger was changed in %s, and says so first", (_what, parts, told) => {
    const { rows, remarks } = consentEvidenceReport([GRANT, { ...STOP, ...parts }], ENTRIES, SUBJECT, KNOWN);

    expect(rows.find(({ consentId }) => consentId === "con_2")?.["ledgerAndAudit"]).toBe(`DIFFER: ${told}`);
    expect(remarks).toEqual([expect.stringMatching(/^1 row “DIFFER”/u)]);
  });

  it.each<[string, Partial<LedgerRow>, string]>([
    ["the purpose", { purpose: "billing" }, "purpose (audit: scheduling)"],
    ["the wording", { wording: "wording@2" }, "wording (audit: wording@1)"],
    ["the number", { contactId: null }, `number or address (audit: ${NUMBER})`],
  ])("names a grant of which the ledger was changed in %s", (_what, parts, told) => {
    const { rows } = consentEvidenceReport([{ ...GRANT, ...parts }, STOP], ENTRIES, SUBJECT, KNOWN);

    expect(rows.find(({ consentId }) => consentId === "con_1")?.["ledgerAndAudit"]).toBe(`DIFFER: ${told}`);
  });

  it("shows what the audit says was written and the ledger does not have, and says so first", () => {
    const { rows, remarks, totals } = consentEvidenceReport([GRANT], ENTRIES, SUBJECT, KNOWN);

    expect(rows.find(({ consentId }) => consentId === "con_2")).toMatchObject({
      event: "revoked",
      ledgerAndAudit: "NOT IN THE LEDGER",
      method: "text",
      sequence: 4,
    });
    expect(remarks).toEqual([expect.stringMatching(/^1 row “NOT IN THE LEDGER”/u)]);
    expect(totals["audit entries whose ledger entry is gone"]).toBe(1);
    const other = { ...KNOWN, otherConsents: new Set(["con_2"]) };
    expect(consentEvidenceReport([GRANT], ENTRIES, SUBJECT, other).remarks).toEqual([]);
  });

  it("does not lose a decision to which the ledger gives a later time", () => {
    const later = { ...STOP, recordedAt: "2099-01-01T00:00:00.000Z" };

    const { rows } = consentEvidenceReport([GRANT, later], ENTRIES, SUBJECT, KNOWN);

    expect(rows.find(({ consentId }) => consentId === "con_2")?.["ledgerAndAudit"]).toMatch(/^DIFFER: time/u);
  });

  it("says of what is too new for one of the exports that they cannot be compared", () => {
    const early = { ...KNOWN, ledgerUntil: new Date("2026-11-05T10:01:59.000Z") };

    const { rows, remarks } = consentEvidenceReport([GRANT], ENTRIES, SUBJECT, early);

    expect(rows.find(({ consentId }) => consentId === "con_2")?.["ledgerAndAudit"]).toMatch(/^too new/u);
    expect(remarks).toEqual([expect.stringContaining("2026-11-05T10:01:59.000Z")]);
  });

  it("says of a grant by START which grant it carries over, and what each wording stands for", () => {
    const start = row({
      consentId: "con_3",
      recordedAt: "2026-11-08T10:00:00.000Z",
      method: "text",
      wording: "stop",
      recordedBy: `patient:${PATIENT_ID}`,
    });
    const entries = chainOf(
      ...ENTRIES.map(({ action, at, actor, role, details }) => ({
        action,
        at,
        actor,
        role,
        details: details ?? {},
      })),
      {
        action: "text.received",
        at: "2026-11-08T10:00:00.000Z",
        details: { readAs: "start", consentIds: ["con_3"] },
      },
    );

    const { rows, notes } = consentEvidenceReport([GRANT, STOP, start], entries, SUBJECT, KNOWN);

    expect(rows.find(({ consentId }) => consentId === "con_3")).toMatchObject({
      event: "granted again by START",
      carriedFrom: "con_1",
      ledgerAndAudit: "agree",
    });
    expect(rows.find(({ consentId }) => consentId === "con_1")?.["carriedFrom"]).toBeNull();
    expect(notes).toContainEqual(expect.stringMatching(/^Wording stop: no wording was shown/u));
    expect(notes).toContainEqual(
      expect.stringContaining("Wording wording@1: a wording that this version does not know"),
    );
  });

  it("resolves the wording that staff record, and that of a question by text", () => {
    const told = [
      { ...GRANT, wording: WORDING_VERSION },
      row({ consentId: "con_4", recordedAt: "2026-11-03T10:00:00.000Z", wording: "opt-in-scheduling@1" }),
    ];

    const { notes } = consentEvidenceReport(told, [], SUBJECT, KNOWN);

    expect(notes).toContainEqual(expect.stringMatching(/not fully secure.*opt out at any time/u));
    expect(notes).toContainEqual(expect.stringMatching(/asked by text.*your visits/u));
  });

  it("says that there is no evidence where nothing is sealed", () => {
    const { rows } = consentEvidenceReport([{ ...GRANT, hasEvidence: false }], ENTRIES, SUBJECT, KNOWN);

    expect(rows.find(({ consentId }) => consentId === "con_1")?.["evidence"]).toBe("none");
  });

  it("ends at the moment that is asked for", () => {
    const earlier = { ...SUBJECT, to: new Date("2026-11-05T10:00:00.000Z") };
    const { rows, remarks } = consentEvidenceReport([GRANT, STOP], ENTRIES, earlier, KNOWN);

    expect(rows.map(({ event }) => event)).toEqual(["number put on record", "granted"]);
    expect(remarks).toEqual([]);
  });

  it.each([
    ["number.stopped", { method: "carrier" }, true],
    ["alert.failed", { undeliverable: "invalid_number" }, true],
    ["alert.failed", { reason: "timeout" }, false],
    ["consent.revoked", { consentIds: ["con_9"] }, true],
    ["alert.claimed", { consentId: "con_1" }, false],
    ["text.received", { readAs: "reply" }, false],
  ])("looks at %s with %j: %s", (action, details, expected) => {
    const [entry] = chainOf({ action, at: "2026-11-02T10:00:00.000Z", details });

    expect(entry !== undefined && tellsOfConsent(entry)).toBe(expected);
  });
});
