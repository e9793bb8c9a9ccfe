import { analyse } from "./analysis.ts";
import { wordSet } from "./patterns.ts";
import { comparedWords, NEUTRAL, type PracticeWording, type WordingSettings } from "./practice-wording.ts";

const WORDS_MAX = 6;
const EXPRESSIONS_MAX = 50;
/** A function's whole environment may take 4 KB (AWS Lambda quota). */
const SETTING_UNITS_MAX = 2000;
/** Kinds of care whose name by itself tells little; no practice may relax another. */
const RELAXABLE = wordSet("relaxable");

/** Whether an expression names a kind of care that tells little, and nothing else that tells anything. */
function isRelaxable(words: readonly string[]): boolean {
  if (!words.some((word) => RELAXABLE.has(word))) return false;
  const rest = words.map((word) => (RELAXABLE.has(word) ? NEUTRAL : word)).join(" ");
  return analyse(rest).findings.length === 0;
}

/**
 * Reads a practice's settings. Throws, without repeating an expression, when there are too many or too long ones, when
 * one has no word or more than six, or when one would relax more than a kind of care that tells little by itself.
 */
export function readPracticeWording(settings: WordingSettings): PracticeWording {
  if (JSON.stringify(settings).length > SETTING_UNITS_MAX)
    throw new Error(`wording: all expressions together are longer than ${SETTING_UNITS_MAX} characters`);
  const compared = (name: string, expressions: readonly string[]): string[][] => {
    if (expressions.length > EXPRESSIONS_MAX)
      throw new Error(`wording: more than ${EXPRESSIONS_MAX} ${name} expressions`);
    return expressions.map((expression, index) => {
      const words = comparedWords(expression);
      if (words.length === 0 || words.length > WORDS_MAX)
        throw new Error(`wording: ${name} expression ${index + 1} must have one to ${WORDS_MAX} words`);
      return words;
    });
  };
  const wording = {
    relaxed: compared("relaxed", settings.relaxed),
    tightened: compared("tightened", settings.tightened),
  };
  wording.relaxed.forEach((words, index) => {
    if (!isRelaxable(words))
      throw new Error(
        `wording: relaxed expression ${index + 1} must name a kind of care that may be relaxed (${[...RELAXABLE].slice(0, 6).join(", ")} …) and nothing else that tells anything`,
      );
  });
  return wording;
}
