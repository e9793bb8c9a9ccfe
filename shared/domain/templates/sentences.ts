import { BLANK } from "./lint-finding.ts";

/** A stretch of a text, `[start, end)` in UTF-16 units. */
export interface Sentence {
  readonly start: number;
  readonly end: number;
}

/** Short words whose dot ends no sentence. */
const WITH_DOT = /(?:^|[^\p{L}])(?:dra?|mrs?|ms|sra?|st|ste|tel|no)$/iu;
const END = new RegExp(String.raw`[.!?;\n]+(?=\s|$|${BLANK})`, "gu");

/** The sentences of a draft's text; what ends one belongs to it. A dot after a title or in a time ends none. */
export function sentencesOf(text: string): readonly Sentence[] {
  const found: Sentence[] = [];
  let start = 0;
  for (const match of text.matchAll(END)) {
    if (match[0] === "." && WITH_DOT.test(text.slice(Math.max(0, match.index - 5), match.index))) continue;
    const end = match.index + match[0].length;
    found.push({ start, end });
    start = end;
  }
  if (start < text.length) found.push({ start, end: text.length });
  return found.filter((sentence) => /[\p{L}\p{N}\uFFFC]/u.test(text.slice(sentence.start, sentence.end)));
}
