/** Why no report can be made, in one line that says how to mend it. The line holds nothing of the files. */
export class ReportError extends Error {
  override readonly name = "ReportError";
}
