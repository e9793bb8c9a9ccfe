import type { WordingSettings } from "#shared/domain/classification/practice-wording.ts";
import { readPracticeWording } from "#shared/domain/classification/read-practice-wording.ts";

export type { WordingSettings } from "#shared/domain/classification/practice-wording.ts";

/**
 * A stage's wording as the functions read it, or nothing where the stage has none. Throws where it is not valid, so that
 * a wrong one fails the synthesis and not a function's start.
 */
export function practiceWording(wording: WordingSettings | undefined): {
  readonly PRACTICE_WORDING?: string;
} {
  if (wording === undefined) return {};
  readPracticeWording(wording);
  return { PRACTICE_WORDING: JSON.stringify(wording) };
}
