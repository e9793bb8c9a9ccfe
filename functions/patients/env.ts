import * as z from "zod";

/** What `patients` reads from its environment. */
export const PatientsEnvironment = z.object({
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  PROOF_KEY_ARN: z.string().startsWith("arn:"),
});

/** What infra must set: every key is required and every value is a string. */
export type PatientsEnvironment = z.input<typeof PatientsEnvironment>;
