import * as z from "zod";

/** What `import-records` reads from its environment. */
export const ImportRecordsEnvironment = z.object({
  APPOINTMENTS_TABLE_NAME: z.string().min(3),
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  IMPORTS_BUCKET_NAME: z.string().min(3),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  PROOF_KEY_ARN: z.string().startsWith("arn:"),
  PRACTICE_TIME_ZONE: z.string().min(3),
  OPT_OUTS: z.enum(["self-managed", "carrier"]),
});

/** What infra must set: every key is required and every value is a string. */
export type ImportRecordsEnvironment = z.input<typeof ImportRecordsEnvironment>;
