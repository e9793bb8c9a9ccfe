import { readDataFile } from "./data-files.ts";
import { type PhraseFinder, phraseFinder } from "./phrases.ts";

/**
 * The tables of `data/reply-phrases.json`, in the notation of {@link "./phrases.ts"}:
 * - `automatic`: answers that a machine gives (out of office, driving, mailboxes nobody reads)
 * - `figuresOfSpeech`: in which nobody is in danger, whatever the words
 * - `selfHarm`: hints at harming oneself; in doubt they alarm, since a person reads the text at once
 * - `emergency`: a medical emergency that seems to be going on
 * - `cancelsTexts`, `cancelsVisit`: what is cancelled is the texts, or a visit
 * - `wrongNumberEnglish`, `wrongNumberSpanish`: not the person, or not the number, that is meant
 * - `notAnOrder`: "don't stop", "sent STOP by mistake"
 * - `wantsTexts`: wants texts, or misses them
 */
export type TableName =
  | "automatic"
  | "figuresOfSpeech"
  | "selfHarm"
  | "emergency"
  | "cancelsTexts"
  | "cancelsVisit"
  | "wrongNumberEnglish"
  | "wrongNumberSpanish"
  | "notAnOrder"
  | "wantsTexts";

type Table = { readonly words: Readonly<Record<string, string>>; readonly phrases: readonly string[] };

let tables: Readonly<Record<TableName, Table>> | undefined;

/** Finds the phrases of one table, which are made ready when they are first looked for: a start need not wait for them. */
export function finderOf(name: TableName): PhraseFinder {
  let finder: PhraseFinder | undefined;
  const ready = (): PhraseFinder => {
    if (finder === undefined) {
      tables ??= JSON.parse(readDataFile("reply-phrases.json").toString("utf8")) as Record<TableName, Table>;
      const { words, phrases } = tables[name];
      finder = phraseFinder(phrases, words);
    }
    return finder;
  };
  return {
    isIn: (words) => ready().isIn(words),
    setAside: (words, aside) => ready().setAside(words, aside),
  };
}
