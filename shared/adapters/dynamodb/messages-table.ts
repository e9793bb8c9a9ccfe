import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { ALERT_KINDS } from "../../domain/alerts/kinds.ts";
import type { CapClass } from "../../domain/sending/caps.ts";
import { ALERT_STATUSES, CHANNELS, LANGUAGES, PURPOSES, THREAD_STATES } from "../../domain/words.ts";
import type {
  AlertRecord,
  FollowUpField,
  LinkRecord,
  MessageRecord,
  NoteRecord,
  PatientMarks,
  SentTexts,
  ThreadRecord,
} from "../../messaging/records.ts";
import { ABSENT, atVersion, type Condition, check, PRESENT, put, update } from "./items.ts";

const DUE_SHARDS = 4;
const DAY_SECONDS = 24 * 60 * 60;
/** So long after its end a link still unsubscribes and asks for a new one; then the table may drop it. */
const LINK_KEPT_SECONDS = 30 * DAY_SECONDS;

/** Of alerts and links from before their senders were kept: no mark names it, which are `staff_…` and `client_…`. */
const SENDER_UNKNOWN = "unknown";
/** What signed all links from before their keys had ids. */
const FIRST_LINK_KEY_ID = 1;

const Tier = z.literal([1, 2, 3]);
const Time = z.iso.datetime();
const Bytes = z.instanceof(Uint8Array);

const Receipt = z.object({
  tier: Tier,
  classifierVersion: z.string(),
  reasonCount: z.int(),
  voices: z.array(z.string()),
  minimumTier: Tier.nullable(),
  consentId: z.string().nullable(),
  template: z.string().nullable(),
  channel: z.enum(CHANNELS).nullable(),
});

const Message = z.object({
  id: z.string(),
  patientId: z.string(),
  threadId: z.string(),
  alertId: z.string().nullable(),
  purpose: z.enum(PURPOSES),
  tier: Tier,
  sender: z.string(),
  createdAt: Time,
  expiresAt: Time.nullable(),
  receipt: Receipt,
  revokedAt: Time.nullable(),
  // Of records from before there was the portal to write in.
  via: z.enum(["portal", "text"]).nullable().default(null),
  proven: z.boolean().nullable().default(null),
  seenAt: Time.nullable().default(null),
  attachmentIds: z.array(z.string()).default([]),
  content: Bytes,
});

const Thread = z.object({
  id: z.string(),
  patientId: z.string(),
  threadState: z.enum(THREAD_STATES),
  stateSince: Time,
  assignee: z.string().nullable(),
  highestTier: Tier,
  createdAt: Time,
  replyTaskId: z.string().nullable(),
  version: z.int(),
});

const SlotReferences = z.object({
  location: z.string().nullable(),
  provider: z.string().nullable(),
  pharmacy: z.string().nullable(),
  at: Time.nullable(),
  // Of records from before notices told their visit's own.
  timeZone: z.string().nullable().default(null),
});

const Alert = z.object({
  id: z.string(),
  patientId: z.string(),
  kind: z.enum(ALERT_KINDS),
  messageId: z.string().nullable(),
  threadId: z.string().nullable(),
  purpose: z.enum(PURPOSES).nullable(),
  sender: z.string().nullable().default(SENDER_UNKNOWN),
  channel: z.enum(CHANNELS),
  status: z.enum(ALERT_STATUSES),
  reason: z.string().nullable(),
  template: z.string(),
  language: z.enum(LANGUAGES),
  tier: Tier,
  consentId: z.string().nullable(),
  queue: z.enum(["urgent", "bulk"]),
  createdAt: Time,
  expiresAt: Time.nullable(),
  linkLookup: z.string().nullable(),
  claimedAt: Time.nullable(),
  sentAt: Time.nullable(),
  providerMessageId: z.string().nullable(),
  dueAt: Time.nullable().default(null),
  numberIndex: z.string().nullable(),
  concerns: z.string().nullable(),
  optOutList: z.enum(["list", "lift"]).nullable(),
  nudges: z.int(),
  taskId: z.string().nullable(),
  fallbackId: z.string().nullable(),
  repliesToPatient: z.boolean(),
  heldUntil: Time.nullable(),
  // Of records from before there were visits and chosen templates.
  visitDay: z.iso.date().nullable().default(null),
  offsetHours: z.number().nullable().default(null),
  slots: SlotReferences.nullable().default(null),
});

