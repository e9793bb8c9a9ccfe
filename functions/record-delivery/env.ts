import * as z from "zod";

/** What `record-delivery` reads from its environment. */
export const RecordDeliveryEnvironment = z.object({
  PATIENTS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  BULK_ALERTS_QUEUE_URL: z.url(),
});

/** What infra must set: every key is required and every value is a string. */
export type RecordDeliveryEnvironment = z.input<typeof RecordDeliveryEnvironment>;
