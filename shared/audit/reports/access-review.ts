import type { AuditEntry } from "../journal.ts";
import { classOf, isEmergency, type Shown } from "./actions.ts";
import { compareTexts } from "./order.ts";
import type { Cell, Column, Report } from "./report.ts";

const COLUMNS: readonly Column[] = [
  { key: "actor", title: "Who" },
  { key: "roles", title: "Roles" },
  { key: "signIns", title: "Sign-ins" },
  { key: "patients", title: "Patients seen" },
  { key: "content", title: "Readings of content" },
  { key: "contact", title: "of contact details" },
  { key: "identity", title: "Look-ups" },
  { key: "consent", title: "of consents" },
  { key: "record", title: "of audit and reports" },
  { key: "list", title: "Lists" },
  { key: "outOfHours", title: "Readings out of hours" },
  { key: "changes", title: "Changes" },
  { key: "exports", title: "Exports" },
  { key: "refused", title: "Refused attempts" },
  { key: "emergency", title: "Emergency access" },
  { key: "unknown", title: "Unknown actions" },
  { key: "first", title: "First", isTime: true },
  { key: "last", title: "Last", isTime: true },
];

/** People and machine clients; functions and patients are counted and not listed. */
const REVIEWED = /^(?:staff|client)_/;

/** What a review is made for. */
export interface AccessReviewAsked {
  /** `YYYY-MM`, as calendars of `timeZone` have it. */
  readonly month: string;
  /** Its first moment, and that of the next month. */
  readonly from: Date;
  readonly to: Date;
  readonly timeZone: string;
  /** Whether the practice is open; the hours as somebody reads them. */
  readonly isOpen: (at: Date) => boolean;
  readonly hours: string;
  /** From when on nothing more is known: the export's time. The month may not be over. */
  readonly knownUntil: Date;
}

interface Counts {
  readonly roles: Set<string>;
  readonly patients: Set<string>;
  readonly shown: Record<Shown, number>;
  signIns: number;
  outOfHours: number;
  changes: number;
  exports: number;
  refused: number;
  emergency: number;
  unknown: number;
  first: string;
  last: string;
}

function noCounts(at: string): Counts {
  return {
    roles: new Set(),
    patients: new Set(),
    shown: { content: 0, contact: 0, identity: 0, consent: 0, record: 0, list: 0 },
    signIns: 0,
    outOfHours: 0,
    changes: 0,
    exports: 0,
    refused: 0,
    emergency: 0,
    unknown: 0,
    first: at,
    last: at,
  };
}

function notesFor({ month, timeZone, hours, to, knownUntil }: AccessReviewAsked): readonly string[] {
  return [
    ...(knownUntil < to
      ? [`The record is read until ${knownUntil.toISOString()}: ${month} was not over. Make this anew.`]
      : []),
    "Review of activity in the system, 45 CFR 164.308(a)(1)(ii)(D): people and machine clients, one row each.",
    `A month of ${timeZone}. Out of hours is outside of ${hours}; lists count as readings there, too.`,
    "Patients seen: patients of whom content, contact details, identity or consents were shown.",
    "Refused attempts are those that the audit holds: messages, links and questions that rules refused. A call whose role " +
      "did not allow it and a failed sign-in are not in the audit: the function's log (REQUEST_REFUSED), the metrics " +
      "and the user pool's own log have them.",
    "Whoever reviewed it says so with POST /v1/audit/access-reviews/{month}/sign-off and the SHA-256 above.",
  ];
}

function rowOf(actor: string, counts: Counts): Readonly<Record<string, Cell>> {
  const { roles, patients, shown, ...rest } = counts;
  return { actor, roles: [...roles].sort().join(" "), patients: patients.size, ...shown, ...rest };
}

/** Counts a month's accesses, entry by entry in any order, each once. What it keeps grows with people and patients seen. */
export function createAccessReview(asked: AccessReviewAsked) {
  const from = asked.from.toISOString();
  const to = asked.to.toISOString();
  const actors = new Map<string, Counts>();
  let lookedAt = 0;
  let others = 0;

  function countReading(counts: Counts, shows: Shown, { at, patientId }: AuditEntry): void {
    counts.shown[shows] += 1;
    if (patientId !== undefined && shows !== "record" && shows !== "list") counts.patients.add(patientId);
    if (!asked.isOpen(new Date(at))) counts.outOfHours += 1;
  }

  function count(counts: Counts, entry: AuditEntry): void {
    const { action, at, role } = entry;
    counts.roles.add(role);
    if (at < counts.first) counts.first = at;
    if (at > counts.last) counts.last = at;
    if (isEmergency(action)) {
      counts.emergency += 1;
      return;
    }
    const known = classOf(action);
    if (known === undefined) {
      counts.unknown += 1;
      return;
    }
    if (known.shows !== undefined) countReading(counts, known.shows, entry);
    if (known.counts === "sign-in") counts.signIns += 1;
    if (known.counts === "export") counts.exports += 1;
    if (known.counts === "refused") counts.refused += 1;
    const changes = known.counts === undefined && (known.shows === undefined || action === "patient.changed");
    if (changes) counts.changes += 1;
  }

  return {
    /** True where the entry is of the month. */
    covers: ({ at }: Pick<AuditEntry, "at">): boolean => at >= from && at < to,
    add(entry: AuditEntry): void {
      if (entry.at < from || entry.at >= to) return;
      lookedAt += 1;
      if (!REVIEWED.test(entry.actor)) {
        others += 1;
        return;
      }
      const counts = actors.get(entry.actor) ?? noCounts(entry.at);
      actors.set(entry.actor, counts);
      count(counts, entry);
    },
    report(): Report {
      return {
        name: "access-review",
        title: `Access review of ${asked.month}`,
        subject: { month: asked.month },
        period: { from, to },
        columns: COLUMNS,
        rows: [...actors]
          .sort(([one], [other]) => compareTexts(one, other))
          .map(([actor, c]) => rowOf(actor, c)),
        empty: "Nobody did anything in this month.",
        totals: {
          "audit entries of the month": lookedAt,
          "of functions and patients, not listed": others,
        },
        notes: notesFor(asked),
        signOff: true,
      };
    },
  };
}