const SentTextsItem = z.object({
  texts: z.array(z.object({ alertId: z.string(), at: Time })),
  version: z.int(),
});

const ReadMark = z.object({ at: Time });

const Link = z.object({
  lookup: z.string(),
  patientId: z.string(),
  messageId: z.string(),
  threadId: z.string(),
  alertId: z.string(),
  sender: z.string().default(SENDER_UNKNOWN),
  purpose: z.enum(PURPOSES),
  language: z.enum(LANGUAGES),
  consentId: z.string(),
  keyId: z.int().min(1).max(255).default(FIRST_LINK_KEY_ID),
  createdAt: Time,
  expiresAt: Time,
  misses: z.int(),
  diedAt: Time.nullable(),
  codeMac: Bytes.nullable(),
  codeExpiresAt: Time.nullable(),
});

const Marks = z.object({
  linksRevokedBefore: Time.nullable().default(null),
  erasedAt: Time.nullable().default(null),
});

const Note = z.object({
  id: z.string(),
  threadId: z.string(),
  author: z.string(),
  createdAt: Time,
  content: Bytes,
});

const Revocation = z.object({ before: Time });

const Reference = z.object({ patientId: z.string() });
const ProviderReference = z.object({ patientId: z.string(), alertId: z.string() });

function isoToSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** Where urgent alerts are due: few, and found at once whatever else is overdue. */
export const URGENT_DUE_SHARD = "due#urgent";

/** The shard of the due index for an alert: spreads writers, found again from the alert alone. */
export function dueShard({ id, queue }: Pick<AlertRecord, "id" | "queue">): string {
  return queue === "urgent" ? URGENT_DUE_SHARD : `due#${id.charCodeAt(id.length - 1) % DUE_SHARDS}`;
}

/** All other shards of the due index. */
export const BULK_DUE_SHARDS: readonly string[] = Array.from(
  { length: DUE_SHARDS },
  (_, shard) => `due#${shard}`,
);

/** An alert's stored form: the due attributes exist only while something must still happen. */
function alertItem(table: string, alert: AlertRecord) {
  const { dueAt, ...rest } = alert;
  const due = dueAt === null ? {} : { dueAt, dueShard: dueShard(alert) };
  return { table, item: { pk: alert.patientId, sk: `alert#${alert.id}`, ...rest, ...due } };
}

