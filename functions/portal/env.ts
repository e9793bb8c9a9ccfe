import * as z from "zod";

/** What `portal` reads from its environment. */
export const PortalEnvironment = z.object({
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  CONSENTS_TABLE_NAME: z.string().min(3),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTENT_KEY_ARN: z.string().startsWith("arn:"),
  CONTACT_KEY_ARN: z.string().startsWith("arn:"),
  LINK_KEY_ID: z.coerce.number<string>().int().min(1).max(255),
  LINK_KEY_ARN: z.string().startsWith("arn:"),
  /** Both or neither: the key before, whose links still open. */
  PREVIOUS_LINK_KEY_ID: z.coerce.number<string>().int().min(1).max(255).optional(),
  PREVIOUS_LINK_KEY_ARN: z.string().startsWith("arn:").optional(),
  PROOF_KEY_ARN: z.string().startsWith("arn:"),
  URGENT_ALERTS_QUEUE_URL: z.url(),
  ATTACHMENTS_BUCKET_NAME: z.string().min(3),
  /** Where browsers post and fetch files; pages name it in their policy. */
  ATTACHMENTS_HOST: z.string().min(3),
  PRACTICE_NAME: z.string().min(1).max(30),
  PRACTICE_PHONE: z.string().min(7).max(20),
  PRACTICE_TIME_ZONE: z.string().min(3),
  /** How the pages look; see infra/practice-brand.ts. */
  BRAND_COLOUR: z.string().length(7).optional(),
  BRAND_COLOUR_DARK: z.string().length(7).optional(),
  BRAND_LOGO: z.enum(["logo.svg", "logo.png"]).optional(),
  /** Where the pages are, as texts say it. */
  PORTAL_BASE_URL: z.url(),
  /** The numbers that texts come from as phones show them, by commas. */
  TEXT_NUMBERS: z.string().min(3).max(200).optional(),
  EMAIL_FROM: z.string().min(3).max(320).optional(),
  PRACTICE_WORDING: z.string().min(2).max(4000).optional(),
});

/** What infra must set: every key is required and every value is a string. */
export type PortalEnvironment = z.input<typeof PortalEnvironment>;
