import type { Channel, Purpose } from "../domain/words.ts";
import type { PatientRecord } from "../patients/records.ts";
import { hasAgreement, type VendorRecord } from "../practice/records.ts";
import type { ConsentState } from "./records.ts";

/** Why nothing may be sent; each is a problem code of the API. */
export type ConsentRefusal =
  | "consent_required"
  | "consent_revoked"
  | "vendor_without_baa"
  | "constraint_violation";

/** Everything that decides whether a patient may be reached. */
export interface Standing {
  readonly patient: Pick<PatientRecord, "constraints" | "numberId" | "addressId">;
  readonly consent: ConsentState | undefined;
  readonly vendor: VendorRecord | undefined;
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly now: Date;
}

/**
 * The reason not to send, or null. Consent must be granted for this purpose and channel and for the
 * number as it is now (47 CFR 64.1200(a)(1)(iii)); what is not known is not consent.
 */
export function refusalOf(standing: Standing): ConsentRefusal | null {
  const { patient, consent, vendor, purpose, channel, now } = standing;
  if (consent === undefined) return "consent_required";
  if (consent.decision === "revoked") return "consent_revoked";
  const contactId = channel === "sms" ? patient.numberId : patient.addressId;
  if (contactId === null || consent.contactId !== contactId) return "consent_required";
  if (!hasAgreement(vendor, now.toISOString().slice(0, 10))) return "vendor_without_baa";
  const { neverText, neverEmail, neverAbout } = patient.constraints;
  const never = channel === "sms" ? neverText : neverEmail;
  if (never === true || neverAbout?.includes(purpose) === true) return "constraint_violation";
  return null;
}
