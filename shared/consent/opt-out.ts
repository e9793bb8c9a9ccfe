import type { Asking, Write } from "../audit/journal.ts";
import { CHANNELS, type Channel, type Purpose } from "../domain/words.ts";
import { type KeyedRequest, recall, remembering, slotOf } from "../idempotency/idempotency.ts";
import type { NumberRecord, OptInQuestion } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { ConsentPorts } from "./record.ts";
import type { ConsentState } from "./records.ts";
import { contactOf, readStates } from "./states.ts";
import { type Asked, refuseAll, revokeAll } from "./stop.ts";

/** What a patient said otherwise than by text, as staff record it. */
export interface OptOut {
  readonly channel: Channel | "all";
  readonly method: string;
  readonly evidence?: string | undefined;
}

/** What it ended; nothing where nothing was left to end. */
export interface OptedOut {
  readonly revoked: readonly { readonly purpose: Purpose; readonly channel: Channel }[];
  readonly at: string;
}

/** What came of recording it. */
export type OptOutOutcome =
  | ({ readonly kind: "recorded" } & OptedOut)
  | { readonly kind: "unknown-patient" }
  | { readonly kind: "idempotency-conflict" };

const RACES_MAX = 10;

/** The question that the number was asked on behalf of the patient, and that nobody has answered. */
function openQuestion(number: NumberRecord | undefined, patientId: string): OptInQuestion | null {
  const question = number?.asked ?? null;
  return question !== null && question.patientId === patientId && question.answeredAt === null
    ? question
    : null;
}

/** Purposes that an opt-out is an entry of although nothing of them was `ended` by it. */
function refusedPurposes(
  states: readonly ConsentState[],
  ended: readonly Purpose[],
  question: OptInQuestion | null,
): readonly Purpose[] {
  const asked = question === null || ended.includes(question.purpose) ? [] : [question.purpose];
  if (ended.length > 0 || asked.length > 0) return asked;
  if (states.length > 0) return states.map(({ purpose }) => purpose);
  // Nothing was ever decided, and the ledger knows no entry without a purpose. Of the one that every
  // message can be about it says no, and as the only state it speaks for all: no leave to ask from
  // before it counts.
  return ["portal"];
}

/**
 * Ends every consent of a patient for the channel at once, whatever its purpose: a patient may revoke
 * by any reasonable means (47 CFR 64.1200(a)(10)), so letters and calls end what a STOP would. An
 * opt-in question that is open is answered by it with no. That it was said stands in the ledger also
 * where nothing was left to end.
 */
export function createOptOut(ports: ConsentPorts) {
  const { read, journal, memory, patients, consents, numbers, now } = ports;

  /** Ledger entries of one channel. */
  async function entriesFor(
    patient: PatientRecord,
    states: readonly ConsentState[],
    question: OptInQuestion | null,
    asked: Asked,
  ) {
    const own = states.filter(({ channel }) => channel === asked.channel);
    const ended = await revokeAll(ports, patient.id, own, asked);
    const refused = await refuseAll(ports, patient.id, refusedPurposes(own, ended.purposes, question), own, {
      ...asked,
      contactId: contactOf(patient, asked.channel),
    });
    return {
      channel: asked.channel,
      purposes: ended.purposes,
      consentIds: [...ended.consentIds, ...refused.consentIds],
      writes: [...ended.writes, ...refused.writes],
    };
  }

  /** Closes the question; without one, holds to there being none, for one that is asked meanwhile would still be sent. */
  function numberWrite(
    index: string,
    number: NumberRecord | undefined,
    question: OptInQuestion | null,
    at: Date,
  ): Write {
    if (number === undefined || question === null) return numbers.unchangedNumber(index, number);
    const asked = { ...question, answeredAt: at.toISOString() };
    return numbers.setNumber({ ...number, asked, version: number.version + 1 });
  }

  async function attempt(
    patientId: string,
    { channel, method, evidence }: OptOut,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<OptOutOutcome | undefined> {
    const channels = channel === "all" ? CHANNELS : [channel];
    const [[patient, head, remembered], states] = await Promise.all([
      read(
        patients.patient(patientId),
        journal.head({ patientId, actor: asking.actor }),
        memory.remembered(slotOf(keyed)),
      ),
      readStates(read, consents, patientId, channels),
    ]);
    const known = recall<OptedOut>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return { kind: "recorded", ...known.answer };
    if (patient === undefined) return { kind: "unknown-patient" };
    const index = channels.includes("sms") ? patient.numberIndex : null;
    const [number] = index === null ? [] : await read(numbers.number(index));
    const question = index === null ? null : openQuestion(number, patientId);
    const at = now();
    const ended = await Promise.all(
      channels.map((one) =>
        entriesFor(patient, states, one === "sms" ? question : null, {
          channel: one,
          method,
          evidence: evidence ?? null,
          recordedBy: asking.actor,
          language: patient.language,
          at,
        }),
      ),
    );
    const answer: OptedOut = {
      revoked: ended.flatMap(({ channel: one, purposes }) =>
        purposes.map((purpose) => ({ purpose, channel: one })),
      ),
      at: at.toISOString(),
    };
    const consentIds = ended.flatMap((one) => one.consentIds);
    const changes = answer.revoked.length > 0 || question !== null;
    const outcome = await journal.commit(
      {
        ...asking,
        action: changes ? "consent.revoked" : "consent.opt-out-repeated",
        patientId,
        details: {
          channel,
          method,
          consentIds,
          ...(question === null ? {} : { askedConsentId: question.consentId }),
        },
      },
      [
        ...ended.flatMap(({ writes }) => writes),
        ...(index === null ? [] : [numberWrite(index, number, question, at)]),
        ...remembering(memory, keyed, answer, at),
      ],
      head ?? null,
    );
    return outcome.kind === "committed" ? { kind: "recorded", ...answer } : undefined;
  }

  return async (
    patientId: string,
    optOut: OptOut,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<OptOutOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(patientId, optOut, asking, keyed);
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the consents stayed contended; nothing was revoked");
  };
}
