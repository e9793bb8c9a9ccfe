import { describe, expect, it } from "vitest";
import {
  consentEvidenceReport,
  type LedgerRow,
  tellsOfConsent,
} from "#shared/audit/reports/consent-evidence.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { chainOf } from "./chains.ts";

const TO = new Date("2026-12-01T00:00:00.000Z");
const NUMBER = "num_01KAEV0000000000000000NBM1";
const SUBJECT = { subject: { numberId: NUMBER }, to: TO };

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
  ...parts,
});

const GRANT = row({ consentId: "con_1", recordedAt: "2026-11-02T10:00:00.000Z" });
const STOP = row({
  consentId: "con_2",
  recordedAt: "2026-11-05T10:00:00.000Z",
  decision: "revoked",
  method: "text",
  ended: "con_1",
  acknowledgements: null,
});

const ENTRIES = chainOf(
  { action: "patient.registered", at: "2026-11-01T10:00:00.000Z", details: { numberId: NUMBER } },
  {
    action: "consent.granted",
    at: "2026-11-02T10:00:00.000Z",
    details: { consentId: "con_1", channel: "sms" },
  },
  { action: "alert.claimed", at: "2026-11-03T10:00:00.000Z", details: { consentId: "con_1", alertId: "a" } },
  {
    action: "text.received",
    at: "2026-11-05T10:00:00.000Z",
    details: { readAs: "stop", revokes: "keyword", consentIds: ["con_2"], numberId: "nbr_1" },
  },
  { action: "patient.changed", at: "2026-11-06T10:00:00.000Z", details: { numberId: null } },
  { action: "patient.changed", at: "2026-11-07T10:00:00.000Z", details: { fields: ["givenName"] } },
);

describe("the evidence of consent", () => {
  it("shows who agreed to what, when, how and in which wording, and everything that ended it", () => {
    const { rows, totals } = consentEvidenceReport([STOP, GRANT], ENTRIES, SUBJECT);

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
    expect(totals["ledger entries without an audit entry"]).toBe(0);
  });

  it("names the grant that a revocation ended, whoever recorded it, and none twice", () => {
    const told = [
      GRANT,
      row({ consentId: "con_0", recordedAt: "2026-11-02T09:00:00.000Z", purpose: "billing" }),
      row({ consentId: "con_2", recordedAt: "2026-11-05T10:00:00.000Z", decision: "revoked" }),
      row({ consentId: "con_3", recordedAt: "2026-11-06T10:00:00.000Z", decision: "revoked" }),
    ];

    const { rows } = consentEvidenceReport(told, [], SUBJECT);

    expect(rows.map(({ consentId, ends }) => [consentId, ends])).toEqual([
      ["con_0", null],
      ["con_1", null],
      ["con_2", "con_1"],
      ["con_3", null],
    ]);
  });

  it("names a ledger entry that no audit entry bears out; that a sending rests on it is no proof of it", () => {
    const withoutGrant = ENTRIES.filter(({ action }) => action !== "consent.granted");

    const { rows, totals } = consentEvidenceReport([GRANT], withoutGrant, SUBJECT);

    expect(rows.find(({ event }) => event === "granted")).toMatchObject({ sequence: "none in this export" });
    expect(totals["ledger entries without an audit entry"]).toBe(1);
  });

  it("ends at the moment that is asked for", () => {
    const { rows } = consentEvidenceReport([GRANT, STOP], ENTRIES, {
      ...SUBJECT,
      to: new Date("2026-11-05T10:00:00.000Z"),
    });

    expect(rows.map(({ event }) => event)).toEqual(["number put on record", "granted"]);
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
