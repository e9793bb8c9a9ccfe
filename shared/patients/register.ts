import { randomBytes } from "node:crypto";
import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { Language } from "../domain/words.ts";
import {
  type KeyedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";
import type { PatientConstraints, PatientContact, PatientRecord, SealedContact } from "./records.ts";

/** HMAC under a KMS key, over length-prefixed fields. */
type Mac = (...fields: readonly (string | Uint8Array)[]) => Promise<Uint8Array>;

/** What the use cases of patients need. */
export interface PatientPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly patients: {
    patient(id: string): Lookup<PatientRecord>;
    byExternalId(index: string): Lookup<{ readonly patientId: string }>;
    addPatient(patient: PatientRecord, externalIndex: string): Write[];
    replacePatient(patient: PatientRecord): Write;
    addNumber(index: string, patientId: string, numberId: string): Write;
    removeNumber(index: string, patientId: string): Write;
  };
  readonly contentKeys: {
    setBirthDateVerifier(
      patientId: string,
      verifier: {
        readonly salt: Uint8Array;
        readonly mac: Uint8Array;
        readonly since: string;
        readonly changedAt: string | null;
      },
    ): Write;
    setPinVerifier(
      patientId: string,
      pin: {
        readonly salt: Uint8Array;
        readonly mac: Uint8Array;
        readonly since: string;
        readonly removedAt: string | null;
      },
    ): Write;
  };
  /** Under IndexKey: blind indexes. */
  readonly indexMac: Mac;
  /** Under ProofKey: what a birth date is checked against. */
  readonly proofMac: Mac;
  /** Seals contact details under a fresh key; says what to store. */
  readonly sealContact: (patientId: string, contact: PatientContact) => Promise<SealedContact>;
  readonly openContact: (patient: PatientRecord) => Promise<PatientContact>;
  readonly newId: (prefix: "pat" | "num", now?: Date) => string;
  readonly now: () => Date;
}

/** What a practice tells of a new patient. */
export interface NewPatient {
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly mobilePhone?: string | undefined;
  readonly email?: string | undefined;
  readonly language?: Language | undefined;
  readonly timeZone?: string | undefined;
  readonly constraints?: PatientConstraints | undefined;
}

/** A patient with its contact details opened. */
export interface OpenedPatient {
  readonly record: PatientRecord;
  readonly contact: PatientContact;
}

/** What came of a registration. */
export type RegisterOutcome =
  | { readonly kind: "registered"; readonly patient: OpenedPatient }
  | { readonly kind: "exists" }
  | { readonly kind: "idempotency-conflict" };

/** What is remembered of a keyed registration. */
interface Answer {
  readonly patientId: string;
}

const SALT_BYTES = 16;
const INDEX_KEY_ID = "k1";

/** A blind index value: the KMS HMAC with the id of its key (DESIGN §4). */
export async function blindIndex(mac: Mac, kind: "external" | "number" | "appointment", value: string) {
  return `${INDEX_KEY_ID}.${Buffer.from(await mac(kind, value)).toString("base64url")}`;
}

/**
 * A salted keyed verifier of a birth date (YYYY-MM-DD); links made before `since` are dead. `changed`: it
 * takes the place of another one, or goes with another number.
 */
export async function birthDateVerifier(
  mac: Mac,
  patientId: string,
  birthDate: string,
  since: Date,
  { changed = false }: { readonly changed?: boolean } = {},
) {
  const salt = randomBytes(SALT_BYTES);
  return {
    salt,
    mac: await mac("birthDate", patientId, salt, birthDate),
    since: since.toISOString(),
    changedAt: changed ? since.toISOString() : null,
  };
}

/** Registers patients; the external id is unique, and a repeated keyed request answers the same. */
export function createRegisterPatient(ports: PatientPorts) {
  const { read, journal, memory, patients, contentKeys, newId, now } = ports;

  async function build(
    fields: NewPatient,
    id: string,
    numberIndex: string | null,
    createdAt: string,
  ): Promise<OpenedPatient> {
    const contact: PatientContact = {
      externalId: fields.externalId,
      givenName: fields.givenName,
      familyName: fields.familyName,
      birthDate: fields.birthDate,
      mobilePhone: fields.mobilePhone ?? null,
      email: fields.email ?? null,
    };
    const record: PatientRecord = {
      id,
      language: fields.language ?? "en",
      timeZone: fields.timeZone ?? null,
      constraints: fields.constraints ?? {},
      numberId: contact.mobilePhone === null ? null : newId("num", now()),
      numberIndex,
      addressId: contact.email === null ? null : newId("num", now()),
      createdAt,
      version: 1,
      ...(await ports.sealContact(id, contact)),
    };
    return { record, contact };
  }

  return async (fields: NewPatient, asking: Asking, keyed: KeyedRequest | null): Promise<RegisterOutcome> => {
    const externalIndex = await blindIndex(ports.indexMac, "external", fields.externalId);
    const [match, remembered] = await read(
      patients.byExternalId(externalIndex),
      memory.remembered(slotOf(keyed)),
    );
    const known = recall<Answer>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return replay(known.answer, fields);
    if (match !== undefined) {
      // Whoever asks learns that the practice has this patient, as by a look-up.
      await journal.record({ ...asking, action: "patient.looked-up", patientId: match.patientId });
      return { kind: "exists" };
    }

    const patientId = newId("pat", now());
    const numberIndex =
      fields.mobilePhone === undefined
        ? null
        : await blindIndex(ports.indexMac, "number", fields.mobilePhone);
    const patient = await build(fields, patientId, numberIndex, now().toISOString());
    const verifier = await birthDateVerifier(ports.proofMac, patientId, fields.birthDate, now());
    const writes = [
      ...patients.addPatient(patient.record, externalIndex),
      contentKeys.setBirthDateVerifier(patientId, verifier),
    ];
    const { numberId } = patient.record;
    if (numberIndex !== null && numberId !== null) {
      writes.push(patients.addNumber(numberIndex, patientId, numberId));
    }
    writes.push(...remembering(memory, keyed, { patientId } satisfies Answer, now()));
    const outcome = await journal.commit(
      { ...asking, action: "patient.registered", patientId, details: { numberId } },
      writes,
      null,
    );
    if (outcome.kind === "committed") return { kind: "registered", patient };
    return settleRace(fields, keyed);
  };

  /** Somebody was faster: with the same key it was the same request, else another one. */
  async function settleRace(fields: NewPatient, keyed: KeyedRequest | null): Promise<RegisterOutcome> {
    const [remembered] = await read(memory.remembered(slotOf(keyed)));
    const known = recall<Answer>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    return known.kind === "same" ? replay(known.answer, fields) : { kind: "exists" };
  }

  /** The first answer again: the same words that the caller sent, under the id that was given. */
  async function replay(answer: Answer, fields: NewPatient): Promise<RegisterOutcome> {
    const [record] = await read(patients.patient(answer.patientId));
    if (record === undefined) return { kind: "exists" };
    return {
      kind: "registered",
      patient: {
        record: {
          ...record,
          language: fields.language ?? "en",
          timeZone: fields.timeZone ?? null,
          constraints: fields.constraints ?? {},
          version: 1,
        },
        contact: {
          externalId: fields.externalId,
          givenName: fields.givenName,
          familyName: fields.familyName,
          birthDate: fields.birthDate,
          mobilePhone: fields.mobilePhone ?? null,
          email: fields.email ?? null,
        },
      },
    };
  }
}
