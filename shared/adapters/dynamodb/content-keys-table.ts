import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { ABSENT, put } from "./items.ts";

const WrappedKey = z.object({ wrapped: z.instanceof(Uint8Array) });
const Verifier = z.object({
  salt: z.instanceof(Uint8Array),
  mac: z.instanceof(Uint8Array),
  since: z.iso.datetime(),
});

/** A salted keyed verifier: `mac` = HMAC under ProofKey over (patient, salt, value). */
export interface StoredVerifier {
  readonly salt: Uint8Array;
  readonly mac: Uint8Array;
  /** Links made before this are dead: they went to an older number, or relied on another date. */
  readonly since: string;
}

/** Lookups and writes of the `ContentKeys` table: wrapped data keys and verifiers, by patient. */
export function createContentKeysTable(table: string) {
  const keyOf = (patientId: string, use: string) => ({ pk: patientId, sk: `key#${use}` });
  const verifierOf = (patientId: string) => ({ pk: patientId, sk: "verifier#birthDate" });
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
    /** Keeps the wrapped data key of one message or note. */
    addWrappedKey: (patientId: string, use: string, wrapped: Uint8Array): Write =>
      put(table, { ...keyOf(patientId, use), wrapped }, ABSENT),
    /** Sets or replaces the verifier of the patient's date of birth. */
    setBirthDateVerifier: (patientId: string, verifier: StoredVerifier): Write =>
      put(table, { ...verifierOf(patientId), ...verifier }),
  };
}

/** Lookups and writes of the `ContentKeys` table. */
export type ContentKeysTable = ReturnType<typeof createContentKeysTable>;
