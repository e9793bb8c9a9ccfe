import type { Slot } from "../alerts/templates.ts";
import { LANGUAGES, type Language } from "../words.ts";
import { otherOf } from "./language.ts";
import type { LintFinding } from "./lint-finding.ts";
import { parseTemplate } from "./parse.ts";

function slotsIn(text: string): ReadonlySet<Slot> {
  return new Set(parseTemplate(text).slots.map(({ slot }) => slot));
}

/** Slots that one language's text has and the other's lacks: patients are told the same, whatever they read. */
export function findDifferences(
  texts: Readonly<Record<Language, string>>,
): readonly (LintFinding & { readonly language: Language })[] {
  return LANGUAGES.flatMap((language) => {
    const own = slotsIn(texts[language]);
    const other = slotsIn(texts[otherOf(language)]);
    const missing = [...other].filter((slot) => !own.has(slot));
    if (missing.length === 0) return [];
    const explanation = `The other language's text has what this one lacks: ${missing.map((slot) => `{${slot}}`).join(", ")}.`;
    return [{ language, code: "languages-differ", start: 0, end: texts[language].length, explanation }];
  });
}
