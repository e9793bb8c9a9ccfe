import type { Slot } from "../alerts/templates.ts";
import type { LintCode } from "./lint-codes.ts";

/** Something wrong with a template: `[start, end)` in UTF-16 units of the text as it was written. It quotes nothing. */
export interface LintFinding {
  readonly code: LintCode;
  readonly start: number;
  readonly end: number;
  readonly explanation: string;
  /** The values with which it comes true, where it depends on them. */
  readonly slots?: Readonly<Partial<Record<Slot, string>>>;
}

/** A template that is being judged. */
export interface Draft {
  /** As it was written. */
  readonly text: string;
  /** As long: slots and other fields blanked out, letters small and without accents. */
  readonly plain: string;
  /** As long: slots and other fields blanked out, nothing else changed. */
  readonly words: string;
}

/** Stands for each unit of a blanked field: no letter, no space, no sign that any text has. */
export const BLANK = "\uFFFC";

/** A finding for each place of a pattern (with the flag g) in one of a draft's forms. */
export function findAll(
  text: string,
  pattern: RegExp,
  code: LintCode,
  explanation: string,
): readonly LintFinding[] {
  return [...text.matchAll(pattern)].map((match) => ({
    code,
    start: match.index,
    end: match.index + match[0].length,
    explanation,
  }));
}
