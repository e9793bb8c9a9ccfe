import { readFileSync } from "node:fs";
import { CATEGORIES, type Category } from "#shared/domain/classification/categories.ts";
import { fold } from "#shared/domain/classification/folding.ts";
import { tokenize } from "#shared/domain/classification/tokens.ts";

/** One entry of a curated list: words in the form in which the classifier compares them, joined by single spaces. */
export type ListEntry = { readonly words: string; readonly category: Category };

/** The compared form of a term: folded, tokenized, joined by single spaces. */
export function comparedForm(term: string): string {
  return tokenize(fold(term).folded)
    .map((token) => token.word)
    .join(" ");
}

/** Reads a curated list: `#` comments, `[category]` headers, entries separated by commas or line ends. Throws on an unknown category. */
export function readCuratedList(path: URL): ListEntry[] {
  const entries: ListEntry[] = [];
  let category: Category = "other";
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line.startsWith("#") || line.trim() === "") continue;
    const header = /^\[(.+)\]$/.exec(line.trim())?.[1];
    if (header !== undefined) {
      const known = CATEGORIES.find((name) => name === header);
      if (known === undefined)
        throw new Error(`unknown category in ${path.pathname.split("/").at(-1) ?? ""}`);
      category = known;
      continue;
    }
    for (const term of line.split(",")) {
      const words = comparedForm(term);
      if (words !== "") entries.push({ words, category });
    }
  }
  return entries;
}

/** Reads a list of one word a line, in the given order, in compared form. */
export function readRankedWords(path: URL): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map(comparedForm)
    .filter((word) => word !== "" && !word.includes(" "));
}
