import * as z from "zod";
import type { PatientContact, PatientRecord } from "../patients/records.ts";
import { open, type Place, seal } from "./envelope.ts";
import type { NewDataKey, OpenDataKey } from "./kms/data-keys.ts";

const Contact = z.object({
  externalId: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  birthDate: z.string(),
  mobilePhone: z.string().nullable(),
  email: z.string().nullable(),
});

function placeOf(patientId: string): Place {
  return { table: "Patients", pk: patientId, sk: "profile", attribute: "contact" };
}

/** Seals contact details under a fresh data key of ContactKey, bound to the patient. */
export function createSealContact(newDataKey: NewDataKey) {
  return async (
    patientId: string,
    contact: PatientContact,
  ): Promise<Pick<PatientRecord, "contact" | "wrappedKey">> => {
    const key = await newDataKey({ patientId, use: "contact" });
    return {
      contact: seal(contact, key.plaintext, placeOf(patientId)),
      wrappedKey: key.wrapped,
    };
  };
}

/** Opens contact details; only what may decrypt with ContactKey can. */
export function createOpenContact(openDataKey: OpenDataKey) {
  return async (patient: Pick<PatientRecord, "id" | "contact" | "wrappedKey">): Promise<PatientContact> => {
    const key = await openDataKey(patient.wrappedKey, { patientId: patient.id, use: "contact" });
    return Contact.parse(open(patient.contact, key, placeOf(patient.id)));
  };
}
