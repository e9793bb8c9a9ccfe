/** How an answer begins that says what was expected; no other message of a schema begins so. */
export const EXPECTED = "Expected: ";

/** Has a schema say what it expects, in words for the caller; they must not hold anything that the caller sent. */
export function expected(words: string): { readonly error: string } {
  return { error: `${EXPECTED}${words}.` };
}
