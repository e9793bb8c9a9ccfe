import { readDataFile } from "./data-files.ts";
import { type Classification, type Direction, judge } from "./judge.ts";
import { LEXICON_VERSION, PATTERNS_CHECKSUM } from "./lexicon.ts";
import { readModel } from "./model.ts";
import type { PracticeWording } from "./practice-wording.ts";

export type { Classification, Direction } from "./judge.ts";

const model = readModel(readDataFile("model.bin"));

/** Name and content of the classifier: its last three parts change whenever lexicon, model or patterns change, the first whenever rules do. */
export const CLASSIFIER_VERSION = `foundphone-2-${LEXICON_VERSION}-${model.version}-${PATTERNS_CHECKSUM.toString(16).padStart(8, "0")}`;

/**
 * Decides which tier a text is: could someone who reads it on a found phone learn anything of the person's condition,
 * treatment or type of care? Deterministic, total (never throws) and fails closed: what cannot be read is tier 3.
 * Voices only raise: lexicon, phrases, rules, the readability gate and the statistical model each propose a tier and
 * the highest counts. `wording` is what a practice has relaxed or tightened for itself. Spans are UTF-16 offsets into `text`; explanations never quote it.
 */
export function classify(
  text: string,
  { direction, wording }: { readonly direction: Direction; readonly wording?: PracticeWording | undefined },
): Classification {
  return judge(model, text, direction, wording);
}
