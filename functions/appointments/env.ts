import * as z from "zod";

/** What `appointments` reads from its environment. */
export const AppointmentsEnvironment = z.object({
  APPOINTMENTS_TABLE_NAME: z.string().min(3),
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  IMPORTS_BUCKET_NAME: z.string().min(3),
  PRACTICE_TIME_ZONE: z.string().min(1),
});

/** What infra must set: every key is required and every value is a string. */
export type AppointmentsEnvironment = z.input<typeof AppointmentsEnvironment>;
