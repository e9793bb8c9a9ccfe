import type * as z from "zod";

/**
 * The environment of this process, parsed by `schema`.
 * Throws at start with the names (never the values) of what is missing or wrong.
 */
export function readEnv<Schema extends z.ZodObject>(
  schema: Schema,
  source: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join(".")))];
    throw new Error(`environment variables missing or wrong: ${names.join(", ")}`);
  }
  return parsed.data;
}
