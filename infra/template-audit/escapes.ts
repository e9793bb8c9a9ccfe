/** Controls, invisible and reordering characters, private use, unassigned and half characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text as it can be shown on one line of a terminal: what would move, hide or reorder something stands as an escape. */
export function showable(text: string): string {
  return text.replaceAll(
    UNSAFE,
    (character) => SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A value as one line of JSON whose bytes are harmless for a terminal, too. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replaceAll(UNSAFE, unitEscapes)}\n`;
}

function unitEscapes(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
