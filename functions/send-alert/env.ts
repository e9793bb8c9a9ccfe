import * as z from "zod";

/** What `send-alert` reads from its environment. */
export const SendAlertEnvironment = z.object({
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  APPOINTMENTS_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  LINK_KEY_ID: z.coerce.number<string>().int().min(1).max(255),
  LINK_KEY_ARN: z.string().startsWith("arn:"),
  /** Both or neither: the key before, whose links still open. */
  PREVIOUS_LINK_KEY_ID: z.coerce.number<string>().int().min(1).max(255).optional(),
  PREVIOUS_LINK_KEY_ARN: z.string().startsWith("arn:").optional(),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  BULK_ALERTS_QUEUE_URL: z.url(),
  PORTAL_BASE_URL: z.url(),
  PRACTICE_NAME: z.string().min(1).max(30),
  PRACTICE_PHONE: z.string().min(7).max(20),
  ORIGINATION_IDENTITY: z.string().min(1).max(256),
  CONFIGURATION_SET_NAME: z.string().min(1),
  PROTECT_CONFIGURATION_ID: z.string().min(1),
  /** Message parts a second; absent where the originator has no limit. */
  TEXTS_PER_SECOND: z.coerce.number<string>().positive().max(100).optional(),
  /** The carrier's list that we keep; absent where the carrier keeps it by itself. */
  OPT_OUT_LIST_NAME: z.string().min(1).max(256).optional(),
  /** Both or neither: where e-mails come from, and the rules they leave under. */
  EMAIL_FROM: z.string().min(3).max(320).optional(),
  EMAIL_CONFIGURATION_SET: z.string().min(1).max(64).optional(),
  PRACTICE_TIME_ZONE: z.string().min(1).max(64),
  TEXT_PARTS_MAX: z.coerce.number<string>().int().min(1).max(2),
  /** The practice's own wording as JSON, where the stage has one (`WordingSettings`). */
  PRACTICE_WORDING: z.string().min(2).max(4000).optional(),
  LINK_LIFETIME_SECONDS: z.coerce.number<string>().int().min(3600).max(604800),
});

/** What infra must set: every value is a string. */
export type SendAlertEnvironment = z.input<typeof SendAlertEnvironment>;
