import type { StageSettings } from "./stages.ts";

const SINGLE_PART_CHARACTERS = 160;
const TOKEN_CHARACTERS = 44;

/**
 * Words of the longest template that carries a link and neither a date nor a name, without its slots; test/infra compares
 * it with the templates. What dates and names add is judged with the values that they have.
 */
export const FIXED_WORDS_CHARACTERS = 46;

/** How many parts a text may take, and how many characters of a one-part text stay free. */
export interface TextBudget {
  readonly partsMax: 1 | 2;
  readonly freeCharacters: number;
}

const TEXT_NAME_CHARACTERS_MAX = 30;
const PHONE_CHARACTERS_MIN = 7;
const PHONE_CHARACTERS_MAX = 20;

// All of these are in the basic set of GSM-7: one that is not would make every text longer, and be refused.
const TEXT_NAME = /^[A-Za-z0-9 &'.,-]+$/;
const PHONE = /^[0-9 +().-]+$/;

/** Throws where the practice's name or number could not stand in a text, with or without a domain. */
function requireFitForTexts({ textName, phone }: StageSettings["practice"]): void {
  if (
    textName.trim() !== textName ||
    textName.length > TEXT_NAME_CHARACTERS_MAX ||
    !TEXT_NAME.test(textName)
  ) {
    throw new Error(
      `The practice's text name must be 1 to ${TEXT_NAME_CHARACTERS_MAX} characters: letters of English, digits, ` +
        "& ' . , - and spaces inside.",
    );
  }
  if (phone.length < PHONE_CHARACTERS_MIN || phone.length > PHONE_CHARACTERS_MAX || !PHONE.test(phone)) {
    throw new Error(
      `The practice's phone must be ${PHONE_CHARACTERS_MIN} to ${PHONE_CHARACTERS_MAX} characters: digits, ` +
        "spaces and + ( ) . -",
    );
  }
}

/**
 * The text budget of a stage. With a domain every text must fit in one part: 160 − link − fixed words, less the
 * practice's name and phone. Without a domain the link is too long for that, and a text may take two parts.
 * Throws where the practice's name or phone is not fit for a text, and when host and name leave less than nothing.
 */
export function textBudget({ domain, practice }: StageSettings): TextBudget {
  requireFitForTexts(practice);
  if (domain === undefined) return { partsMax: 2, freeCharacters: 0 };
  const linkCharacters = `https://${domain.host}/m/`.length + TOKEN_CHARACTERS;
  const practiceCharacters = practice.textName.length + practice.phone.length;
  const freeCharacters =
    SINGLE_PART_CHARACTERS - linkCharacters - FIXED_WORDS_CHARACTERS - practiceCharacters;
  if (freeCharacters < 0) {
    throw new Error(
      `A text would not fit in one part: shorten the portal's host (${domain.host.length} characters) or the ` +
        `practice's text name (${practice.textName.length}) by ${-freeCharacters} characters.`,
    );
  }
  return { partsMax: 1, freeCharacters };
}
