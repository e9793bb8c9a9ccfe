import type { Language } from "../words.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Words that one of the languages has and the other has not. */
const OF: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: words(
    `the your you is are at for call reply to and of please visit new message messages we our this with from see read
     if not any will be was were has have it in on by question questions thank thanks`,
  ),
  es: words(
    `el la los las su sus de del para por llame responda con y en cita citas mensaje mensajes nuevo nueva usted le les
     un una que es son vea lea si al se preguntas gracias favor salir terminar nos`,
  ),
};
const WORDS_MIN = 2;

/** The other of the two languages. */
export function otherOf(language: Language): Language {
  return language === "en" ? "es" : "en";
}

/** Finds a text that is written in the other language. */
export function findOtherLanguage({ plain, text }: Draft, language: Language): readonly LintFinding[] {
  const found = plain.match(/\p{L}+/gu) ?? [];
  const other = otherOf(language);
  const count = (which: Language) => found.filter((word) => OF[which].has(word)).length;
  const others = count(other);
  if (others < WORDS_MIN || others <= count(language)) return [];
  const explanation = "The text reads as the other language's.";
  return [{ code: "other-language", start: 0, end: text.length, explanation }];
}
