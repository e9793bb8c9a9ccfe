import { everyClock, everyDate } from "#shared/domain/alerts/slot-values.ts";
import { everyZoneLetters } from "#shared/domain/alerts/zone-letters.ts";
import { LANGUAGES, type Language } from "#shared/domain/words.ts";

const DATES: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(everyDate("en")),
  es: new Set(everyDate("es")),
};
const CLOCKS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(everyClock("en")),
  es: new Set(everyClock("es")),
};
const LETTERS: ReadonlySet<string> = new Set(everyZoneLetters());
/** A time of day, and what follows it. */
const TIME = /^(\d{1,2}:\d{2} [AP]M)( \S+)?$/;

/** The values that stand for all others of their kind where texts are judged that differ in nothing else. */
const EXAMPLES: Readonly<Record<Language, { readonly date: string; readonly clock: string }>> = {
  en: { date: "Wed, Sep 30", clock: "10:30 AM" },
  es: { date: "mie 30 sep", clock: "10:30 AM" },
};

/** Whether a template's text can show this day. */
export function isShownDate(value: string, language: Language): boolean {
  return DATES[language].has(value);
}

/** Whether a template's text can show this time of day. */
export function isShownTime(value: string, language: Language): boolean {
  const [, clock = "", letters] = TIME.exec(value) ?? [];
  return CLOCKS[language].has(clock) && (letters === undefined || LETTERS.has(letters.slice(1)));
}

/** The day that stands for all others. */
export function exampleDate(language: Language): string {
  return EXAMPLES[language].date;
}

/** The time of day that stands for all others with these letters behind it. */
export function exampleTime(value: string, language: Language): string {
  return `${EXAMPLES[language].clock}${TIME.exec(value)?.[2] ?? ""}`;
}

/** The language of that name; undefined where there is none. */
export function languageOf(name: string): Language | undefined {
  return LANGUAGES.find((language) => language === name);
}
