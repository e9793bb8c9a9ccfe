import * as z from "zod";

/** What `anchor` reads from its environment. */
export const AnchorEnvironment = z.object({
  AUDIT_TABLE_NAME: z.string().min(3),
  ANCHOR_KEY_ARN: z.string().startsWith("arn:"),
  ANCHORS_BUCKET_NAME: z.string().min(3),
  EXPORTS_BUCKET_NAME: z.string().min(3),
  ANCHOR_EVERY_MINUTES: z.coerce.number<string>().int().positive(),
});

/** What infra must set: every key is required and every value is a string. */
export type AnchorEnvironment = z.input<typeof AnchorEnvironment>;
