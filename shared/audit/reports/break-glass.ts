import type { AuditEntry } from "../journal.ts";
import { isEmergency } from "./actions.ts";
import { detailsInWords } from "./detail-words.ts";
import { compareTexts } from "./order.ts";
import type { Cell, Column, Report } from "./report.ts";

const COLUMNS: readonly Column[] = [
  { key: "at", title: "When", isTime: true },
  { key: "action", title: "Action" },
  { key: "actor", title: "Who" },
  { key: "role", title: "Role" },
  { key: "patientId", title: "Patient" },
  { key: "details", title: "Details" },
  { key: "requestId", title: "Request", isReference: true },
  { key: "chain", title: "Chain", isReference: true },
  { key: "sequence", title: "Audit entry", isReference: true },
];

const NOTES: readonly string[] = [
  "Access in an emergency, 45 CFR 164.312(a)(2)(ii): every entry whose action begins emergency-access.",
  "What was read in that time is in the report “accesses” of the patient.",
];

/** True for what belongs into this report. */
export function isBreakGlass({ action, at }: AuditEntry, to: Date): boolean {
  return isEmergency(action) && at < to.toISOString();
}

/** Uses of access in an emergency, of whatever entries are given, by time. */
export function breakGlassReport(entries: readonly AuditEntry[], lookedAt: number, to: Date): Report {
  const rows = entries
    .filter((entry) => isBreakGlass(entry, to))
    .toSorted((one, other) => compareTexts(one.at, other.at) || compareTexts(one.id, other.id))
    .map(
      (entry): Readonly<Record<string, Cell>> => ({
        at: entry.at,
        action: entry.action,
        actor: entry.actor,
        role: entry.role,
        patientId: entry.patientId ?? null,
        details: detailsInWords(entry),
        requestId: entry.requestId,
        chain: entry.chain,
        sequence: entry.sequence,
      }),
    );
  return {
    name: "break-glass",
    title: "Uses of access in an emergency",
    subject: {},
    period: { from: null, to: to.toISOString() },
    columns: COLUMNS,
    rows,
    empty: "None recorded.",
    totals: { "audit entries looked at": lookedAt },
    notes: NOTES,
    signOff: true,
  };
}
