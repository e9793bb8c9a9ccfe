import * as z from "zod";

/** What `reconcile-opt-outs` reads from its environment. */
export const ReconcileOptOutsEnvironment = z.object({
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  OPT_OUT_LIST_NAME: z.string().min(1).max(256),
});

/** What infra must set: every key is required and every value is a string. */
export type ReconcileOptOutsEnvironment = z.input<typeof ReconcileOptOutsEnvironment>;
