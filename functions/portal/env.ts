import * as z from "zod";

/** What `portal` reads from its environment. */
export const PortalEnvironment = z.object({
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTENT_KEY_ARN: z.string().startsWith("arn:"),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  LINK_KEY_ARN: z.string().startsWith("arn:"),
  PROOF_KEY_ARN: z.string().startsWith("arn:"),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  PRACTICE_NAME: z.string().min(1).max(30),
  PRACTICE_PHONE: z.string().min(7).max(20),
  PRACTICE_TIME_ZONE: z.string().min(3),
});

/** What infra must set: every key is required and every value is a string. */
export type PortalEnvironment = z.input<typeof PortalEnvironment>;
