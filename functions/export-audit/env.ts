import * as z from "zod";

/** What `export-audit` reads from its environment. */
export const ExportAuditEnvironment = z.object({
  AUDIT_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_ARN: z.string().startsWith("arn:"),
  CONSENTS_TABLE_ARN: z.string().startsWith("arn:"),
  PRACTICE_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_ARN: z.string().startsWith("arn:"),
  EXPORTS_BUCKET_NAME: z.string().min(3),
  EXPORTS_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
});

/** What infra must set: every key is required and every value is a string. */
export type ExportAuditEnvironment = z.input<typeof ExportAuditEnvironment>;
