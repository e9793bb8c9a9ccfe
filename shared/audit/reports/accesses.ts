import type { AuditEntry } from "../journal.ts";
import { classOf, type Shown } from "./actions.ts";
import { detailsInWords } from "./detail-words.ts";
import { textsOf } from "./details.ts";
import { knownBefore } from "./known.ts";
import { type Cell, type Column, fingerprintOf, type Report } from "./report.ts";

const COLUMNS: readonly Column[] = [
  { key: "at", title: "When", isTime: true },
  { key: "actor", title: "Who" },
  { key: "role", title: "Role" },
  { key: "shows", title: "Kind" },
  { key: "action", title: "Action" },
  { key: "did", title: "What they did" },
  { key: "what", title: "Of what" },
  { key: "function", title: "Function", isReference: true },
  { key: "requestId", title: "Request", isReference: true },
  { key: "sequence", title: "Audit entry", isReference: true },
  { key: "chain", title: "In the chain", isReference: true },
];

const NOTES: readonly string[] = [
  "Every entry of the patient's chain that says that somebody was shown something of the patient: words (content), " +
    "names, birth date and contact details (contact), that the practice knows the patient (identity), consents " +
    "(consent), what the audit says (record). Entries are written before anything is shown.",
  "An action that this version does not know is listed as unknown rather than left out.",
  "The delivery state of messages, which holds no words, and lists of threads and tasks by id are not in a patient's " +
    "chain. Readings by machinery, such as opening a number to text it, are not listed: nobody sees them.",
  "Who reads the audit by what somebody did, or the list of a day's visits, sees something of many patients, and that " +
    "reading is in the reader's own chain, with the patients of whom something was shown. Such readings are listed, with " +
    "their chain, where the report is made from an export, and not where it is made from the table itself, which shows " +
    "the patient's chain alone.",
  "What AWS administrators do to tables and keys is in CloudTrail, not here.",
];

const SHOWN_AS: Readonly<Record<Shown | "unknown", string>> = {
  content: "content",
  contact: "contact",
  identity: "identity",
  consent: "consent",
  record: "record",
  list: "list",
  unknown: "unknown",
};

/** What of an entry was shown to somebody; `unknown` where its action is, undefined where nothing was. */
export function shownBy({ action }: AuditEntry): Shown | "unknown" | undefined {
  const known = classOf(action);
  return known === undefined ? "unknown" : known.shows;
}

function rowOf(entry: AuditEntry, shows: Shown | "unknown"): Readonly<Record<string, Cell>> {
  return {
    at: entry.at,
    actor: entry.actor,
    role: entry.role,
    shows: SHOWN_AS[shows],
    action: entry.action,
    did: classOf(entry.action)?.says ?? "an action that this version does not know",
    what: detailsInWords(entry),
    function: entry.function,
    requestId: entry.requestId,
    sequence: entry.sequence,
    chain: null,
  };
}

/** What shows something of many patients and stands in the reader's own chain, with their ids. */
const OF_MANY: ReadonlySet<string> = new Set(["audit.read", "appointments.listed"]);

/** Says that somebody who read the audit by what an actor did, or the visits of a day, was shown something of this patient. */
export function readsOfMany(entry: AuditEntry, patientId: string): boolean {
  return OF_MANY.has(entry.action) && textsOf(entry, "patientIds").includes(patientId);
}

/** A reading that stands in the reader's own chain; the other patients whom it showed are nobody's business here. */
function rowOfReading(entry: AuditEntry): Readonly<Record<string, Cell>> {
  const { patientIds: _patientIds, ...details } = entry.details ?? {};
  return { ...rowOf({ ...entry, details }, shownBy(entry) ?? "unknown"), chain: entry.chain };
}

/** What a report of accesses is asked for: moments before `to`, from `from` on; null: from the beginning. */
export interface AccessesAsked {
  readonly patientId: string;
  readonly from: Date | null;
  readonly to: Date;
  /** Readings of the patient's entries that stand in other chains, where they are known. */
  readonly elsewhere?: readonly AuditEntry[];
}

/** Who saw what of a patient, from the patient's chain in its order. */
export function accessesReport(chain: readonly AuditEntry[], asked: AccessesAsked): Report {
  const from = asked.from?.toISOString() ?? null;
  const to = asked.to.toISOString();
  const isWithin = ({ at }: AuditEntry) => at < to && (from === null || at >= from);
  const within = knownBefore(chain, "accesses", to).filter(isWithin);
  const rows = within.flatMap((entry) => {
    const shows = shownBy(entry);
    return shows === undefined ? [] : [rowOf(entry, shows)];
  });
  const elsewhere = (asked.elsewhere ?? []).filter(isWithin).map(rowOfReading);
  const own: Report = {
    name: "accesses",
    title: "Who saw what of a patient",
    subject: { patientId: asked.patientId },
    period: { from, to },
    columns: COLUMNS,
    rows,
    empty: "No access is on record in this period.",
    totals: { "audit entries looked at": within.length },
    notes: NOTES,
    signOff: false,
  };
  if (elsewhere.length === 0) return own;
  const sha256 = fingerprintOf(own);
  return {
    ...own,
    rows: [...rows, ...elsewhere],
    notes: [
      ...NOTES,
      `The last rows (${elsewhere.length}) are such readings. Without them the SHA-256 of what this report says is ${sha256}, as the ` +
        "audit has it where the same report was given from the table itself.",
    ],
  };
}
