/** Why nothing can be audited, in one line that says how to mend it. The line never holds anything of the file. */
export class AuditError extends Error {
  override readonly name = "AuditError";
}
