import type { Analysis } from "./analysis.ts";
import type { Reason } from "./categories.ts";
import type { Prepared } from "./model.ts";
import { wordSet } from "./patterns.ts";
import { gateReason } from "./reasons.ts";
import type { Direction } from "./verdict.ts";

/** What can be the name of something: letters only, and not a mere abbreviation. */
const UNKNOWN_NAME = /^\p{L}{5,}$/u;
/** After these words a medicine is named, by whoever writes. */
const NAMING_WORDS = wordSet("naming");
/** After these words the practice's own texts name what the patient has, gets or comes for. */
const OUTBOUND_NAMING_WORDS = wordSet("outboundNaming");
/** So many unknown words close together are no text in a language that can be judged. */
const FOREIGN_WORDS_MIN = 5;

/** Words that nothing knows, where they are most of the text or stand where something clinical is named. */
export function unknownWords(analysis: Analysis, prepared: Prepared, direction: Direction): Reason[] {
  const { folding } = analysis;
  const foreign = foreignWords(analysis, prepared).map((stretch) =>
    gateReason(
      folding,
      "unknown-words",
      stretch,
      "Too many words here are of no language that can be judged.",
    ),
  );
  const names = unknownNames(analysis, prepared, direction).map((stretch) =>
    gateReason(
      folding,
      "unknown-name",
      stretch,
      "An unknown word stands where a medicine, test or type of care is named.",
    ),
  );
  return [...foreign, ...names];
}

/** A stretch of the folded text. */
type Span = { readonly start: number; readonly end: number };

/** The first stretch of a text whose words are mostly unknown, if there is one. What stands around it changes nothing. */
function foreignWords({ tokens }: Analysis, prepared: Prepared): Span[] {
  let start = 0;
  let unknown = 0;
  let balance = 0;
  for (const [index, token] of tokens.entries()) {
    if (!/^[a-z]{3,}$/.test(token.word)) continue;
    if (balance === 0) {
      start = index;
      unknown = 0;
    }
    if (prepared.known[index] === true) {
      balance = Math.max(0, balance - 1);
      continue;
    }
    balance++;
    unknown++;
    const first = tokens[start];
    if (unknown >= FOREIGN_WORDS_MIN && balance > 0 && first !== undefined)
      return [{ start: first.start, end: token.end }];
  }
  return [];
}

/**
 * Words that nothing knows (neither the lexicon, nor the labelled texts, nor the frequent words) in a place where a
 * medicine, a test or a type of care is named. In the practice's own texts more places count.
 */
function unknownNames({ tokens, folding }: Analysis, prepared: Prepared, direction: Direction): Span[] {
  return tokens.flatMap((token, index) => {
    if (prepared.known[index] === true || !UNKNOWN_NAME.test(token.word)) return [];
    const previous = tokens[index - 1];
    if (previous === undefined || folding.folded.slice(previous.end, token.start) !== " ") return [];
    const named =
      NAMING_WORDS.has(previous.word) ||
      (direction === "outbound" && OUTBOUND_NAMING_WORDS.has(previous.word));
    return named ? [{ start: token.start, end: token.end }] : [];
  });
}
