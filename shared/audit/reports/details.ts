import type { AuditEntry } from "../journal.ts";

/** A detail that is a string; undefined for anything else. */
export function textOf({ details }: AuditEntry, name: string): string | undefined {
  const value = details?.[name];
  return typeof value === "string" ? value : undefined;
}

/** The strings of a detail that is a list. */
export function textsOf({ details }: AuditEntry, name: string): readonly string[] {
  const value = details?.[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

/** True where the detail is there, whatever it is. */
export function has({ details }: AuditEntry, name: string): boolean {
  return details !== undefined && Object.hasOwn(details, name);
}
