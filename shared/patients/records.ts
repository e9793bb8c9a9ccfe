import type { Language, Purpose } from "../domain/words.ts";

/** A patient as stored: names and contact details are sealed under a contact data key. */
export interface PatientRecord extends SealedContact {
  readonly id: string;
  readonly language: Language;
  /** IANA name; null means the practice's. */
  readonly timeZone: string | null;
  readonly constraints: PatientConstraints;
  /** Opaque name of the present mobile number; a new number has a new one. */
  readonly numberId: string | null;
  /** Blind index of the present mobile number (KMS HMAC with the key's id). */
  readonly numberIndex: string | null;
  /** Opaque name of the present e-mail address. */
  readonly addressId: string | null;
  readonly createdAt: string;
  readonly version: number;
}

/** Contact details as stored: opened by ContactKey only. */
export interface SealedContact {
  /** Sealed {@link PatientContact}. */
  readonly contact: Uint8Array;
  /** The contact data key, wrapped by ContactKey. */
  readonly wrappedKey: Uint8Array;
  /** The mobile number alone, under a key of its own. */
  readonly phone: { readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array } | null;
  /** The e-mail address alone, under a key of its own. */
  readonly email: { readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array } | null;
}

/** What only the contact key opens. */
export interface PatientContact {
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly mobilePhone: string | null;
  readonly email: string | null;
}

/** What the patient asked for (45 CFR 164.522(b)); obeyed on every send. */
export interface PatientConstraints {
  readonly neverText?: boolean | undefined;
  readonly neverEmail?: boolean | undefined;
  readonly neverAbout?: readonly Purpose[] | undefined;
}
