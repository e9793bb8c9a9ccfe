import { languageFor } from "../consent/preferences.ts";
import { rulesOf } from "../domain/alerts/kinds.ts";
import { capClassOf } from "../domain/sending/caps.ts";
import { ALERT_VENDOR } from "../domain/vendors.ts";
import { ALL_LINKS, type AlertRecord } from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { VocabularyMark } from "../vocabulary/records.ts";
import { chosenTemplate } from "./chosen.ts";
import type { SealedPhone } from "./judge-alert.ts";
import type { AlertingPorts } from "./ports.ts";
import { tellsOfVisit } from "./visits.ts";

/** What an alert request names. */
export interface AlertRequest {
  readonly patientId: string;
  readonly alertId: string;
}

/** True where the text is made of what compliance approved, as far as can be told before that is read. */
function needsVocabulary(alert: AlertRecord, mark: VocabularyMark | undefined): boolean {
  if (alert.channel === "email") return false;
  return (
    chosenTemplate(alert) !== null || (alert.kind !== "message" && mark?.uses.includes(alert.kind) === true)
  );
}

/**
 * Reads everything about an alert in two calls, each item strongly consistent, and nothing that it has no use for;
 * undefined where there is no such alert. The head is undefined where the entries join another chain than the patient's.
 */
export async function readSituation(ports: AlertingPorts, { patientId, alertId }: AlertRequest) {
  const { read, messages, practice, numbers, consents, journal, vocabulary: words } = ports;
  const [alert, patient, vendor, switches, settings, marks, pace, preferences, head, mark] = await read(
    messages.alert(patientId, alertId),
    ports.patients.patient(patientId),
    practice.vendor(ALERT_VENDOR),
    practice.switches(),
    practice.settings(),
    messages.marks(patientId),
    practice.pace("sms"),
    consents.preferences(patientId),
    journal.head({ patientId, actor: "function:send-alert" }),
    words.vocabularyMark(),
  );
  if (alert === undefined) return undefined;
  const { purpose, channel, messageId, threadId, sender, kind } = alert;
  const index = alert.numberIndex ?? patient?.numberIndex ?? null;
  const isForPatient = rulesOf(kind).to === "patient" && purpose !== null;
  const needsWords = needsVocabulary(alert, mark);
  const [
    number,
    consent,
    emailConsent,
    revocation,
    senderMark,
    practiceMark,
    link,
    sentTexts,
    readMark,
    owner,
    visitDay,
    vocabulary,
    directory,
  ] = await read(
    index === null ? null : numbers.number(index),
    isForPatient ? consents.state(patientId, purpose, channel) : null,
    // What takes the place of a text about a message.
    isForPatient && messageId !== null ? consents.state(patientId, purpose, "email") : null,
    messageId === null ? null : messages.revocation(patientId, messageId),
    messageId === null ? null : messages.linksMark(sender ?? "none"),
    messageId === null ? null : messages.linksMark(ALL_LINKS),
    kind !== "code" || alert.linkLookup === null ? null : messages.link(alert.linkLookup),
    purpose === null ? null : messages.sentTexts(patientId, capClassOf(purpose)),
    threadId === null ? null : messages.readMark(patientId, threadId),
    alert.concerns === null ? null : ports.patients.patient(alert.concerns),
    alert.visitDay === null ? null : ports.appointments.visitDay(patientId, alert.visitDay),
    needsWords ? words.vocabulary() : null,
    needsWords && alert.slots?.location != null && alert.slots.at !== null ? words.directory() : null,
  );
  // It was planned days or months ago; what the patient reads is known now.
  const language =
    patient !== undefined && tellsOfVisit(kind) ? languageFor(patient, preferences) : alert.language;
  return {
    alert: { ...alert, language },
    patient,
    vendor,
    switches,
    settings: settings ?? ports.settingsDefault,
    marks,
    pace,
    preferences,
    head: alert.numberIndex === null ? (head ?? null) : undefined,
    consent,
    emailConsent,
    number,
    sealedPhone: sealedPhoneOf(number, owner),
    revocation,
    senderMark,
    practiceMark,
    link,
    sentTexts,
    readAt: readMark?.at ?? null,
    visitDay,
    mark,
    vocabulary,
    directory,
  };
}

/** Where the number of an answer is sealed: with the number itself, once it texted, else with the one patient who has it. */
function sealedPhoneOf(
  number: NumberRecord | undefined,
  owner: PatientRecord | undefined,
): SealedPhone | null {
  if (number === undefined) return null;
  if (number.phone !== null) return { id: number.id, phone: number.phone };
  return owner !== undefined && owner.numberIndex === number.index
    ? { id: owner.id, phone: owner.phone }
    : null;
}

/** Everything about an alert. */
export type Situation = NonNullable<Awaited<ReturnType<typeof readSituation>>>;
