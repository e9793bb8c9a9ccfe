import * as z from "zod";

/** What `record-delivery` reads from its environment. */
export const RecordDeliveryEnvironment = z.object({
  MESSAGES_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
});

/** What infra must set: every key is required and every value is a string. */
export type RecordDeliveryEnvironment = z.input<typeof RecordDeliveryEnvironment>;
