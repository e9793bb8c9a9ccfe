import * as z from "zod";

/** What `practice` reads from its environment. */
export const PracticeEnvironment = z.object({
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  PRACTICE_NAME: z.string().min(1).max(30),
  PRACTICE_PHONE: z.string().min(7).max(20),
  PRACTICE_TIME_ZONE: z.string().min(3),
});

/** What infra must set: every key is required and every value is a string. */
export type PracticeEnvironment = z.input<typeof PracticeEnvironment>;
