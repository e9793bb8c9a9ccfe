import type { AuditValue, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import { newAnswer, secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import { startedAt } from "../numbers/started.ts";
import { deliverableAgain } from "../numbers/undeliverable.ts";
import type { PatientRecord } from "../patients/records.ts";

/** How long the word that texts come again may wait to be sent. */
const STARTED_LIFETIME_SECONDS = 24 * 60 * 60;

/** What lifting the stop of a number needs. */
export interface NumberPorts {
  readonly read: ReadSnapshot;
  readonly patients: { unchanged(patient: PatientRecord): Write };
  readonly numbers: {
    number(index: string): Lookup<NumberRecord>;
    setNumber(number: NumberRecord): Write;
  };
  readonly messages: { addAlert(alert: AlertRecord): Write[] };
  /** Puts the request on the urgent queue; where that fails, `remind` finds the alert by its due time. */
  readonly requestAlert: (alert: AlertRecord) => Promise<void>;
  /** Whether STOP is ours to answer and to lift, or the carrier's. */
  readonly optOuts: "self-managed" | "carrier";
  readonly newId: (prefix: "alr", now?: Date) => string;
}

/** What goes with a grant for a number that takes no texts. */
export interface TextsAgain {
  readonly writes: readonly Write[];
  readonly details: Readonly<Record<string, AuditValue>>;
  /** To be asked for once the writes stand. */
  readonly alert: AlertRecord | null;
  /** The carrier stops texts to the number, and nothing here can lift that. */
  readonly carrierStop: boolean;
}

/**
 * What makes a patient's number take texts again when the patient says so, and that it is theirs,
 * otherwise than by text: its stop ends, and what carriers said against it is forgotten. What came
 * after `asked`, when the grant was asked to be recorded, stays; and under the carrier's regime every
 * stop stays: only START from that phone ends it.
 */
export async function takeTextsAgain(
  ports: NumberPorts,
  patient: PatientRecord,
  asked: Date,
  at: Date,
): Promise<TextsAgain> {
  const nothing: TextsAgain = { writes: [], details: {}, alert: null, carrierStop: false };
  if (patient.numberIndex === null) return nothing;
  const [number] = await ports.read(ports.numbers.number(patient.numberIndex));
  if (number === undefined) return nothing;
  const carrierStop = number.stoppedAt !== null && ports.optOuts === "carrier";
  const before = (time: string | undefined | null) => time != null && Date.parse(time) < asked.getTime();
  const starts = !carrierStop && before(number.stoppedAt);
  const again = before(number.undeliverable?.since) ? deliverableAgain(number) : undefined;
  if (!starts && again === undefined) return { ...nothing, carrierStop };
  const alert = starts ? startedAlert(ports, number, patient, at) : null;
  return {
    writes: [
      // Whoever has the number by then is the one who said so.
      ports.patients.unchanged(patient),
      ports.numbers.setNumber({
        ...(again ?? number),
        ...(starts ? startedAt(at) : {}),
        version: number.version + 1,
      }),
      ...(alert === null ? [] : ports.messages.addAlert(alert)),
    ],
    details: {
      numberId: number.id,
      stopEnded: starts ? number.stoppedAt : null,
      startedAlertId: alert?.id ?? null,
      deliverableAgain: again !== undefined,
    },
    alert,
    carrierStop,
  };
}

/** Says so to the number and takes it off the list; one that never texted us is reached as the patient's. */
function startedAlert(
  { newId }: NumberPorts,
  number: NumberRecord,
  patient: PatientRecord,
  at: Date,
): AlertRecord {
  return newAnswer({
    id: newId("alr", at),
    kind: "started",
    numberId: number.id,
    numberIndex: number.index,
    concerns: patient.id,
    language: patient.language,
    at,
    expiresAt: secondsAfter(at, STARTED_LIFETIME_SECONDS),
    optOutList: "lift",
  });
}
