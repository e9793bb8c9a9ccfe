import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { ABSENT, put, remove } from "./items.ts";

const WrappedKey = z.object({ wrapped: z.instanceof(Uint8Array) });
const Verifier = z.object({
  salt: z.instanceof(Uint8Array),
  mac: z.instanceof(Uint8Array),
  since: z.iso.datetime(),
  changedAt: z.iso.datetime().nullable().default(null),
});
const Pin = z.object({
  salt: z.instanceof(Uint8Array),
  mac: z.instanceof(Uint8Array),
  since: z.iso.datetime(),
  removedAt: z.iso.datetime().nullable(),
});

/** A salted keyed verifier: `mac` = HMAC under ProofKey over (patient, salt, value). */
export interface StoredVerifier {
  readonly salt: Uint8Array;
  readonly mac: Uint8Array;
  /** Links made before this are dead: they went to an older number, or relied on another date. */
  readonly since: string;
  /** When number or date of birth were last changed; null since the registration. */
  readonly changedAt: string | null;
}

/** What a PIN is checked against: `mac` = HMAC under ProofKey over (patient, salt, PIN). */
export interface StoredPin {
  readonly salt: Uint8Array;
  readonly mac: Uint8Array;
  readonly since: string;
  /** From then on there is no PIN. Writers of this table cannot delete. */
  readonly removedAt: string | null;
}

/** Lookups and writes of the `ContentKeys` table: wrapped data keys and verifiers, by patient. */
export function createContentKeysTable(table: string) {
  const keyOf = (patientId: string, use: string) => ({ pk: patientId, sk: `key#${use}` });
  const verifierOf = (patientId: string) => ({ pk: patientId, sk: "verifier#birthDate" });
  const pinOf = (patientId: string) => ({ pk: patientId, sk: "verifier#pin" });
  return {
    /** The wrapped data key of one message or note. */
    wrappedKey: (patientId: string, use: string): Lookup<{ readonly wrapped: Uint8Array }> => ({
      table,
      key: keyOf(patientId, use),
      parse: (item) => WrappedKey.parse(item),
    }),
    /** What the patient's date of birth is checked against. */
    birthDateVerifier: (patientId: string): Lookup<StoredVerifier> => ({
      table,
      key: verifierOf(patientId),
      parse: (item) => Verifier.parse(item),
    }),
    /** What the patient's PIN is checked against. */
    pinVerifier: (patientId: string): Lookup<StoredPin> => ({
      table,
      key: pinOf(patientId),
      parse: (item) => Pin.parse(item),
    }),
    /** Keeps the wrapped data key of one message or note. */
    addWrappedKey: (patientId: string, use: string, wrapped: Uint8Array): Write =>
      put(table, { ...keyOf(patientId, use), wrapped }, ABSENT),
    /** Forgets a wrapped data key: what it sealed is never opened again. */
    removeWrappedKey: (patientId: string, use: string): Write => remove(table, keyOf(patientId, use)),
    /** Sets or replaces the verifier of the patient's date of birth. */
    setBirthDateVerifier: (patientId: string, verifier: StoredVerifier): Write =>
      put(table, { ...verifierOf(patientId), ...verifier }),
    /** Sets, replaces or removes the patient's PIN. */
    setPinVerifier: (patientId: string, pin: StoredPin): Write => put(table, { ...pinOf(patientId), ...pin }),
  };
}

/** Lookups and writes of the `ContentKeys` table. */
export type ContentKeysTable = ReturnType<typeof createContentKeysTable>;
