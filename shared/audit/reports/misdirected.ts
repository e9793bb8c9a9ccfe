import type { Channel } from "../../domain/words.ts";
import type { AuditEntry } from "../journal.ts";
import { CONTACT_NAMED } from "./contact-names.ts";
import { has, textOf, textsOf } from "./details.ts";

/** A text or e-mail that left, or may have left, for what was the patient's number or address at the time. */
interface Sent {
  /** The entry that claimed it, with what it said. */
  readonly claim: AuditEntry;
  readonly channel: Channel;
  /** Opaque name of the number or address; null where the record does not name it. */
  readonly contactId: string | null;
  /** False once it is certain that it did not leave or arrive. */
  status: "sent" | "delivered" | "unknown" | "not-delivered";
  /** When somebody first opened its link; what that took depends on the tier. */
  openedAt: string | null;
  /** The highest tier for which it was opened. */
  openedTier: number | null;
  /** Messages that were shown to whoever had opened it. */
  readonly shownMessageIds: Set<string>;
}

/** One that went to somebody else, as far as is known now. */
export interface Misdirected extends Sent {
  /** The entry that says whose the number or address is not. */
  readonly report: AuditEntry;
  /** When that was said; the entry may have come later. */
  readonly reportedAt: string;
}

/** What the record tells of alerts to people who were not the patient. */
export interface MisdirectionFindings {
  readonly misdirected: readonly Misdirected[];
  /** Reports that a number or address is not the patient's. */
  readonly reports: number;
  /** Alerts to such a number that certainly did not arrive. */
  readonly notDelivered: number;
  /** Numbers and addresses that were replaced or taken away without such a report. */
  readonly replaced: number;
}

/** From this entry on the number or address is known to be the patient's: put on record, or confirmed by the patient. */
interface Confirmed {
  readonly channel: Channel;
  readonly contactId: string | null;
  readonly at: string;
  readonly sequence: number;
}

/** Before anything is said of a contact. */
const UNNAMED = { contactId: null, at: "", sequence: 0 } as const;
/** A text and the task that it opened are one report. */
const SAME_REPORT_MS = 5 * 60 * 1000;

const ULID_TIME_CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The moment in a time-ordered id such as `tsk_01J…`; null for another form. */
function timeOf(id: string): string | null {
  const time = /^[a-z]+_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}$/.exec(id)?.[1];
  if (time === undefined) return null;
  const ms = [...time].reduce((sum, character) => sum * 32 + ULID_TIME_CHARACTERS.indexOf(character), 0);
  return ms <= 8.64e15 ? new Date(ms).toISOString() : null;
}

/**
 * Says that a number or address was reported as not the patient's: by a text from there, by the task that such a text
 * opens for staff, or in the portal. The task tells when it was opened, which is when the text came.
 */
function reportOf(entry: AuditEntry): { readonly channel: Channel; readonly at: string } | undefined {
  if (entry.details?.["wrongNumber"] === true) return { channel: "sms", at: entry.at };
  if (entry.details?.["wrongPerson"] === true) {
    return { channel: textOf(entry, "channel") === "email" ? "email" : "sms", at: entry.at };
  }
  const isTask = entry.action.startsWith("task.");
  if (!isTask || (textOf(entry, "kind") ?? textOf(entry, "taskKind")) !== "wrong-number") return undefined;
  return { channel: "sms", at: timeOf(textOf(entry, "taskId") ?? "") ?? entry.at };
}

/** What an entry says of the patient's number or address; an import repeats an older word of the patient. */
function confirmedBy(entry: AuditEntry, channel: Channel, contactId: string | null): Confirmed | undefined {
  const { action, at, sequence } = entry;
  const isSet = action === "patient.registered" || action === "patient.changed";
  if (isSet && has(entry, CONTACT_NAMED[channel])) {
    return { channel, contactId: textOf(entry, CONTACT_NAMED[channel]) ?? null, at, sequence };
  }
  const isConfirmed =
    action === "consent.granted" &&
    textOf(entry, "channel") === channel &&
    textOf(entry, "method") !== "import";
  if (!isConfirmed) return undefined;
  // A grant names what it is for, also where the record of it came before names were kept.
  return { channel, contactId: textOf(entry, "contactId") ?? contactId, at, sequence };
}

/** The alert as sent by this entry; undefined for another entry, and for an answer, which says nothing of the patient. */
function sentBy(claim: AuditEntry, contactOf: (channel: Channel) => string | null): Sent | undefined {
  if (claim.action !== "alert.claimed" || has(claim, "numberId")) return undefined;
  const channel = textOf(claim, "template")?.startsWith("email-") === true ? "email" : "sms";
  return {
    claim,
    channel,
    contactId: contactOf(channel),
    status: "unknown",
    openedAt: null,
    openedTier: null,
    shownMessageIds: new Set(),
  };
}

