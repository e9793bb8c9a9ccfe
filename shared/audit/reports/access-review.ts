import type { AuditEntry } from "../journal.ts";
import { classOf, isEmergency, type Shown } from "./actions.ts";
import { textOf } from "./details.ts";
import { compareTexts } from "./order.ts";
import { type Cell, type Column, fingerprintOf, type Report } from "./report.ts";

const COLUMNS: readonly Column[] = [
  { key: "actor", title: "Who" },
  { key: "roles", title: "Roles" },
  { key: "signIns", title: "Sign-ins" },
  { key: "patients", title: "Patients seen" },
  { key: "content", title: "Readings of content" },
  { key: "contact", title: "Readings of contact details" },
  { key: "identity", title: "Look-ups of patients" },
  { key: "consent", title: "Readings of consents" },
  { key: "record", title: "Readings of audit and reports" },
  { key: "list", title: "Lists of threads, tasks and visits" },
  { key: "outOfHours", title: "Readings out of hours" },
  { key: "changes", title: "Changes" },
  { key: "exports", title: "Exports" },
  { key: "refused", title: "Refused attempts" },
  { key: "emergency", title: "Emergency access" },
  { key: "unknown", title: "Unknown actions" },
  { key: "first", title: "First act", isTime: true },
  { key: "last", title: "Last act", isTime: true },
];

/** People and machine clients; functions and patients are counted and not listed. */
const REVIEWED = /^(?:staff|client)_/;

/** The entry of a review that somebody stands for; it names the month and the report's fingerprint. */
export const SIGNED_OFF = "access-review.signed-off";

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

function notesFor({ timeZone, hours }: AccessReviewAsked): readonly string[] {
  return [
    "Review of activity in the system, 45 CFR 164.308(a)(1)(ii)(D): people and machine clients, one row each.",
    `A month of ${timeZone}. Out of hours is outside of ${hours}; lists count as readings there, too.`,
    "Patients seen: patients of whom content, contact details, identity or consents were shown.",
    "Refused attempts are those that the audit holds: messages, links and questions that rules refused. A call whose role " +
      "did not allow it and a failed sign-in are not in the audit: the function's log (REQUEST_REFUSED), the metrics " +
      "and the user pool's own log have them.",
    "Whoever reviewed it says so with POST /v1/audit/access-reviews/{month}/sign-off and the SHA-256 above.",
    "staff_… is a person's name in the user pool (Cognito's sub) and client_… a machine's: infra/audit/report/README.md " +
      "says how to look them up.",
  ];
}

/** What is wrong with the month as a whole. */
function gapsOf(
  { month, from, to, knownUntil }: AccessReviewAsked,
  begins: string | null,
): readonly string[] {
  const begun = begins === null ? null : new Date(begins);
  const isLate = begun !== null && begun > from;
  return [
    ...(knownUntil < to
      ? [`The record is read until ${knownUntil.toISOString()}: ${month} was not over. Make this anew.`]
      : []),
    ...(isLate
      ? [
          `The record begins ${begun.toISOString()}: ` +
            (begun < to ? `${month} is not in it from its first day on.` : `${month} is not in it at all.`),
        ]
      : []),
  ];
}

/** Who signed the month off, and whether it was this very report. */
function signingsOf(month: string, signOffs: readonly AuditEntry[], sha256: string): readonly string[] {
  if (signOffs.length === 0) return [`Nobody has signed ${month} off in what was read.`];
  return signOffs
    .toSorted((one, other) => compareTexts(one.at, other.at))
    .map((entry) => {
      const signed = textOf(entry, "sha256") ?? "none";
      const remark = textOf(entry, "remark");
      return (
        `Signed off by ${entry.actor} (${entry.role}) at ${entry.at}${remark === undefined ? "" : `, ${remark}`}: ` +
        `SHA-256 ${signed}, ` +
        (signed === sha256 ? "which is this report's." : "which is NOT this report's.")
      );
    });
}

function rowOf(actor: string, counts: Counts): Readonly<Record<string, Cell>> {
  const { roles, patients, shown, ...rest } = counts;
  return { actor, roles: [...roles].sort().join(" "), patients: patients.size, ...shown, ...rest };
}

/** Counts a month's accesses, entry by entry in any order, each once. What it keeps grows with people and patients seen. */
export function createAccessReview(asked: AccessReviewAsked) {
  const from = asked.from.toISOString();
  const to = asked.to.toISOString();
  const knownUntil = asked.knownUntil.toISOString();
  const actors = new Map<string, Counts>();
  const signOffs: AuditEntry[] = [];
  let lookedAt = 0;
  let isBegun = false;
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

  const isSignOff = (entry: AuditEntry) =>
    entry.action === SIGNED_OFF && textOf(entry, "month") === asked.month && entry.at < knownUntil;

  return {
    /** True where the entry counts: as one of the month, or as its sign-off. */
    covers: (entry: AuditEntry): boolean => (entry.at >= from && entry.at < to) || isSignOff(entry),
    /** True once an entry from before the month has come: it is in the record from its first day on. */
    isBegun: (): boolean => isBegun,
    add(entry: AuditEntry): void {
      if (isSignOff(entry)) signOffs.push(entry);
      if (entry.at < from) isBegun = true;
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
    /** The report; `begins` is when the record does, where that is known to matter. */
    report(begins: string | null): Report {
      const report: Report = {
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
      const remarks = [...gapsOf(asked, begins), ...signingsOf(asked.month, signOffs, fingerprintOf(report))];
      return { ...report, remarks };
    },
  };
}
