import * as z from "zod";

/** What `check-attachment` reads from its environment. */
export const CheckAttachmentEnvironment = z.object({
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  ATTACHMENTS_BUCKET_NAME: z.string().min(3),
});

/** What infra must set: every key is required and every value is a string. */
export type CheckAttachmentEnvironment = z.input<typeof CheckAttachmentEnvironment>;
