import { everyDate, everyTime } from "../alerts/slot-values.ts";
import { TOKEN_LENGTH } from "../link-token.ts";
import type { Language } from "../words.ts";
import type { PossibleValues } from "./possible-texts.ts";

/** What a practice's texts name. */
export interface PracticeWords {
  readonly practice: string;
  readonly phone: string;
  /** What a link's token follows, without the slash between them. */
  readonly portalBaseUrl: string;
  /** Approved text names. */
  readonly locations: readonly string[];
  readonly providers: readonly string[];
  readonly pharmacies: readonly string[];
}

const CODE_LENGTH = 6;

/**
 * Everything that can fill each slot of a practice's texts. One link and one code stand for all: they differ in what is
 * masked in records, and are all as long.
 */
export function possibleValues(words: PracticeWords, language: Language): Required<PossibleValues> {
  return {
    practice: [words.practice],
    phone: [words.phone],
    link: [`${words.portalBaseUrl}/${"0".repeat(TOKEN_LENGTH)}`],
    code: ["0".repeat(CODE_LENGTH)],
    date: everyDate(language),
    time: everyTime(language),
    location: words.locations,
    provider: words.providers,
    pharmacy: words.pharmacies,
  };
}
