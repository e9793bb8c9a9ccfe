import * as z from "zod";

/** What `practice` reads from its environment. */
export const PracticeEnvironment = z.object({
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
  PRACTICE_NAME: z.string().min(1).max(30),
  PRACTICE_PHONE: z.string().min(7).max(20),
  PRACTICE_TIME_ZONE: z.string().min(3),
  /** What a link's token follows. */
  PORTAL_BASE_URL: z.url(),
  /** Parts that a text may have where its kind does not say. */
  TEXT_PARTS_MAX: z.coerce.number<string>().int().min(1).max(2),
  /** Only where the stage sends e-mails; tells who they come from. */
  EMAIL_FROM: z.string().min(3).max(320).optional(),
  /** The practice's own wording as JSON, where the stage has one (`WordingSettings`). */
  PRACTICE_WORDING: z.string().min(2).max(4000).optional(),
});

/** What infra must set: every value is a string. */
export type PracticeEnvironment = z.input<typeof PracticeEnvironment>;
