import * as z from "zod";

/** What `audit` reads from its environment. */
export const AuditEnvironment = z.object({
  AUDIT_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  PRACTICE_TIME_ZONE: z.string().min(1),
});

/** What infra must set: every key is required and every value is a string. */
export type AuditEnvironment = z.input<typeof AuditEnvironment>;
