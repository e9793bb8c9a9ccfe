import * as z from "zod";

/** What `threads` reads from its environment. */
export const ThreadsEnvironment = z.object({
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTENT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  ATTACHMENTS_BUCKET_NAME: z.string().min(3),
});

/** What infra must set: every key is required and every value is a string. */
export type ThreadsEnvironment = z.input<typeof ThreadsEnvironment>;
