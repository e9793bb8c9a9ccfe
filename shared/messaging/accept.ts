import type { Binding } from "../attachments/bind.ts";
import type { Asking, ChainHead, Journal, ReadSnapshot, Write } from "../audit/journal.ts";
import { type ConsentRefusal, refusalOf } from "../consent/decide.ts";
import { languageFor } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import { newestTemplateName } from "../domain/alerts/template-names.ts";
import { ALERT_VENDOR } from "../domain/vendors.ts";
import type { Purpose, Tier } from "../domain/words.ts";
import {
  type KeyedRequest,
  type RememberedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { VendorRecord } from "../practice/records.ts";
import type {
  ChosenTemplate,
  TemplateChoice,
  TemplateChoosing,
  UnusableTemplate,
} from "../vocabulary/chosen-template.ts";
import { type Assessment, assess, sealedReasons } from "./assess.ts";
import { newMessageAlert } from "./new-alert.ts";
import type {
  Classify,
  ConsentStore,
  MessageStore,
  PatientStore,
  PracticeStore,
  SealContent,
  SecondReader,
} from "./ports.ts";
import { asAccepted, readAgain, versionOf } from "./read-again.ts";
import type { AlertRecord, MessageRecord, StoredReceipt, ThreadRecord } from "./records.ts";

/** What a sender wants to say. */
export interface OutgoingMessage {
  readonly patientId: string;
  readonly purpose: Purpose;
  readonly subject?: string | undefined;
  readonly body: string;
  readonly threadId?: string | undefined;
  readonly reference?: string | undefined;
  readonly minimumTier?: Tier | undefined;
  readonly expiresAt?: string | undefined;
  readonly deliver?: "alert" | "portal-only" | undefined;
  /** Files of staff that go with it. */
  readonly attachments?: readonly string[] | undefined;
  /** What its alert shall say in place of the plain one. */
  readonly template?: TemplateChoice | undefined;
}

/** The answer to an accepted message. */
export interface Accepted {
  readonly id: string;
  readonly threadId: string;
  readonly alertId: string | null;
  readonly receipt: StoredReceipt;
}

/** A file that is not there, or cannot go with this message, by its place in the list. */
export interface UnknownAttachment {
  readonly kind: "unknown-attachment";
  readonly index: number;
}

/** What came of a message. */
export type AcceptOutcome =
  | { readonly kind: "accepted"; readonly accepted: Accepted; readonly assessment: Assessment }
  | { readonly kind: "refused"; readonly reason: ConsentRefusal }
  | { readonly kind: "unknown-patient" }
  | { readonly kind: "unknown-thread" }
  | { readonly kind: "expired" }
  | UnknownAttachment
  | UnusableTemplate
  | { readonly kind: "idempotency-conflict" };

/** What accepting a message needs. */
export interface AcceptPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly messages: MessageStore;
  readonly patients: PatientStore;
  readonly consents: ConsentStore;
  readonly practice: PracticeStore;
  /** Closes a task that is open. */
  readonly completeTask: (id: string, at: string, by: string) => Write;
  readonly classify: Classify;
  readonly classifierVersion: string;
  /** Null where the deployment has none. */
  readonly secondReader: SecondReader | null;
  readonly sealContent: SealContent;
  /** Looks at files that are to go with a message. */
  readonly bindable: (ids: readonly string[]) => Promise<Binding>;
  /** Loaded where a sender chose a template: few do. */
  readonly templates: () => Promise<TemplateChoosing>;
  /** Puts the alert request on its queue; where that fails, `remind` finds the alert by its due time. */
  readonly requestAlert: (alert: AlertRecord) => Promise<void>;
  readonly newId: (prefix: "msg" | "thr" | "alr", now?: Date) => string;
  readonly now: () => Date;
}

/** What was read for a decision. */
export interface Situation {
  readonly patient: PatientRecord;
  readonly consent: ConsentState | undefined;
  readonly vendor: VendorRecord | undefined;
  readonly thread: ThreadRecord | undefined;
  readonly head: ChainHead | null;
}

/** A situation, with what is remembered of the request; undefined where something is not there. */
export interface ReadSituation {
  readonly remembered: RememberedRequest | null;
  readonly patient: PatientRecord | undefined;
  readonly consent: ConsentState | undefined;
  readonly vendor: VendorRecord | undefined;
  readonly thread: ThreadRecord | undefined;
  readonly head: ChainHead | null;
}

/** The classifier's own assessment, and how it is completed once nothing else stands against the message. */
interface Assessing {
  readonly local: Assessment;
  readonly complete: (vendor: VendorRecord | undefined) => Promise<Assessment>;
}

const RACES_MAX = 10;
const PAUSE_MS_MAX = 300;

