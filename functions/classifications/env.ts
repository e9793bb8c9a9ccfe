import * as z from "zod";

/** What `classifications` reads from its environment: nothing unless the stage has a wording or a second reader. */
export const ClassificationsEnvironment = z.object({
  /** The practice's own wording as JSON, where the stage has one (`WordingSettings`). */
  PRACTICE_WORDING: z.string().min(2).max(4000).optional(),
  SECOND_READER_MODEL_ID: z.string().min(3).optional(),
  /** Where the agreement with the second reader's vendor stands. */
  PRACTICE_TABLE_NAME: z.string().min(3).optional(),
});

/** What infra must set: every value is a string. */
export type ClassificationsEnvironment = z.input<typeof ClassificationsEnvironment>;
