import type { Analysis } from "./analysis.ts";

/** After these words a name stands. */
const BEFORE_NAME = new Set("dr dra mr mrs ms sr sra srta from its is soy de".split(" "));
/** Words at which a closing begins that no sign parts from what stands before it. */
const CLOSING_STARTS = new Set(
  "thank thanks thx ty gracias muchas saludos best sincerely regards atentamente reply responda have see bye que nos please parking our".split(
    " ",
  ),
);
const CLAUSE_END = /[.!?;:,()]|\s-\s/;

/** The tokens `[from, to)` of a text without the courtesies at its beginning and end: none when there is nothing else. */
export function withoutCourtesies({ tokens, entries, folding }: Analysis): [number, number] {
  const isCourteous = (index: number): boolean => {
    const entry = entries[index];
    if (entry?.isCourtesy === true || /^\d+$/.test(tokens[index]?.word ?? "")) return true;
    return (
      (entry === undefined || entry.strength === "ordinary") && BEFORE_NAME.has(tokens[index - 1]?.word ?? "")
    );
  };
  const ends = (index: number): boolean => {
    const previous = tokens[index - 1];
    const next = tokens[index];
    return (
      previous === undefined ||
      next === undefined ||
      CLAUSE_END.test(folding.folded.slice(previous.end, next.start))
    );
  };
  let from = 0;
  let all = true;
  for (let i = 0; i < tokens.length; i++) {
    if (i > 0 && ends(i)) from = i;
    if (isCourteous(i)) continue;
    all = false;
    break;
  }
  if (all) return [0, 0];
  let to = tokens.length;
  for (let i = tokens.length - 1; i > from && isCourteous(i); i--)
    if (ends(i) || CLOSING_STARTS.has(tokens[i]?.word ?? "")) to = i;
  return [from, to];
}
