import type { Asking, ChainHead, Lookup, Write } from "../audit/journal.ts";
import { newestTemplateName } from "../domain/alerts/template-names.ts";
import { ALERT_VENDOR } from "../domain/vendors.ts";
import type { Channel, Purpose } from "../domain/words.ts";
import { type KeyedRequest, recall, remembering, slotOf } from "../idempotency/idempotency.ts";
import { newOptInText, secondsAfter } from "../messaging/new-alert.ts";
import { newNumber } from "../numbers/new-number.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { hasAgreement, type VendorRecord } from "../practice/records.ts";
import { isDisowned, languageFor, type PatientPreferences } from "./preferences.ts";
import type { ConsentPorts } from "./record.ts";
import type { ConsentRecord, ConsentState } from "./records.ts";
import { readStates } from "./states.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** One question for a number within this time, whatever it asks about. */
const ASK_AGAIN_AFTER_MS = 30 * DAY_MS;
/** YES counts for so long. */
const ANSWER_SECONDS = 72 * 60 * 60;
/** A question that could not be sent within this time is not sent at all. */
const QUESTION_SECONDS = 24 * 60 * 60;
/** How far ahead of ours the clock may go that a time was read from. */
const CLOCK_SKEW_MS = 60_000;

/** What asking needs besides what all of consents needs. */
export interface AskPorts extends ConsentPorts {
  readonly practice: { vendor(id: string): Lookup<VendorRecord> };
  readonly consents: ConsentPorts["consents"] & {
    /** Holds a transaction to a state as it was read (undefined: none yet). */
    unchanged(patientId: string, purpose: Purpose, channel: Channel, state: ConsentState | undefined): Write;
    /** The same of preferences. */
    unchangedPreferences(patientId: string, seen: PatientPreferences | undefined): Write;
  };
}

/** A patient's leave to be asked by text. */
export interface AskingLeave {
  readonly purpose: Purpose;
  readonly permission: {
    readonly how: string;
    /** ISO 8601, a day or a moment. */
    readonly when: string;
  };
}

/** Why a question may not be sent. */
export type AskRefusal =
  | "no-number"
  | "constraint_violation"
  | "vendor_without_baa"
  | "already-granted"
  | "consent_revoked"
  | "disowned"
  | "undeliverable";

/** The question as it was accepted. */
export interface AskedConsent {
  readonly id: string;
  readonly alertId: string;
  /** YES counts until then. */
  readonly expiresAt: string;
}

/** What came of wanting to ask. */
export type AskOutcome =
  | ({ readonly kind: "asked" } & AskedConsent)
  | { readonly kind: "refused"; readonly reason: AskRefusal }
  | { readonly kind: "asked-lately"; readonly retryAfterSeconds: number }
  | { readonly kind: "not-yet" }
  | { readonly kind: "unknown-patient" }
  | { readonly kind: "idempotency-conflict" };

/** Everything that decides whether a patient may be asked. */
interface Situation {
  readonly patient: PatientRecord;
  /** What holds for texts, for every purpose. */
  readonly states: readonly ConsentState[];
  readonly preferences: PatientPreferences | undefined;
  readonly vendor: VendorRecord | undefined;
  readonly number: NumberRecord | undefined;
  readonly purpose: Purpose;
  readonly when: string;
  readonly at: Date;
}

const RACES_MAX = 4;

function stateFor({ states, purpose }: Situation): ConsentState | undefined {
  return states.find((state) => state.purpose === purpose);
}

/** When the patient last said no to texts about the purpose, or to the last of all texts. */
function newestRevocation(situation: Situation): string | undefined {
  const { states } = situation;
  const state = stateFor(situation);
  const wantsNone = states.every(({ decision }) => decision === "revoked");
  const revoked = states.filter(
    ({ decision, purpose }) => decision === "revoked" && (wantsNone || purpose === state?.purpose),
  );
  return revoked
    .map(({ since }) => since)
    .sort()
    .at(-1);
}

/** Why the question may not be sent; undefined where it may. */
export function whyNotAsk(situation: Situation): Exclude<AskOutcome, { kind: "asked" }> | undefined {
  const { patient, preferences, vendor, number, purpose, when, at } = situation;
  const state = stateFor(situation);
  const refused = (reason: AskRefusal) => ({ kind: "refused", reason }) as const;
  if (patient.numberIndex === null) return refused("no-number");
  const { neverText, neverAbout } = patient.constraints;
  if (neverText === true || neverAbout?.includes(purpose) === true) return refused("constraint_violation");
  if (!hasAgreement(vendor, at.toISOString().slice(0, 10))) return refused("vendor_without_baa");
  if (state?.decision === "granted" && state.contactId === patient.numberId) {
    return refused("already-granted");
  }
  if (isDisowned(patient.numberId, "sms", preferences)) return refused("disowned");
  if (number !== undefined && number.stoppedAt !== null) return refused("consent_revoked");
  // A day alone begins at midnight: what was said later that day than a revocation needs its time.
  const revokedAt = newestRevocation(situation);
  if (revokedAt !== undefined && Date.parse(when) <= Date.parse(revokedAt)) {
    return refused("consent_revoked");
  }
  if (number !== undefined && number.undeliverable !== null) return refused("undeliverable");
  const askedAt = number?.asked?.askedAt;
  const waitMs = askedAt === undefined ? 0 : Date.parse(askedAt) + ASK_AGAIN_AFTER_MS - at.getTime();
  return waitMs > 0 ? { kind: "asked-lately", retryAfterSeconds: Math.ceil(waitMs / 1000) } : undefined;
}

