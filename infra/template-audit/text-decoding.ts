import { decodeText as decode, type Encoding, NotTextError } from "#shared/domain/csv/text-decoding.ts";
import { AuditError } from "./audit-error.ts";

const NOT_TEXT =
  "This is not a text file (a workbook, an archive or a PDF?): save the templates as CSV UTF-8 or JSON Lines.";

/** Decodes a stream of bytes as far as it is text; throws an {@link AuditError} for what is not. */
export async function* decodeText(
  input: AsyncIterable<Buffer | string>,
  told: (encoding: Encoding) => void,
): AsyncGenerator<string> {
  try {
    yield* decode(input, told);
  } catch (error) {
    if (error instanceof NotTextError) throw new AuditError(NOT_TEXT);
    throw error;
  }
}
