import type { StageSettings } from "./stages.ts";

const SINGLE_PART_CHARACTERS = 160;
const TOKEN_CHARACTERS = 44;

/** Words of the longest template that carries a link, without its slots; test/infra compares it with the templates. */
export const FIXED_WORDS_CHARACTERS = 46;

/** How many parts a text may take, and how many characters of a one-part text stay free. */
export interface TextBudget {
  readonly partsMax: 1 | 2;
  readonly freeCharacters: number;
}

/**
 * The text budget of a stage. With a domain every text must fit in one part: 160 − link − fixed words, less the
 * practice's name and phone. Throws when host and name leave less than nothing.
 * Without a domain the link is too long for that, and a text may take two parts.
 */
export function textBudget({ domain, practice }: StageSettings): TextBudget {
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
