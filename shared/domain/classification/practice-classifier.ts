import { CLASSIFIER_VERSION, type Classification, classify, type Direction } from "./classify.ts";
import type { WordingSettings } from "./practice-wording.ts";
import { readPracticeWording } from "./read-practice-wording.ts";
import { hashText } from "./word-hash.ts";

/** The classifier as one practice uses it. */
export type PracticeClassifier = {
  readonly classify: (text: string, options: { readonly direction: Direction }) => Classification;
  /** {@link CLASSIFIER_VERSION}, with a mark of the practice's own wording where there is any. */
  readonly version: string;
};

/**
 * The classifier with a practice's own wording, given as JSON of {@link WordingSettings}, or without any. Throws where the
 * JSON or the wording is not valid, so that a function with a wrong setting does not start.
 */
export function createPracticeClassifier(setting: string | undefined): PracticeClassifier {
  if (setting === undefined) return { classify, version: CLASSIFIER_VERSION };
  const settings: WordingSettings = JSON.parse(setting);
  const wording = readPracticeWording(settings);
  return {
    classify: (text, { direction }) => classify(text, { direction, wording }),
    version: `${CLASSIFIER_VERSION}-${hashText(JSON.stringify(wording)).toString(16).padStart(8, "0")}`,
  };
}
