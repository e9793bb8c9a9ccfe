import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { LANGUAGES, PURPOSES } from "../../domain/words.ts";
import type { PatientRecord } from "../../patients/records.ts";
import { ABSENT, check, put, remove } from "./items.ts";

const Sealed = z.object({ sealed: z.instanceof(Uint8Array), wrappedKey: z.instanceof(Uint8Array) });

const Patient = z.object({
  id: z.string(),
  language: z.enum(LANGUAGES),
  timeZone: z.string().nullable(),
  constraints: z.object({
    neverText: z.boolean().optional(),
    neverEmail: z.boolean().optional(),
    neverAbout: z.array(z.enum(PURPOSES)).optional(),
  }),
  numberId: z.string().nullable(),
  numberIndex: z.string().nullable(),
  addressId: z.string().nullable(),
  contact: z.instanceof(Uint8Array),
  wrappedKey: z.instanceof(Uint8Array),
  phone: Sealed.nullable(),
  email: Sealed.nullable(),
  createdAt: z.iso.datetime(),
  version: z.int(),
});

const Match = z.object({ patientId: z.string() });

/** Lookups and writes of the `Patients` table: profiles and their blind indexes. */
export function createPatientsTable(table: string) {
  const profileKey = (id: string) => ({ pk: id, sk: "profile" });
  const externalKey = (index: string) => ({ pk: `external#${index}`, sk: "patient" });
  const numberKey = (index: string, patientId: string) => ({ pk: `number#${index}`, sk: patientId });
  return {
    patient: (id: string): Lookup<PatientRecord> => ({
      table,
      key: profileKey(id),
      parse: (item) => Patient.parse(item),
    }),
    /** The patient with an external id, by its blind index (a KMS HMAC with the key's id). */
    byExternalId: (index: string): Lookup<{ readonly patientId: string }> => ({
      table,
      key: externalKey(index),
      parse: (item) => Match.parse(item),
    }),
    /** Adds a patient whose external id nobody has yet. */
    addPatient: (patient: PatientRecord, externalIndex: string): Write[] => [
      put(table, { ...externalKey(externalIndex), patientId: patient.id }, ABSENT),
      put(table, { ...profileKey(patient.id), ...patient }, ABSENT),
    ],
    /** Replaces a patient that is at the version before. */
    replacePatient: (patient: PatientRecord): Write =>
      put(
        table,
        { ...profileKey(patient.id), ...patient },
        {
          expression: "#version = :before",
          names: { "#version": "version" },
          values: { ":before": patient.version - 1 },
        },
      ),
    /** Holds a transaction to the patient as it was read. */
    unchanged: (patient: PatientRecord): Write =>
      check(table, profileKey(patient.id), {
        expression: "#version = :seen",
        names: { "#version": "version" },
        values: { ":seen": patient.version },
      }),
    /** Finds the patient by number from now on; a number may be shared. */
    addNumber: (index: string, patientId: string, numberId: string): Write =>
      put(table, { ...numberKey(index, patientId), patientId, numberId }),
    /** The patient is no longer found by this number. */
    removeNumber: (index: string, patientId: string): Write => remove(table, numberKey(index, patientId)),
  };
}
