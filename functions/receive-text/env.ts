import * as z from "zod";

/** What `receive-text` reads from its environment. */
export const ReceiveTextEnvironment = z.object({
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  APPOINTMENTS_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTENT_KEY_ARN: z.string().startsWith("arn:"),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  PRACTICE_TIME_ZONE: z.string().min(1),
  OPT_OUTS: z.enum(["self-managed", "carrier"]),
  OPT_OUT_SCOPE: z.enum(["all", "answered-purpose"]),
  /** The practice's own wording as JSON, where the stage has one (`WordingSettings`). */
  PRACTICE_WORDING: z.string().min(2).max(4000).optional(),
});

/** What infra must set: every value is a string. */
export type ReceiveTextEnvironment = z.input<typeof ReceiveTextEnvironment>;
