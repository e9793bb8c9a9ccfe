import type { Analysis } from "./analysis.ts";
import { TEXT_UNITS_MAX } from "./limits.ts";
import { wordSet } from "./patterns.ts";
import type { Stretch } from "./stretches.ts";
import type { Token } from "./tokens.ts";

/** Why a text cannot be judged. */
export type Obstacle = { readonly rule: string; readonly explanation: string };

const OTHER_LETTER = /[^\P{L}a-z]/u;
// Characters that reorder what is shown, private use and unassigned code points, control characters other than white space.
const UNSAFE = /[\u202a-\u202e\u2066-\u2069\p{Co}\p{Cn}\u0000-\u0008\u000e-\u001f\u007f-\u009f]/u;

/** Says why a text is unreadable for the classifier; `undefined` when it can be read. */
export function unreadable(text: string): Obstacle | undefined {
  if (text.length > TEXT_UNITS_MAX)
    return { rule: "too-long", explanation: "The text is longer than what is read." };
  if (!text.isWellFormed())
    return { rule: "broken-characters", explanation: "The text holds half characters." };
  if (UNSAFE.test(text))
    return {
      rule: "unsafe-characters",
      explanation: "The text holds control, private-use or reordering characters.",
    };
  return undefined;
}

/** Letters of scripts of which no letter is taken for a Latin one. */
const OTHER_SCRIPT =
  /[^\P{L}\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}\p{sc=Cherokee}\p{sc=Common}\p{sc=Inherited}]/u;

/** Where the first letter of such a script stands, as a UTF-16 offset; -1 when there is none. */
export function otherScriptAt(text: string): number {
  return text.search(OTHER_SCRIPT);
}

/** The first word with a letter that folding did not lead to a to z: another script, or an unusual imitation. */
export function unjudgedLetters(tokens: readonly Token[]): Token | undefined {
  return tokens.find(({ word }) => OTHER_LETTER.test(word));
}

const SPANISH_WORDS = wordSet("spanish");
const ENGLISH_WORDS = wordSet("english");

/** Whether a stretch of a text is more Spanish than English, by its function words. */
export function isSpanish({ tokens }: Analysis, [from, to]: Stretch): boolean {
  let spanish = 0;
  let english = 0;
  for (let i = from; i < to; i++) {
    const word = tokens[i]?.word ?? "";
    if (SPANISH_WORDS.has(word)) spanish++;
    if (ENGLISH_WORDS.has(word)) english++;
  }
  return spanish > english;
}
