import * as z from "zod";

/** What `attachments` reads from its environment. */
export const AttachmentsEnvironment = z.object({
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  ATTACHMENTS_BUCKET_NAME: z.string().min(3),
  CONTENT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
});

/** What infra must set: every key is required and every value is a string. */
export type AttachmentsEnvironment = z.input<typeof AttachmentsEnvironment>;
