import * as z from "zod";

/** What `remind` reads from its environment. */
export const RemindEnvironment = z.object({
  MESSAGES_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  BULK_ALERTS_QUEUE_URL: z.url(),
  /** Message parts a second; absent where the originator has no limit. */
  TEXTS_PER_SECOND: z.coerce.number<string>().positive().max(100).optional(),
});

/** What infra must set: every value is a string. */
export type RemindEnvironment = z.input<typeof RemindEnvironment>;
