import * as z from "zod";

/** What `messages` reads from its environment. */
export const MessagesEnvironment = z.object({
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTENT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  BULK_ALERTS_QUEUE_URL: z.url(),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  PORTAL_BASE_URL: z.url(),
  PRACTICE_NAME: z.string().min(1).max(30),
  PRACTICE_PHONE: z.string().min(7).max(20),
  /** What the practice's clocks show until it says otherwise. */
  PRACTICE_TIME_ZONE: z.string().min(3),
  TEXT_PARTS_MAX: z.coerce.number<string>().int().min(1).max(2),
  /** The practice's own wording as JSON, where the stage has one (`WordingSettings`). */
  PRACTICE_WORDING: z.string().min(2).max(4000).optional(),
  /** Only where the stage has a second reader. */
  SECOND_READER_MODEL_ID: z.string().min(3).optional(),
});

/** What infra must set: every value is a string. */
export type MessagesEnvironment = z.input<typeof MessagesEnvironment>;