/** The receipt's stored form: nothing clinical is in it. */
export function receiptOf(
  assessment: Assessment,
  message: OutgoingMessage,
  situation: Situation,
  classifierVersion: string,
  chosen: ChosenTemplate | undefined,
): StoredReceipt {
  const alerting = message.deliver !== "portal-only";
  return {
    tier: assessment.tier,
    classifierVersion,
    reasonCount: assessment.reasons.length,
    voices: assessment.voices,
    minimumTier: message.minimumTier ?? null,
    consentId: alerting ? (situation.consent?.consentId ?? null) : null,
    template: alerting ? (chosen?.template ?? newestTemplateName("message")) : null,
    channel: alerting ? "sms" : null,
  };
}

/** Why this message may not go out, or null. A message that stays in the portal alerts nobody. */
export function refusalFor(message: OutgoingMessage, situation: Situation, now: Date): ConsentRefusal | null {
  if (message.deliver === "portal-only") return null;
  return refusalOf({ ...situation, purpose: message.purpose, channel: "sms", now });
}

/** True when the message's own end is over: there is nothing left to tell of. */
export function hasExpired({ expiresAt }: OutgoingMessage, now: Date): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
}

/** The files that are to go with a message, as they are now; undefined where none are. */
export async function bindingOf(
  { bindable }: Pick<AcceptPorts, "bindable">,
  { attachments = [] }: OutgoingMessage,
) {
  return attachments.length === 0 ? undefined : bindable(attachments);
}

/** The template that was chosen, as it is in force; undefined where none was. */
export async function choiceOf(
  { templates }: Pick<AcceptPorts, "templates">,
  { template, purpose, deliver }: OutgoingMessage,
): Promise<ChosenTemplate | UnusableTemplate | undefined> {
  if (template === undefined) return undefined;
  // A message that stays in the portal has no alert.
  if (deliver === "portal-only") return { kind: "unusable-template", field: "id", why: "unused" };
  return (await templates()).choose(template, purpose);
}

/** What reading a situation needs. */
export type SituationPorts = Pick<
  AcceptPorts,
  "read" | "messages" | "patients" | "consents" | "practice" | "journal" | "memory"
>;

/** What the decision about a message is made on, in one call; each item is strongly consistent. */
export async function readSituation(
  ports: SituationPorts,
  message: OutgoingMessage,
  asking: Asking,
  keyed: KeyedRequest | null,
): Promise<ReadSituation> {
  const { patientId, threadId, purpose } = message;
  const [remembered, patient, preferences, consent, vendor, head, thread] = await ports.read(
    ports.memory.remembered(slotOf(keyed)),
    ports.patients.patient(patientId),
    ports.consents.preferences(patientId),
    ports.consents.state(patientId, purpose, "sms"),
    ports.practice.vendor(ALERT_VENDOR),
    ports.journal.head({ patientId, actor: asking.actor }),
    ...(threadId === undefined ? [] : [ports.messages.thread(patientId, threadId)]),
  );
  return {
    remembered: remembered ?? null,
    // What is made for the patient is in the language that the patient wishes.
    patient: patient && { ...patient, language: languageFor(patient, preferences) },
    consent,
    vendor,
    thread,
    head: head ?? null,
  };
}

/** What of the request is not there; undefined when everything is. */
export function missingFrom(
  { patient, thread }: ReadSituation,
  message: OutgoingMessage,
): "unknown-patient" | "unknown-thread" | undefined {
  if (patient === undefined) return "unknown-patient";
  return message.threadId !== undefined && thread === undefined ? "unknown-thread" : undefined;
}

/**
 * Accepts what staff or a system wants to say: classifies, checks consent, seals the words and
 * writes message, alert and audit entry in one transaction. A refusal is on record with its reason.
 */
