import type { Language } from "#shared/domain/words.ts";

const SPANISH = new Set(
  "el la los las de del que su sus un una por para con no se le les tu es esta en al y si nos hoy cita favor gracias hola como usted llame responda tiene puede recordatorio mensaje".split(
    " ",
  ),
);
const ENGLISH = new Set(
  "the a an of to and in is it you your for on at with we our this that be are was will have has please call reply reminder message".split(
    " ",
  ),
);

/** The text in lower case without accents: what the words of purposes and languages are looked for in. */
export function plainForm(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The language that more of the text's function words are of; English where neither has more. */
export function languageOf(plain: string): Language {
  let balance = 0;
  for (const word of plain.split(" ")) {
    if (SPANISH.has(word)) balance += 1;
    if (ENGLISH.has(word)) balance -= 1;
  }
  return balance > 0 ? "es" : "en";
}
