import type { StageSettings } from "./stages.ts";

/** As phones show it: `+1 800-555-0199`, `(800) 555-0199`, or a short code. */
const PRINTED = /^(?:\+\d{1,3} ?)?[\d(][\d ()-]{3,18}\d$/;
const NUMBERS_MAX = 8;

/** What tells the portal's public page where texts come from; throws for what is no printed number. */
export function textNumbers({ textNumbers: numbers = [] }: Pick<StageSettings, "textNumbers">): {
  readonly TEXT_NUMBERS?: string;
} {
  if (numbers.length > NUMBERS_MAX || numbers.some((number) => !PRINTED.test(number))) {
    throw new Error(`textNumbers must be at most ${NUMBERS_MAX} numbers as phones show them.`);
  }
  return numbers.length === 0 ? {} : { TEXT_NUMBERS: numbers.join(",") };
}
