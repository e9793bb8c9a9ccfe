import { describe, expect, it } from "vitest";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { consentEvidenceReport } from "#shared/audit/reports/consent-evidence.ts";
import type { LedgerRow } from "#shared/audit/reports/ledger-row.ts";
import { aPatientsWorld } from "#test/unit/inbound/world.ts";

describe("ledger and audit as the service writes them", () => {
  it("agree in every entry, whoever decided it and however it came", async () => {
    const { world, patientId } = await aPatientsWorld();
    for (const text of ["STOP", "START", "please stop texting me"]) {
      world.clock.advance(60);
      await world.text(text);
    }
    world.clock.advance(60);
    await world.grant(patientId, { purpose: "billing" });
    world.clock.advance(60);
    await world.grant(patientId, { purpose: "billing", decision: "revoked", acknowledgements: undefined });
    world.clock.advance(600);
    const until = world.clock.now();

    const ledger = world.ledger(patientId).map((row) => ({ ...row, hasEvidence: true, isRewritten: false }));
    const { rows, remarks } = consentEvidenceReport(
      ledger as unknown as readonly LedgerRow[],
      world.entries(patientId) as readonly AuditEntry[],
      { subject: { patientId }, to: until },
      { ledgerUntil: until, auditUntil: until, otherConsents: new Set() },
    );

    const told = rows.filter(({ ledgerAndAudit }) => ledgerAndAudit !== null);
    // Two grants, ended, restored and ended again by text; and two decisions that staff recorded.
    expect(told.map(({ event, ledgerAndAudit }) => `${event}: ${ledgerAndAudit}`)).toEqual([
      "granted: agree",
      "granted: agree",
      "revoked: agree",
      "revoked: agree",
      "granted again by START: agree",
      "granted again by START: agree",
      "revoked: agree",
      "revoked: agree",
      "granted: agree",
      "revoked: agree",
    ]);
    expect(remarks).toEqual([]);
  });
});
