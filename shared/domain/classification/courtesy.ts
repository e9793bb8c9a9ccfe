import type { Analysis } from "./analysis.ts";
import { wordSet } from "./patterns.ts";

/** After these words a name stands. */
const BEFORE_NAME = wordSet("beforeName");
/** Words at which a closing begins that no sign parts from what stands before it. */
const CLOSING_STARTS = wordSet("closingStarts");
/** Words that a whole reply may consist of: answers to "Reply C to confirm" and to the carrier's words. */
const REPLY_WORDS = wordSet("replies");
const CLAUSE_END = /[.!?;:,()]|\s-\s/;

/** The tokens that remain when harmless sentences are left out at both ends; `undefined` when there is nothing else. */
function trimmed(
  { tokens, folding }: Analysis,
  isHarmless: (index: number) => boolean,
): [number, number] | undefined {
  const ends = (index: number): boolean =>
    CLAUSE_END.test(folding.folded.slice(tokens[index - 1]?.end, tokens[index]?.start));
  let from = 0;
  let first = 0;
  for (; first < tokens.length && isHarmless(first); first++) if (first > 0 && ends(first)) from = first;
  if (first === tokens.length) return undefined;
  if (first > 0 && ends(first)) from = first;
  let to = tokens.length;
  for (let i = tokens.length - 1; i > from && isHarmless(i); i--)
    if (ends(i) || CLOSING_STARTS.has(tokens[i]?.word ?? "")) to = i;
  return [from, to];
}

/**
 * The tokens `[from, to)` of a text without the courtesies and administrative sentences at its beginning and end: none
 * when there are only courtesies. A text of administrative words alone keeps them: they may still add up to something.
 */
export function withoutCourtesies(analysis: Analysis): [number, number] {
  const { tokens, entries, folding } = analysis;
  const isCourteous = (index: number): boolean => {
    const entry = entries[index];
    if (entry?.isCourtesy === true || /^\d+$/.test(tokens[index]?.word ?? "")) return true;
    const isPlain = entry === undefined || entry.strength === "ordinary";
    const previous = tokens[index - 1];
    // "Hi Maria", "Dr. Lee"; what follows a comma is no name.
    return (
      isPlain &&
      previous !== undefined &&
      BEFORE_NAME.has(previous.word) &&
      /^\.? $/.test(folding.folded.slice(previous.end, tokens[index]?.start))
    );
  };
  if (tokens.length === 1 && REPLY_WORDS.has(tokens[0]?.word ?? "")) return [0, 0];
  return (
    trimmed(analysis, (index) => entries[index]?.isAdministrative === true || isCourteous(index)) ??
    trimmed(analysis, isCourteous) ?? [0, 0]
  );
}