/** Lookups and writes of the `Messages` table: threads, messages, alerts, links, marks. */
export function createMessagesTable(table: string) {
  const keys = {
    message: (patientId: string, id: string) => ({ pk: patientId, sk: `msg#${id}` }),
    thread: (patientId: string, id: string) => ({ pk: patientId, sk: `thread#${id}` }),
    alert: (patientId: string, id: string) => ({ pk: patientId, sk: `alert#${id}` }),
    link: (lookup: string) => ({ pk: `link#${lookup}`, sk: "link" }),
    note: (patientId: string, id: string) => ({ pk: patientId, sk: `note#${id}` }),
    marks: (patientId: string) => ({ pk: patientId, sk: "marks" }),
    revocation: (patientId: string, id: string) => ({ pk: patientId, sk: `revoked#${id}` }),
    newestLink: (patientId: string, threadId: string) => ({ pk: patientId, sk: `newest#${threadId}` }),
    sentTexts: (patientId: string, capClass: CapClass) => ({ pk: patientId, sk: `sent#${capClass}` }),
    readMark: (patientId: string, threadId: string) => ({ pk: patientId, sk: `read#${threadId}` }),
    provider: (providerMessageId: string) => ({ pk: `provider#${providerMessageId}`, sk: "ref" }),
    reference: (id: string) => ({ pk: id, sk: "ref" }),
  };
  return {
    table,
    keys,
    parse: { message: (item: unknown): MessageRecord => Message.parse(item) },
    message: (patientId: string, id: string): Lookup<MessageRecord> => ({
      table,
      key: keys.message(patientId, id),
      parse: (item) => Message.parse(item),
    }),
    thread: (patientId: string, id: string): Lookup<ThreadRecord> => ({
      table,
      key: keys.thread(patientId, id),
      parse: (item) => Thread.parse(item),
    }),
    alert: (patientId: string, id: string): Lookup<AlertRecord> => ({
      table,
      key: keys.alert(patientId, id),
      parse: (item) => Alert.parse(item),
    }),
    link: (lookup: string): Lookup<LinkRecord> => ({
      table,
      key: keys.link(lookup),
      parse: (item) => Link.parse(item),
    }),
    marks: (patientId: string): Lookup<PatientMarks> => ({
      table,
      key: keys.marks(patientId),
      parse: (item) => Marks.parse(item),
    }),
    /** The texts of one class that a patient got lately; what caps count. */
    sentTexts: (patientId: string, capClass: CapClass): Lookup<SentTexts> => ({
      table,
      key: keys.sentTexts(patientId, capClass),
      parse: (item) => SentTextsItem.parse(item),
    }),
    /** Replaces the texts that caps count, where they are at `version` (0: none yet). */
    setSentTexts: (
      patientId: string,
      capClass: CapClass,
      texts: SentTexts["texts"],
      version: number,
    ): Write =>
      put(table, { ...keys.sentTexts(patientId, capClass), texts, version: version + 1 }, atVersion(version)),
    /** When the patient last read a thread in the portal. */
    readMark: (patientId: string, threadId: string): Lookup<{ readonly at: string }> => ({
      table,
      key: keys.readMark(patientId, threadId),
      parse: (item) => ReadMark.parse(item),
    }),
    /** Notes that the patient reads a thread in the portal. */
    markRead: (patientId: string, threadId: string, at: string): Write =>
      put(table, { ...keys.readMark(patientId, threadId), at }),
    /** When a message's links were killed; links made before that are dead. */
    revocation: (patientId: string, messageId: string): Lookup<{ readonly before: string }> => ({
      table,
      key: keys.revocation(patientId, messageId),
      parse: (item) => Revocation.parse(item),
    }),
    /** Which patient a message, thread or alert belongs to, by its id alone. */
    owner: (id: string): Lookup<{ readonly patientId: string }> => ({
      table,
      key: keys.reference(id),
      parse: (item) => Reference.parse(item),
    }),
    /** Adds a message with the row that finds it by id. */
    addMessage: (message: MessageRecord): Write[] => [
      put(table, { ...keys.message(message.patientId, message.id), ...message }, ABSENT),
      put(table, { ...keys.reference(message.id), patientId: message.patientId }, ABSENT),
      // A thread's messages are found by the thread, however many others the patient has.
      put(table, { pk: message.threadId, sk: `msg#${message.id}` }, ABSENT),
    ],
    /** Kills every link of the message that was made before `before`, and hides the message. */
    revokeMessage: (patientId: string, messageId: string, before: string): Write[] => [
      put(table, { ...keys.revocation(patientId, messageId), before }),
      update({
        table,
        key: keys.message(patientId, messageId),
        set: { revokedAt: before },
        condition: PRESENT,
      }),
    ],
    /** Holds a transaction to the message not having been revoked since the alert was asked for. */
    notRevokedSince: (alert: AlertRecord, messageId: string): Write =>
      check(table, keys.revocation(alert.patientId, messageId), {
        expression: "attribute_not_exists(pk) OR #before < :asked",
        names: { "#before": "before" },
        values: { ":asked": alert.createdAt },
      }),
    /** Makes an alert the one that the message's state speaks of. */
    pointToAlert: (message: Pick<MessageRecord, "patientId" | "id">, alertId: string): Write =>
      update({
        table,
        key: keys.message(message.patientId, message.id),
        set: { alertId },
        condition: PRESENT,
      }),
    /** Adds a thread with the row that finds it by id. */
    addThread: (thread: ThreadRecord): Write[] => [
      put(table, { ...keys.thread(thread.patientId, thread.id), ...thread }, ABSENT),
      put(table, { ...keys.reference(thread.id), patientId: thread.patientId }, ABSENT),
    ],
    /** Changes a thread that is still at `version`. */
    changeThread: (thread: ThreadRecord, set: Partial<ThreadRecord>): Write =>
      update({
        table,
        key: keys.thread(thread.patientId, thread.id),
        set: { ...set, version: thread.version + 1 },
        condition: {
          expression: "#version = :version",
          names: { "#version": "version" },
          values: { ":version": thread.version },
        },
      }),
    /** Gives a thread another version, whatever it is at, where something that it shows has changed. */
    bumpThread: (patientId: string, threadId: string): Write =>
      update({ table, key: keys.thread(patientId, threadId), add: { version: 1 }, condition: PRESENT }),
    /** Notes that the practice has opened what a patient wrote. */
    markSeen: (patientId: string, messageId: string, at: string): Write =>
      update({ table, key: keys.message(patientId, messageId), set: { seenAt: at }, condition: PRESENT }),
    /** A note of staff. */
    note: (patientId: string, id: string): Lookup<NoteRecord> => ({
      table,
      key: keys.note(patientId, id),
      parse: (item) => Note.parse(item),
    }),
    /** Adds a note of staff to a thread, with the row that finds it by the thread. */
    addNote: (patientId: string, note: NoteRecord): Write[] => [
      put(table, { ...keys.note(patientId, note.id), ...note }, ABSENT),
      put(table, { pk: note.threadId, sk: `note#${note.id}` }, ABSENT),
    ],
    /** Adds an alert with the row that finds it by id. */
    addAlert: (alert: AlertRecord): Write[] => {
      const { item } = alertItem(table, alert);
      return [
        put(table, item, ABSENT),
        put(table, { ...keys.reference(alert.id), patientId: alert.patientId }, ABSENT),
      ];
    },
    /**
     * Moves an alert that is in one of the states `from`, and whose fields `asRead` are still as they were
     * read; a null `dueAt` takes it off the index.
     */
    moveAlert: (
      alert: AlertRecord,
      from: readonly AlertRecord["status"][],
      set: Partial<AlertRecord>,
      asRead: readonly FollowUpField[] = [],
    ): Write => {
      const { dueAt, ...rest } = set;
      const states = from.map((status, index) => [`:from${index}`, status] as const);
      const seen = asRead.map((field) => [`:seen${field}`, alert[field]] as const);
      return update({
        table,
        key: keys.alert(alert.patientId, alert.id),
        set: {
          ...rest,
          ...(typeof dueAt === "string" ? { dueAt, dueShard: dueShard(alert) } : {}),
        },
        remove: dueAt === null ? ["dueAt", "dueShard"] : [],
        condition: {
          expression: [
            `#status IN (${states.map(([name]) => name).join(", ")})`,
            ...asRead.map((field) => `${field} = :seen${field}`),
          ].join(" AND "),
          names: { "#status": "status" },
          values: Object.fromEntries([...states, ...seen]),
        },
      });
    },
    /** Finds an alert by the id that the provider gave its text. */
    addProviderMessage: (providerMessageId: string, alert: AlertRecord): Write =>
      put(table, {
        ...keys.provider(providerMessageId),
        patientId: alert.patientId,
        alertId: alert.id,
      }),
    /** The alert behind a text of the provider. */
    byProviderMessage: (
      providerMessageId: string,
    ): Lookup<{ readonly patientId: string; readonly alertId: string }> => ({
      table,
      key: keys.provider(providerMessageId),
      parse: (item) => ProviderReference.parse(item),
    }),
    /**
     * Adds a link. DynamoDB may drop it 30 days after it expired, and with it what it still does then: to
     * unsubscribe, and to ask for a new one.
     */
    addLink: (link: LinkRecord): Write =>
      put(
        table,
        {
          ...keys.link(link.lookup),
          ...link,
          expiresAtSeconds: isoToSeconds(link.expiresAt) + LINK_KEPT_SECONDS,
        },
        ABSENT,
      ),
    /** Makes a link the newest of its thread, unless a newer one is that already. */
    supersedeLinks: (link: LinkRecord): Write =>
      put(
        table,
        {
          ...keys.newestLink(link.patientId, link.threadId),
          lookup: link.lookup,
          createdAt: link.createdAt,
          // Older links of the thread are gone sooner.
          expiresAtSeconds: isoToSeconds(link.expiresAt) + LINK_KEPT_SECONDS + DAY_SECONDS,
        },
        {
          expression: "attribute_not_exists(pk) OR createdAt <= :made",
          values: { ":made": link.createdAt },
        },
      ),
    /** Puts a new code in force on a link that lives. */
    setCode: (lookup: string, codeMac: Uint8Array, codeExpiresAt: string): Write =>
      update({
        table,
        key: keys.link(lookup),
        set: { codeMac, codeExpiresAt },
        condition: {
          expression: "diedAt = :alive",
          values: { ":alive": null },
        },
      }),
    /** Changes a link under a condition. */
    changeLink: (lookup: string, set: Partial<LinkRecord>, condition: Condition): Write =>
      update({ table, key: keys.link(lookup), set, condition }),
  };
}

/** Lookups and writes of the `Messages` table. */
export type MessagesTable = ReturnType<typeof createMessagesTable>;
