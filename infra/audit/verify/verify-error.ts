/** Why nothing can be verified, in one line that says how to mend it. The line holds nothing of the files. */
export class VerifyError extends Error {
  override readonly name = "VerifyError";
}
