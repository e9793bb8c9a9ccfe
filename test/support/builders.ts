import type { ConsentState } from "#shared/consent/records.ts";
import type { AlertRecord, MessageRecord, ThreadRecord } from "#shared/messaging/records.ts";
import type { PatientRecord } from "#shared/patients/records.ts";
import type { VendorRecord } from "#shared/practice/records.ts";

/** Ids that fit the contracts. */
export const PATIENT_ID = "pat_01KAEV0000000000000000PAT1";
export const MESSAGE_ID = "msg_01KAEV0000000000000000MSG1";
export const THREAD_ID = "thr_01KAEV0000000000000000THR1";
export const ALERT_ID = "alr_01KAEV0000000000000000ARR1";
export const CONSENT_ID = "con_01KAEV0000000000000000CCN1";
export const NUMBER_ID = "num_01KAEV0000000000000000NBM1";

const CREATED_AT = "2026-11-04T16:00:00.000Z";

/** Who asks, in use cases that do not look at roles. */
export const ASKING = { actor: "staff_1", role: "frontdesk", requestId: "request-1" } as const;

/** A patient with a mobile number and without constraints. */
export function aPatient(parts: Partial<PatientRecord> = {}): PatientRecord {
  return {
    id: PATIENT_ID,
    language: "en",
    timeZone: null,
    constraints: {},
    numberId: NUMBER_ID,
    numberIndex: "k1.number",
    addressId: null,
    contact: new Uint8Array(1),
    wrappedKey: new Uint8Array(1),
    phone: null,
    email: null,
    createdAt: CREATED_AT,
    version: 1,
    ...parts,
  };
}

/** A consent to texts about scheduling, for the number that {@link aPatient} has. */
export function aConsent(parts: Partial<ConsentState> = {}): ConsentState {
  return {
    consentId: CONSENT_ID,
    purpose: "scheduling",
    channel: "sms",
    decision: "granted",
    since: CREATED_AT,
    contactId: NUMBER_ID,
    ended: null,
    ...parts,
  };
}

/** The vendor of texts, with an agreement that has no end. */
export function aVendor(parts: Partial<VendorRecord> = {}): VendorRecord {
  return { id: "aws", baaSignedOn: "2026-01-15", baaEndsOn: null, version: 1, ...parts };
}

/** A queued alert that tells of a message. */
export function anAlert(parts: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id: ALERT_ID,
    patientId: PATIENT_ID,
    kind: "message",
    messageId: MESSAGE_ID,
    threadId: THREAD_ID,
    purpose: "scheduling",
    sender: "staff_1",
    channel: "sms",
    status: "queued",
    reason: null,
    template: "message@1",
    language: "en",
    tier: 2,
    consentId: CONSENT_ID,
    queue: "bulk",
    createdAt: CREATED_AT,
    expiresAt: null,
    linkLookup: null,
    claimedAt: null,
    sentAt: null,
    providerMessageId: null,
    dueAt: "2026-11-04T16:02:00.000Z",
    numberIndex: null,
    concerns: null,
    optOutList: null,
    nudges: 0,
    taskId: null,
    fallbackId: null,
    repliesToPatient: false,
    heldUntil: null,
    visitDay: null,
    offsetHours: null,
    slots: null,
    ...parts,
  };
}

/** A stored message whose alert is {@link anAlert}. */
export function aMessage(parts: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: MESSAGE_ID,
    patientId: PATIENT_ID,
    threadId: THREAD_ID,
    alertId: ALERT_ID,
    purpose: "scheduling",
    tier: 2,
    sender: "staff_1",
    createdAt: CREATED_AT,
    expiresAt: null,
    revokedAt: null,
    via: null,
    proven: null,
    seenAt: null,
    attachmentIds: [],
    receipt: {
      tier: 2,
      classifierVersion: "test-1",
      reasonCount: 0,
      voices: [],
      minimumTier: null,
      consentId: CONSENT_ID,
      template: "message@1",
      channel: "sms",
    },
    content: new Uint8Array(1),
    ...parts,
  };
}

/** The thread of {@link aMessage}. */
export function aThread(parts: Partial<ThreadRecord> = {}): ThreadRecord {
  return {
    id: THREAD_ID,
    patientId: PATIENT_ID,
    threadState: "open",
    stateSince: CREATED_AT,
    assignee: null,
    highestTier: 2,
    createdAt: CREATED_AT,
    replyTaskId: null,
    version: 1,
    ...parts,
  };
}
