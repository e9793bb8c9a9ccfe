import { findPlaceholders, type Placeholder } from "../fields/placeholders.ts";
import { BLANK, type Draft } from "./lint-finding.ts";
import type { WrittenSlot } from "./parse.ts";

/** Fields that are no slots of ours: another program's placeholders, and braces that are left over. */
export function foreignFields(text: string, slots: readonly WrittenSlot[]): readonly Placeholder[] {
  const own = new Set(slots.map(({ start, end }) => `${start}-${end}`));
  const found = findPlaceholders(text).filter(({ start, end }) => !own.has(`${start}-${end}`));
  const covered = [...slots, ...found];
  const taken = new Uint8Array(text.length);
  for (const { start, end } of covered) taken.fill(1, start, end);
  const braces = [...text.matchAll(/[{}]/g)]
    .filter(({ index }) => taken[index] === 0)
    .map(({ index }): Placeholder => ({ start: index, end: index + 1, meaning: { is: "markup" } }));
  return [...found, ...braces];
}

/** One UTF-16 unit for each of the text's: small letters without accents, so that places stay what they are. */
function withPlainLetters(text: string): string {
  return [...text]
    .map((character) => {
      const plain = character.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replace(/[‘’]/u, "'");
      return plain.length === character.length ? plain : character;
    })
    .join("");
}

/** A text with its fields blanked out, ready to be judged. */
export function draftOf(
  text: string,
  fields: readonly { readonly start: number; readonly end: number }[],
): Draft {
  const units = [...Array(text.length).keys()].map((index) => text.charAt(index));
  for (const { start, end } of fields) units.fill(BLANK, start, end);
  const words = units.join("");
  return { text, words, plain: withPlainLetters(words) };
}
