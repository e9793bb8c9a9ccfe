import { showable } from "./escapes.ts";

/** What a span is marked with: signs that templates do not use. */
export const MARKS = { open: "⟦", close: "⟧" } as const;

const AROUND_UNITS = 40;
const SPAN_UNITS_MAX = 160;

/** One line with a span of a text marked in it and some of the words around it; never half a character. */
export function excerptOf(text: string, start: number, end: number): string {
  const from = start <= AROUND_UNITS ? 0 : wholeCharacter(text, start - AROUND_UNITS);
  const to = end + AROUND_UNITS >= text.length ? text.length : wholeCharacter(text, end + AROUND_UNITS);
  const before = `${from > 0 ? "…" : ""}${showable(text.slice(from, start))}`;
  const after = `${showable(text.slice(end, to))}${to < text.length ? "…" : ""}`;
  return `${before}${MARKS.open}${shortened(text.slice(start, end))}${MARKS.close}${after}`;
}

function shortened(span: string): string {
  if (span.length <= SPAN_UNITS_MAX) return showable(span);
  const head = span.slice(0, wholeCharacter(span, SPAN_UNITS_MAX / 2));
  const tail = span.slice(wholeCharacter(span, span.length - SPAN_UNITS_MAX / 2));
  return `${showable(head)} … ${showable(tail)}`;
}

/** Moves a cut that would fall between the halves of a character before that character. */
function wholeCharacter(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
