/** Why nothing was imported, in one line that says how to mend it. The line may name an address, and holds nothing of the file or the token. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}
