/** Why staff kill links of a patient, of a sender or of the whole practice. */
export const LINK_REVOCATION_REASONS = [
  "device-lost",
  "wrong-recipient",
  "patient-request",
  "account-misused",
  "staff-left",
  "incident",
  "other",
] as const;

/** One of the reasons. */
export type LinkRevocationReason = (typeof LINK_REVOCATION_REASONS)[number];