export function createAcceptMessage(ports: AcceptPorts) {
  const { journal, messages, memory, newId, now } = ports;

  function records(
    message: OutgoingMessage,
    situation: Situation,
    assessment: Assessment,
    chosen: ChosenTemplate | undefined,
    asking: Asking,
  ) {
    const at = now();
    const id = newId("msg", at);
    const threadId = situation.thread?.id ?? newId("thr", at);
    const version = versionOf(ports.classifierVersion, ports.secondReader, assessment);
    const receipt = receiptOf(assessment, message, situation, version, chosen);
    const { consent, patient } = situation;
    const alertId = message.deliver !== "portal-only" && consent !== undefined ? newId("alr", at) : null;
    const stored: Omit<MessageRecord, "content"> = {
      id,
      patientId: message.patientId,
      threadId,
      alertId,
      purpose: message.purpose,
      tier: assessment.tier,
      sender: asking.actor,
      createdAt: at.toISOString(),
      expiresAt: message.expiresAt ?? null,
      receipt,
      revokedAt: null,
      via: null,
      proven: null,
      seenAt: null,
      attachmentIds: message.attachments ?? [],
    };
    const alert =
      alertId === null || consent === undefined
        ? null
        : {
            ...newMessageAlert(alertId, stored, { consent, language: patient.language, at }),
            ...(chosen === undefined ? {} : { template: chosen.template, slots: chosen.slots }),
            repliesToPatient: situation.thread?.threadState === "waiting",
          };
    return { stored, alert };
  }

  function threadWrites(stored: Omit<MessageRecord, "content">, thread: ThreadRecord | undefined): Write[] {
    if (thread === undefined) {
      return messages.addThread({
        id: stored.threadId,
        patientId: stored.patientId,
        threadState: "open",
        stateSince: stored.createdAt,
        assignee: null,
        highestTier: stored.tier,
        createdAt: stored.createdAt,
        replyTaskId: null,
        version: 1,
      });
    }
    const highestTier = thread.highestTier > stored.tier ? thread.highestTier : stored.tier;
    const { replyTaskId } = thread;
    return [
      messages.changeThread(thread, {
        threadState: "open",
        stateSince: stored.createdAt,
        highestTier,
        replyTaskId: null,
      }),
      // Whoever else closes the task changes the thread with it: then this races and reads both anew.
      ...(replyTaskId === null ? [] : [ports.completeTask(replyTaskId, stored.createdAt, stored.sender)]),
    ];
  }

  async function attempt(
    message: OutgoingMessage,
    asking: Asking,
    keyed: KeyedRequest,
    { local, complete }: Assessing,
  ): Promise<AcceptOutcome | { readonly kind: "raced" }> {
    const found = await readSituation(ports, message, asking, keyed);
    const known = recall<Accepted>(keyed, found.remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") {
      const assessment = asAccepted(local, message, known.answer.receipt);
      return { kind: "accepted", accepted: known.answer, assessment };
    }
    const missing = missingFrom(found, message);
    if (missing !== undefined || found.patient === undefined) {
      return { kind: missing ?? "unknown-patient" };
    }
    const situation: Situation = { ...found, patient: found.patient };
    if (hasExpired(message, now())) return { kind: "expired" };
    const { patientId, purpose } = message;
    const refusal = refusalFor(message, situation, now());
    if (refusal !== null) {
      await journal.record(
        {
          ...asking,
          action: "message.refused",
          patientId,
          purpose,
          details: { reason: refusal, tier: local.tier, channel: "sms" },
        },
        situation.head,
      );
      return { kind: "refused", reason: refusal };
    }

    const binding = await bindingOf(ports, message);
    if (binding?.kind === "unbindable") return { kind: "unknown-attachment", index: binding.index };
    const chosen = await choiceOf(ports, message);
    if (chosen?.kind === "unusable-template") return chosen;
    const assessment = await complete(situation.vendor);
    const { stored, alert } = records(message, situation, assessment, chosen, asking);
    const sealed = await ports.sealContent(patientId, stored.id, {
      tier: assessment.tier,
      subject: message.subject ?? null,
      body: message.body,
      reference: message.reference ?? null,
      reasons: sealedReasons(assessment),
    });
    const accepted: Accepted = {
      id: stored.id,
      threadId: stored.threadId,
      alertId: stored.alertId,
      receipt: stored.receipt,
    };
    const outcome = await journal.commit(
      {
        ...asking,
        action: "message.accepted",
        patientId,
        purpose,
        details: {
          messageId: stored.id,
          threadId: stored.threadId,
          alertId: stored.alertId,
          ...(situation.thread?.replyTaskId ? { taskId: situation.thread.replyTaskId } : {}),
          ...(stored.attachmentIds.length === 0 ? {} : { attachmentIds: [...stored.attachmentIds] }),
          receipt: { ...stored.receipt },
        },
      },
      [
        ...messages.addMessage({ ...stored, content: sealed.content }),
        ...threadWrites(stored, situation.thread),
        ...(alert === null ? [] : messages.addAlert(alert)),
        sealed.keyWrite,
        ...(binding?.writes({ patientId, threadId: stored.threadId, messageId: stored.id }) ?? []),
        ...remembering(memory, keyed, accepted, now()),
      ],
      situation.head,
    );
    if (outcome.kind === "conflict") return { kind: "raced" };
    if (alert !== null) await ports.requestAlert(alert);
    return { kind: "accepted", accepted, assessment };
  }

  return async (message: OutgoingMessage, asking: Asking, keyed: KeyedRequest): Promise<AcceptOutcome> => {
    const local = assess(ports.classify, message, message.minimumTier);
    let read: Promise<Assessment> | undefined;
    const assessing: Assessing = {
      local,
      complete: (vendor) => {
        // Once for all attempts: the words are the same.
        read ??= readAgain(ports, local, message, vendor);
        return read;
      },
    };
    for (let count = 1; count <= RACES_MAX; count += 1) {
      // A lost race is the same key answered elsewhere, or another message in the thread.
      const outcome = await attempt(message, asking, keyed, assessing);
      if (outcome.kind !== "raced") return outcome;
      // Without a pause of random length, messages that come at once would meet again and again.
      const pauseMs = Math.random() * Math.min(PAUSE_MS_MAX, 10 * 2 ** count);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    throw new Error("the thread stayed contended; nothing was accepted");
  };
}
