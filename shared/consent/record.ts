import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { Channel, Purpose } from "../domain/words.ts";
import {
  type KeyedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { type NumberPorts, takeTextsAgain } from "./number-again.ts";
import { isDisowned, languageFor, type PatientPreferences } from "./preferences.ts";
import type { ConsentRecord, ConsentState } from "./records.ts";
import { contactOf } from "./states.ts";

/** Wording that staff confirm when they record a consent; a new wording has a new name. */
export const WORDING_VERSION = "consent-2026-11";

/** What the use cases of consents need. */
export interface ConsentPorts extends NumberPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly patients: {
    patient(id: string): Lookup<PatientRecord>;
    unchanged(patient: PatientRecord): Write;
  };
  readonly consents: {
    state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
    append(record: ConsentRecord, before: ConsentState | undefined): Write[];
    entry(patientId: string, consentId: string): Lookup<ConsentRecord>;
    preferences(patientId: string): Lookup<PatientPreferences>;
    setPreferences(patientId: string, preferences: PatientPreferences): Write;
  };
  readonly numbers: NumberPorts["numbers"] & {
    /** Holds a transaction to a number as it was read (undefined: none yet). */
    unchangedNumber(index: string, seen: NumberRecord | undefined): Write;
  };
  readonly ledger: {
    page(
      patientId: string,
      limit: number,
      afterId: string | null,
    ): Promise<{ readonly records: readonly ConsentRecord[]; readonly next: string | null }>;
  };
  /** Seals where the proof lies; legal evidence, so its key does not go with the patient's. */
  readonly sealEvidence: (
    patientId: string,
    consentId: string,
    evidence: string | null,
  ) => Promise<Pick<ConsentRecord, "sealed" | "wrappedKey">>;
  readonly openEvidence: (record: ConsentRecord) => Promise<string | null>;
  readonly newId: (prefix: "con" | "alr" | "nbr", now?: Date) => string;
  readonly now: () => Date;
}

/** What recording a decision needs of them. */
export type RecordConsentPorts = Omit<ConsentPorts, "ledger" | "openEvidence">;

/** A decision of a patient as staff record it. */
export interface Decision {
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly decision: "granted" | "revoked";
  readonly method: string;
  readonly acknowledgements?: ConsentRecord["acknowledgements"] | undefined;
  readonly evidence?: string | undefined;
}

/** What of an entry is not the caller's to say. */
export interface RecordedConsent extends Pick<ConsentRecord, "wording" | "language" | "contactId"> {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  /** The number's carrier stops texts to it whatever is on record here. */
  readonly carrierStop: boolean;
}

/** What came of asking a decision. */
export type RecordOutcome =
  | ({ readonly kind: "recorded" } & RecordedConsent)
  | { readonly kind: "unknown-patient" }
  | { readonly kind: "acknowledgement-missing"; readonly which: Acknowledgement }
  | { readonly kind: "no-contact" }
  /** What an import grants, the patient has taken back since. */
  | { readonly kind: "revoked-since" }
  | { readonly kind: "raced" }
  | { readonly kind: "idempotency-conflict" };

/** The three things that a patient must have acknowledged (REQUIREMENTS row 1). */
const ACKNOWLEDGEMENTS = ["unsecuredText", "numberConfirmed", "optOutAnytime"] as const;
type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

const RACES_MAX = 4;

/**
 * Records a decision in the ledger and derives the state from it; nothing is overwritten. A grant for
 * texts says that the number takes texts again: where it had stopped them all, that ends with it, and
 * so does somebody else's word that number or address are not the patient's.
 */
export function createRecordConsent(ports: RecordConsentPorts) {
  const { read, journal, memory, patients, consents, newId, now } = ports;

  async function attempt(
    patientId: string,
    decision: Decision,
    asking: Asking,
    keyed: KeyedRequest | null,
    asked: Date,
  ): Promise<RecordOutcome> {
    const [patient, preferences, before, head, remembered] = await read(
      patients.patient(patientId),
      consents.preferences(patientId),
      consents.state(patientId, decision.purpose, decision.channel),
      journal.head({ patientId, actor: asking.actor }),
      memory.remembered(slotOf(keyed)),
    );
    const known = recall<RecordedConsent>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return { kind: "recorded", ...known.answer };
    if (patient === undefined) return { kind: "unknown-patient" };
    const contactId = contactOf(patient, decision.channel);
    if (decision.decision === "granted") {
      const which = ACKNOWLEDGEMENTS.find((name) => decision.acknowledgements?.[name] !== true);
      if (which !== undefined) return { kind: "acknowledgement-missing", which };
      if (contactId === null) return { kind: "no-contact" };
    }
    const at = now();
    const again =
      decision.decision === "granted" && decision.channel === "sms"
        ? await takeTextsAgain(ports, { ...patient, language: languageFor(patient, preferences) }, asked, at)
        : null;
    // The patient says that it is theirs, whoever else said that it is not.
    const ownsAgain = decision.decision === "granted" && isDisowned(contactId, decision.channel, preferences);
    // An import repeats what paper said once; only the patient's own word undoes the patient's own word.
    const wasTakenBack =
      ownsAgain || before?.decision === "revoked" || again?.alert != null || again?.carrierStop === true;
    if (decision.method === "import" && decision.decision === "granted" && wasTakenBack) {
      return { kind: "revoked-since" };
    }
    const time = at.toISOString();
    const consentId = newId("con", at);
    const record: ConsentRecord = {
      consentId,
      patientId,
      purpose: decision.purpose,
      channel: decision.channel,
      decision: decision.decision,
      since: time,
      contactId,
      ended: null,
      method: decision.method,
      wording: WORDING_VERSION,
      language: patient.language,
      acknowledgements: decision.acknowledgements ?? null,
      recordedBy: asking.actor,
      recordedAt: time,
      ...(await ports.sealEvidence(patientId, consentId, decision.evidence ?? null)),
    };
    const answer: RecordedConsent = {
      id: consentId,
      at: time,
      by: asking.actor,
      wording: record.wording,
      language: record.language,
      contactId,
      carrierStop: again?.carrierStop ?? false,
    };
    const outcome = await journal.commit(
      {
        ...asking,
        action: `consent.${decision.decision}`,
        patientId,
        purpose: decision.purpose,
        details: {
          consentId,
          channel: decision.channel,
          method: decision.method,
          contactId,
          wording: WORDING_VERSION,
          ...again?.details,
          ...(ownsAgain ? { ownedAgain: true } : {}),
        },
      },
      [
        ...consents.append(record, before),
        ...(again?.writes ?? []),
        ...(ownsAgain && preferences !== undefined
          ? [
              consents.setPreferences(patientId, {
                ...preferences,
                disowned: { ...preferences.disowned, [decision.channel]: null },
              }),
            ]
          : []),
        ...remembering(memory, keyed, answer, at),
      ],
      head ?? null,
    );
    if (outcome.kind === "conflict") return { kind: "raced" };
    if (again?.alert) await ports.requestAlert(again.alert);
    return { kind: "recorded", ...answer };
  }

  return async (
    patientId: string,
    decision: Decision,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<Exclude<RecordOutcome, { kind: "raced" }>> => {
    const asked = now();
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(patientId, decision, asking, keyed, asked);
      if (outcome.kind !== "raced") return outcome;
    }
    throw new Error("the consent stayed contended; nothing was recorded");
  };
}