/**
 * Asks a patient by text whether texts about a purpose are welcome, once and only with the patient's
 * leave to be asked. The question is on record as asked, with that leave; it grants nothing.
 */
export function createAskForConsent(ports: AskPorts) {
  const { read, journal, memory, patients, consents, numbers, messages, practice, newId, now } = ports;

  async function record(situation: Situation, { how }: AskingLeave["permission"], actor: string) {
    const { patient, preferences, purpose, when, at, number } = situation;
    const { id: patientId, numberIndex } = patient;
    const language = languageFor(patient, preferences);
    if (numberIndex === null) throw new Error("a question needs a number");
    const consentId = newId("con", at);
    const time = at.toISOString();
    const alert = newOptInText({
      id: newId("alr", at),
      kind: `opt-in-${purpose}`,
      patientId,
      purpose,
      consentId: null,
      language,
      at,
      expiresAt: secondsAfter(at, QUESTION_SECONDS),
    });
    const entry: ConsentRecord = {
      consentId,
      patientId,
      purpose,
      channel: "sms",
      decision: "asked",
      since: time,
      contactId: patient.numberId,
      ended: null,
      method: "text",
      wording: newestTemplateName(alert.kind),
      language,
      acknowledgements: null,
      recordedBy: actor,
      recordedAt: time,
      ...(await ports.sealEvidence(patientId, consentId, `Permission to ask, ${when}: ${how}`)),
    };
    const before = number ?? newNumber(newId("nbr", at), numberIndex, language);
    const asked = {
      patientId,
      purpose,
      consentId,
      alertId: alert.id,
      language,
      askedAt: time,
      answeredAt: null,
    };
    return { entry, alert, number: { ...before, asked, version: before.version + 1 } };
  }

  async function refuse(
    refusal: Exclude<AskOutcome, { kind: "asked" }>,
    { patient, purpose }: Situation,
    asking: Asking,
    head: ChainHead | null,
  ): Promise<AskOutcome> {
    const reason = refusal.kind === "refused" ? refusal.reason : refusal.kind;
    await journal.record(
      { ...asking, action: "consent.asking-refused", patientId: patient.id, purpose, details: { reason } },
      head,
    );
    return refusal;
  }

  async function attempt(
    patientId: string,
    { purpose, permission }: AskingLeave,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<AskOutcome | undefined> {
    const [[patient, preferences, head, remembered], states] = await Promise.all([
      read(
        patients.patient(patientId),
        consents.preferences(patientId),
        journal.head({ patientId, actor: asking.actor }),
        memory.remembered(slotOf(keyed)),
      ),
      readStates(read, consents, patientId, ["sms"]),
    ]);
    const known = recall<AskedConsent>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return { kind: "asked", ...known.answer };
    if (patient === undefined) return { kind: "unknown-patient" };
    const at = now();
    if (Date.parse(permission.when) > at.getTime() + CLOCK_SKEW_MS) return { kind: "not-yet" };
    const [vendor] = await read(practice.vendor(ALERT_VENDOR));
    const [number] = patient.numberIndex === null ? [] : await read(numbers.number(patient.numberIndex));
    const { when } = permission;
    const situation: Situation = { patient, states, preferences, vendor, number, purpose, when, at };
    const refusal = whyNotAsk(situation);
    if (refusal !== undefined) return refuse(refusal, situation, asking, head ?? null);

    const question = await record(situation, permission, asking.actor);
    const { entry, alert } = question;
    const answer: AskedConsent = {
      id: entry.consentId,
      alertId: alert.id,
      expiresAt: secondsAfter(at, ANSWER_SECONDS),
    };
    const outcome = await journal.commit(
      {
        ...asking,
        action: "consent.asked",
        patientId,
        purpose,
        details: {
          consentId: entry.consentId,
          alertId: alert.id,
          numberId: question.number.id,
          contactId: entry.contactId,
          wording: entry.wording,
        },
      },
      [
        ...consents.append(entry, undefined),
        consents.unchanged(patientId, purpose, "sms", stateFor(situation)),
        consents.unchangedPreferences(patientId, preferences),
        // The number that is asked is the patient's, and it is asked once.
        patients.unchanged(patient),
        numbers.setNumber(question.number),
        ...messages.addAlert(alert),
        ...remembering(memory, keyed, answer, at),
      ],
      head ?? null,
    );
    if (outcome.kind === "conflict") return undefined;
    await ports.requestAlert(alert);
    return { kind: "asked", ...answer };
  }

  return async (
    patientId: string,
    leave: AskingLeave,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<AskOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(patientId, leave, asking, keyed);
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the number stayed contended; nobody was asked");
  };
}
