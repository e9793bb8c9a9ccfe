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
const Email = z.object({ email: z.string() });

/** One contact detail as sealed for what sends, and nothing else of a patient with it. */
type SealedDetail = { readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array };

function placeOf(id: string, attribute: "contact" | "phone" | "email"): Place {
  return { table: "Patients", pk: id, sk: "profile", attribute };
}

/** Seals a mobile number under a key of its own, bound to a patient (`pat_…`) or a number (`nbr_…`). */
export function createSealPhone(newDataKey: NewDataKey) {
  return async (id: string, mobilePhone: string): Promise<SealedDetail> => {
    const key = await newDataKey({ patientId: id, use: "phone" });
    return {
      sealed: seal({ mobilePhone }, key.plaintext, placeOf(id, "phone")),
      wrappedKey: key.wrapped,
    };
  };
}

/**
 * Seals contact details under a fresh data key of ContactKey, bound to the patient, and the mobile
 * number and the e-mail address once more each: what sends may open those and nothing else.
 */
export function createSealContact(newDataKey: NewDataKey) {
  const sealPhone = createSealPhone(newDataKey);

  async function sealEmail(patientId: string, email: string): Promise<SealedDetail> {
    const key = await newDataKey({ patientId, use: "email" });
    return { sealed: seal({ email }, key.plaintext, placeOf(patientId, "email")), wrappedKey: key.wrapped };
  }

  return async (patientId: string, contact: PatientContact): Promise<SealedContact> => {
    const { mobilePhone, email } = contact;
    const [key, phone, address] = await Promise.all([
      newDataKey({ patientId, use: "contact" }),
      mobilePhone === null ? null : sealPhone(patientId, mobilePhone),
      email === null ? null : sealEmail(patientId, email),
    ]);
    return {
      contact: seal(contact, key.plaintext, placeOf(patientId, "contact")),
      wrappedKey: key.wrapped,
      phone,
      email: address,
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

/** Opens the mobile number alone, of a patient or a number; null where there is none. */
export function createOpenPhone(openDataKey: OpenDataKey) {
  return async ({ id, phone }: Pick<PatientRecord, "id" | "phone">): Promise<string | null> => {
    if (phone === null) return null;
    const key = await openDataKey(phone.wrappedKey, { patientId: id, use: "phone" });
    return Phone.parse(open(phone.sealed, key, placeOf(id, "phone"))).mobilePhone;
  };
}

/** Opens the e-mail address alone; null where the patient has none. */
export function createOpenEmail(openDataKey: OpenDataKey) {
  return async ({ id, email }: Pick<PatientRecord, "id" | "email">): Promise<string | null> => {
    if (email === null) return null;
    const key = await openDataKey(email.wrappedKey, { patientId: id, use: "email" });
    return Email.parse(open(email.sealed, key, placeOf(id, "email"))).email;
  };
}
