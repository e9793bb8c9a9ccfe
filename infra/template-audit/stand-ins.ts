import type { SlotKind } from "#shared/domain/fields/field-words.ts";
import type { Placeholder } from "#shared/domain/fields/placeholders.ts";

/** Words of the right kind that say nothing; a test holds that the classifier calls each of them harmless. */
export const STAND_INS: Readonly<Record<SlotKind, string>> = {
  person: "Maria",
  provider: "Lopez",
  practice: "our office",
  pharmacy: "Main Street Pharmacy",
  place: "100 Main Street",
  date: "June 5",
  time: "3:00 PM",
  "date-time": "June 5 at 3:00 PM",
  phone: "206-555-0100",
  link: "https://example.com/m/abc",
  email: "office@example.com",
  amount: "25.00",
  code: "123456",
  number: "12",
  unknown: "info",
};

/** A template's text with its placeholders filled, and the way back to the text as it was written. */
export interface FilledText {
  readonly text: string;
  /** The span of the original text that a span of the filled one came from; a placeholder is never cut. */
  originalSpan(start: number, end: number): { readonly start: number; readonly end: number };
}

/** A piece of the filled text `[start, end)` and the piece of the original that it came from. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly originalStart: number;
  readonly originalEnd: number;
  readonly isLiteral: boolean;
}

/** The end of a link or address under way: what fills a slot here is part of it. */
const IN_LINK = /(?:\/\/|www\.|\/|=|@)\S*$/;
const ENDS_IN_WORD = /[\p{L}\p{N}]$/u;
const STARTS_WITH_WORD = /^[\p{L}\p{N}]/u;

/**
 * Fills each placeholder with its stand-in; `markup` with a space, or with nothing when `closeUp` is set, and then every
 * placeholder that stands inside a word with nothing too: a word cut in two by one is read whole.
 */
export function fillPlaceholders(
  text: string,
  placeholders: readonly Placeholder[],
  { closeUp = false }: { readonly closeUp?: boolean } = {},
): FilledText {
  const pieces: Piece[] = [];
  let filled = "";
  let from = 0;
  const add = (words: string, originalStart: number, originalEnd: number, isLiteral: boolean) => {
    if (words === "") return;
    const start = filled.length;
    filled += words;
    pieces.push({ start, end: filled.length, originalStart, originalEnd, isLiteral });
  };
  for (const placeholder of placeholders) {
    add(text.slice(from, placeholder.start), from, placeholder.start, true);
    const words =
      closeUp && isInsideWord(text, placeholder)
        ? ""
        : apart(standIn(placeholder), filled, text.slice(placeholder.end));
    add(words, placeholder.start, placeholder.end, false);
    from = placeholder.end;
  }
  add(text.slice(from), from, text.length, true);
  return { text: filled, originalSpan: (start, end) => spanBack(pieces, start, end) };
}

/** Whether a placeholder has letters right before and after it. */
export function isInsideWord(text: string, { start, end }: Placeholder): boolean {
  return (
    /\p{L}$/u.test(text.slice(Math.max(0, start - 2), start)) && /^\p{L}/u.test(text.slice(end, end + 2))
  );
}

function standIn({ meaning }: Placeholder): string {
  switch (meaning.is) {
    case "markup":
      return " ";
    case "harmless":
      return STAND_INS[meaning.kind];
    case "clinical":
    case "free-text":
      return STAND_INS.unknown;
    default:
      return meaning satisfies never;
  }
}

/** Keeps a stand-in from growing together with the words beside it, except inside a link. */
function apart(words: string, before: string, after: string): string {
  if (words === " " || IN_LINK.test(before.slice(-200))) return words;
  const left = ENDS_IN_WORD.test(before.slice(-2)) ? " " : "";
  const right = STARTS_WITH_WORD.test(after.slice(0, 2)) ? " " : "";
  return `${left}${words}${right}`;
}

function spanBack(pieces: readonly Piece[], start: number, end: number): { start: number; end: number } {
  const last = Math.max(start, end - 1);
  const first = pieces.find((piece) => start < piece.end) ?? pieces.at(-1);
  const final = pieces.find((piece) => last < piece.end) ?? pieces.at(-1);
  if (first === undefined || final === undefined) return { start: 0, end: 0 };
  return {
    start: first.isLiteral ? first.originalStart + (start - first.start) : first.originalStart,
    end: final.isLiteral ? final.originalStart + (last + 1 - final.start) : final.originalEnd,
  };
}
