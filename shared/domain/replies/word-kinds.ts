import { readDataFile } from "./data-files.ts";
import { hashOf } from "./feature-hash.ts";

/**
 * Kinds of words that matter for a reply, English and Spanish together, so that "quit the alerts" and "paren los
 * mensajes" look alike to the model. `data/word-kinds.json` gives each kind its words; `borr*` is any word that begins so.
 */
const table: Readonly<Record<string, string>> = JSON.parse(readDataFile("word-kinds.json").toString("utf8"));

const byWord = new Map<string, number[]>();
const byBeginning = new Map<string, number[]>();
for (const [kind, list] of Object.entries(table)) {
  for (const entry of list.split(" ")) {
    const entries = entry.endsWith("*") ? byBeginning : byWord;
    const key = entry.replace("*", "");
    entries.set(key, [...(entries.get(key) ?? []), hashOf(kind)]);
  }
}

/** Hashes of the kinds that `word` is of; most words are of none. */
export function kindsOf(word: string): readonly number[] {
  const kinds = new Set(byWord.get(word));
  for (let end = 2; end <= word.length; end++) {
    for (const kind of byBeginning.get(word.slice(0, end)) ?? []) kinds.add(kind);
  }
  return [...kinds];
}

/** Kinds of which a text that asks for no more texts, or comes from a stranger, nearly always holds a word. */
const TELLING: ReadonlySet<number> = new Set(
  "cease texts send remove list number wrong who otherWay permission block anger"
    .split(" ")
    .map((kind) => hashOf(kind)),
);

/** Whether any of the words is of a kind that says what the text is about. */
export function hasTellingWord(words: readonly string[]): boolean {
  return words.some((word) => kindsOf(word).some((kind) => TELLING.has(kind)));
}
