import * as z from "zod";
import type { PatientContact, PatientRecord, SealedContact } from "../patients/records.ts";
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

const Phone = z.object({ mobilePhone: z.string() });

function placeOf(patientId: string, attribute: "contact" | "phone"): Place {
  return { table: "Patients", pk: patientId, sk: "profile", attribute };
}

/**
 * Seals contact details under a fresh data key of ContactKey, bound to the patient, and the mobile
 * number once more under another: what sends texts may open that one and nothing else.
 */
export function createSealContact(newDataKey: NewDataKey) {
  return async (patientId: string, contact: PatientContact): Promise<SealedContact> => {
    const { mobilePhone } = contact;
    const [key, phoneKey] = await Promise.all([
      newDataKey({ patientId, use: "contact" }),
      mobilePhone === null ? null : newDataKey({ patientId, use: "phone" }),
    ]);
    return {
      contact: seal(contact, key.plaintext, placeOf(patientId, "contact")),
      wrappedKey: key.wrapped,
      phone:
        phoneKey === null
          ? null
          : {
              sealed: seal({ mobilePhone }, phoneKey.plaintext, placeOf(patientId, "phone")),
              wrappedKey: phoneKey.wrapped,
            },
    };
  };
}

/** Opens contact details; only what may decrypt with ContactKey for this use can. */
export function createOpenContact(openDataKey: OpenDataKey) {
  return async (patient: Pick<PatientRecord, "id" | "contact" | "wrappedKey">): Promise<PatientContact> => {
    const key = await openDataKey(patient.wrappedKey, { patientId: patient.id, use: "contact" });
    return Contact.parse(open(patient.contact, key, placeOf(patient.id, "contact")));
  };
}

/** Opens the mobile number alone; null where the patient has none. */
export function createOpenPhone(openDataKey: OpenDataKey) {
  return async ({ id, phone }: Pick<PatientRecord, "id" | "phone">): Promise<string | null> => {
    if (phone === null) return null;
    const key = await openDataKey(phone.wrappedKey, { patientId: id, use: "phone" });
    return Phone.parse(open(phone.sealed, key, placeOf(id, "phone"))).mobilePhone;
  };
}
