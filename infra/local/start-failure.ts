/** Why the host cannot start, in one line that tells how to mend it. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
}