/** Notes what became of an alert, and of its link. */
function follow(sent: Sent, entry: AuditEntry): void {
  const { action, at, details } = entry;
  if (action === "alert.sent" && sent.status === "unknown") sent.status = "sent";
  if (action === "alert.delivered") sent.status = "delivered";
  // Put off or refused after the claim: it did not leave; reported as failed: it did not arrive.
  if (action === "alert.failed" || action === "alert.deferred") sent.status = "not-delivered";
  if (action === "session.opened") {
    const tier = details?.["tier"];
    sent.openedAt ??= at;
    if (typeof tier === "number") sent.openedTier = Math.max(tier, sent.openedTier ?? tier);
  }
  if (action === "thread.read" && entry.role === "patient") {
    for (const id of textsOf(entry, "messageIds")) sent.shownMessageIds.add(id);
  }
}

/**
 * Reads a patient's chain in its order and finds the alerts that went to somebody else: everything that was sent to a
 * number or address since it was put on record or last confirmed by the patient, up to the report that it is not theirs.
 */
export function findMisdirected(chain: readonly AuditEntry[]): MisdirectionFindings {
  const confirmed: Confirmed[] = [];
  const sent: Sent[] = [];
  const newest = new Map<string, Sent>();
  const reports: (Pick<Confirmed, "channel" | "contactId" | "at"> & { readonly entry: AuditEntry })[] = [];
  const disowningTasks = new Set<string>();
  const replacedContacts: Pick<Confirmed, "channel" | "contactId">[] = [];
  const contactAt = (channel: Channel, at?: string, named?: string | null): Omit<Confirmed, "channel"> =>
    confirmed.findLast(
      (one) =>
        one.channel === channel &&
        (at === undefined || one.at <= at) &&
        (named === undefined || one.contactId === named),
    ) ?? UNNAMED;

  for (const entry of chain) {
    for (const channel of ["sms", "email"] as const) {
      const { contactId } = contactAt(channel);
      const one = confirmedBy(entry, channel, contactId);
      if (one === undefined) continue;
      if (entry.action === "patient.changed" && contactId !== null)
        replacedContacts.push({ channel, contactId });
      confirmed.push(one);
    }
    const one = sentBy(entry, (channel) => contactAt(channel).contactId);
    if (one !== undefined) {
      sent.push(one);
      newest.set(textOf(entry, "alertId") ?? "", one);
    }
    const followed = newest.get(textOf(entry, "alertId") ?? "");
    if (followed !== undefined) follow(followed, entry);
    // What staff then do about it is no report of its own, and says nothing of the channel.
    const taskId = textOf(entry, "taskId") ?? "";
    if (entry.action === "link.disowned") disowningTasks.add(taskId);
    else if (disowningTasks.has(taskId)) continue;
    const report = reportOf(entry);
    if (report === undefined) continue;
    // A text names whose number it came from: that may have been replaced just before this entry.
    const contactId = textOf(entry, "contactId") ?? contactAt(report.channel, report.at).contactId;
    const isKnown = reports.some(
      (other) =>
        other.channel === report.channel &&
        other.contactId === contactId &&
        Math.abs(Date.parse(other.at) - Date.parse(report.at)) < SAME_REPORT_MS,
    );
    if (!isKnown) reports.push({ ...report, contactId, entry });
  }

  const found = new Map<Sent, Misdirected>();
  for (const { channel, contactId, at, entry } of reports) {
    const { sequence } = contactAt(channel, at, contactId);
    for (const one of sent) {
      const isConcerned =
        one.channel === channel &&
        one.contactId === contactId &&
        one.claim.sequence > sequence &&
        one.claim.at <= at;
      if (isConcerned && !found.has(one)) found.set(one, { ...one, report: entry, reportedAt: at });
    }
  }
  const all = [...found.values()].toSorted((one, other) => one.claim.sequence - other.claim.sequence);
  // Whoever opened its link had got it, whatever the carrier said.
  const hasArrived = ({ status, openedAt }: Sent) => status !== "not-delivered" || openedAt !== null;
  return {
    misdirected: all.filter(hasArrived),
    reports: reports.length,
    notDelivered: all.filter((one) => !hasArrived(one)).length,
    replaced: replacedContacts.filter(
      (one) =>
        !reports.some(({ channel, contactId }) => channel === one.channel && contactId === one.contactId),
    ).length,
  };
}
