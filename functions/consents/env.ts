import * as z from "zod";

/** What `consents` reads from its environment. */
export const ConsentsEnvironment = z.object({
  CONSENTS_TABLE_NAME: z.string().min(3),
  PATIENTS_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  PRACTICE_TIME_ZONE: z.string().min(3),
  OPT_OUTS: z.enum(["self-managed", "carrier"]),
});

/** What infra must set: every key is required and every value is a string. */
export type ConsentsEnvironment = z.input<typeof ConsentsEnvironment>;
