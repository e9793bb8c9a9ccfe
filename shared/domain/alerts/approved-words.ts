declare const approved: unique symbol;

/**
 * Words and slots in order that may be sent, because they ship or because compliance approved them. The mark is for the
 * compiler alone: no list of words is taken for one.
 */
export type ApprovedWords<Part> = readonly Part[] & { readonly [approved]: true };

/** Marks words that ship. Nothing else may call it; those of the practice come from the vocabulary in force. */
export function shippedWords<Part>(parts: readonly Part[]): ApprovedWords<Part> {
  return parts as ApprovedWords<Part>;
}
