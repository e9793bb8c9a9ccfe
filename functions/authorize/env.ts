import * as z from "zod";

/** What `authorize` reads from its environment. */
export const AuthorizeEnvironment = z.object({
  USER_POOL_ID: z.string().min(3),
  STAFF_CLIENT_ID: z.string().min(1),
  INTEGRATION_CLIENT_ID: z.string().min(1),
  PRACTICE_TABLE_NAME: z.string().min(3),
  AUDIT_TABLE_NAME: z.string().min(3),
});

/** What infra must set: every key is required and every value is a string. */
export type AuthorizeEnvironment = z.input<typeof AuthorizeEnvironment>;
