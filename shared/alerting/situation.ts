import { capClassOf } from "../domain/sending/caps.ts";
import { ALERT_VENDOR } from "../domain/vendors.ts";
import { PURPOSES } from "../domain/words.ts";
import { ALL_LINKS } from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { SealedPhone } from "./judge-alert.ts";
import type { AlertingPorts } from "./ports.ts";

/** What an alert request names. */
export interface AlertRequest {
  readonly patientId: string;
  readonly alertId: string;
}

/**
 * Reads everything about an alert in two calls, each item strongly consistent; undefined where there is
 * no such alert. The head is undefined where the entries join another chain than the patient's.
 */
export async function readSituation(ports: AlertingPorts, { patientId, alertId }: AlertRequest) {
  const { read, messages, practice, numbers, consents, journal } = ports;
  const [alert, patient, vendor, switches, settings, marks, pace, preferences, head, ...states] = await read(
    messages.alert(patientId, alertId),
    ports.patients.patient(patientId),
    practice.vendor(ALERT_VENDOR),
    practice.switches(),
    practice.settings(),
    messages.marks(patientId),
    practice.pace("sms"),
    consents.preferences(patientId),
    journal.head({ patientId, actor: "function:send-alert" }),
    // The purpose stands in the alert, which this very read brings: the states cost no extra call.
    ...PURPOSES.map((purpose) => consents.state(patientId, purpose, "sms")),
    ...PURPOSES.map((purpose) => consents.state(patientId, purpose, "email")),
  );
  if (alert === undefined) return undefined;
  const { purpose, channel, messageId, threadId, sender } = alert;
  const of = (wanted: "sms" | "email") =>
    states.find((state) => state?.purpose === purpose && state.channel === wanted);
  const [number, revocation, senderMark, practiceMark, link, sentTexts, readMark, owner] = await read(
    numbers.number(alert.numberIndex ?? patient?.numberIndex ?? "none"),
    messages.revocation(patientId, messageId ?? "none"),
    messages.linksMark(sender ?? "none"),
    messages.linksMark(ALL_LINKS),
    messages.link(alert.linkLookup ?? "none"),
    messages.sentTexts(patientId, capClassOf(purpose ?? "portal")),
    messages.readMark(patientId, threadId ?? "none"),
    ports.patients.patient(alert.concerns ?? "none"),
  );
  return {
    alert,
    patient,
    vendor,
    switches,
    settings: settings ?? ports.settingsDefault,
    marks,
    pace,
    preferences,
    head: alert.numberIndex === null ? (head ?? null) : undefined,
    consent: of(channel),
    emailConsent: of("email"),
    number,
    sealedPhone: sealedPhoneOf(number, owner),
    revocation,
    senderMark,
    practiceMark,
    link: alert.kind === "code" ? link : undefined,
    sentTexts,
    readAt: readMark?.at ?? null,
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
