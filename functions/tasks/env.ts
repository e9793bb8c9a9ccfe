import * as z from "zod";

/** What `tasks` reads from its environment. */
export const TasksEnvironment = z.object({
  PRACTICE_TABLE_NAME: z.string().min(3),
  MESSAGES_TABLE_NAME: z.string().min(3),
  CONTENT_KEYS_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
  CONTENT_KEY_ARN: z.string().startsWith("arn:"),
  INDEX_KEY_ARN: z.string().startsWith("arn:"),
});

/** What infra must set: every key is required and every value is a string. */
export type TasksEnvironment = z.input<typeof TasksEnvironment>;
