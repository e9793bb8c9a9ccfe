/** A word of the folded text: `[start, end)` in folded offsets, the word itself without apostrophes. */
export type Token = {
  readonly word: string;
  readonly start: number;
  readonly end: number;
};

const WORD = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu;

/** The words of a folded text in order. Hyphens, slashes and dots separate; an apostrophe inside a word is dropped. */
export function tokenize(folded: string): Token[] {
  const tokens: Token[] = [];
  for (const match of folded.matchAll(WORD)) {
    const raw = match[0];
    tokens.push({
      word: raw.includes("'") ? raw.replaceAll("'", "") : raw,
      start: match.index,
      end: match.index + raw.length,
    });
  }
  return tokens;
}
