import { type LexiconEntry, lookUp, lookUpInflected } from "./lexicon.ts";
import type { Token } from "./tokens.ts";

/** A clinical word that was found only after undoing a disguise. Offsets are into the folded text. */
export type DisguisedHit = { readonly entry: LexiconEntry; readonly start: number; readonly end: number };

const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "i",
  "+": "t",
  "€": "e",
};
const LEET_WORD = /[\p{L}\p{N}@$!|+€]{3,40}/gu;
/** Shorter words are found too often by chance once letters may change. */
const DISGUISED_LETTERS_MIN = 4;
/** Words joined over separators are tried up to this length. */
const JOINED_LETTERS_MAX = 20;
/** Words spelt letter by letter are tried up to this length. */
const SPELT_LETTERS_MAX = 14;

function decisive(entry: LexiconEntry | undefined): entry is LexiconEntry {
  return entry?.strength === "strong" || entry?.strength === "listed";
}

function undoLeet(word: string, one: string): string {
  let out = "";
  for (const character of word)
    out += character === "1" || character === "!" || character === "|" ? one : (LEET[character] ?? character);
  return out;
}

/** Finds words written with digits or signs for letters ("c4ncer"); words that are known as written are left alone. */
function findLeet(folded: string, hits: DisguisedHit[]): void {
  for (const match of folded.matchAll(LEET_WORD)) {
    const raw = match[0];
    if (!/[\d@$!|+€]/.test(raw) || !/\p{L}/u.test(raw)) continue;
    if (lookUp(raw) !== undefined) continue;
    const letters = raw.match(/\p{L}/gu)?.length ?? 0;
    // A digit before letters is mostly a number ("2pm"): letters must prevail, in long words a third is enough.
    if (letters * (raw.length >= 6 ? 3 : 2) < raw.length) continue;
    const trimmed = raw.replace(/[!|+@$€]+$/, "");
    for (const form of trimmed === raw ? [raw] : [raw, trimmed]) {
      const entry = ["i", "l"].map((one) => lookUpInflected(undoLeet(form, one))).find(decisive);
      if (form.length >= 3 && /[\d@$!|+€]/.test(form) && entry !== undefined) {
        hits.push({ entry, start: match.index, end: match.index + form.length });
        break;
      }
    }
  }
}

/** Finds unknown words that become clinical when repeated letters are taken once or i and l change places. */
function findMisspelt(tokens: readonly Token[], hits: DisguisedHit[]): void {
  for (const { word, start, end } of tokens) {
    if (word.length < 3 || word.length > 40 || lookUpInflected(word) !== undefined) continue;
    const candidates: string[] = [];
    if (/(.)\1/.test(word) && word.length > DISGUISED_LETTERS_MIN)
      candidates.push(word.replace(/(.)\1{2,}/g, "$1$1"), word.replace(/(.)\1+/g, "$1"));
    if (word.includes("l") && (word.length > DISGUISED_LETTERS_MIN || word === "hlv"))
      candidates.push(word.replaceAll("l", "i"));
    for (const candidate of candidates) {
      const entry = candidate === word ? undefined : lookUpInflected(candidate);
      if (
        entry !== undefined &&
        (entry.strength === "strong" || (entry.strength === "listed" && word.length >= 6))
      ) {
        hits.push({ entry, start, end });
        break;
      }
    }
  }
}

/** The more ordinary the way in which a word is taken apart, the longer it must be to count. */
function shortestJoin(singles: boolean, broken: boolean): number {
  if (singles) return 3;
  return broken ? 7 : 5;
}

/** Finds words spelt apart: letter by letter, with signs between ("c-a-n-c-e-r", "can.cer"), or broken by a space. */
function findSpeltApart(folded: string, tokens: readonly Token[], hits: DisguisedHit[]): void {
  for (let first = 0; first < tokens.length; first++) {
    const head = tokens[first];
    if (head === undefined || head.word.length > JOINED_LETTERS_MAX) continue;
    let joined = head.word;
    let singles = head.word.length === 1;
    let unknown = lookUpInflected(head.word) === undefined;
    for (let last = first + 1; last < tokens.length && last - first < JOINED_LETTERS_MAX; last++) {
      const token = tokens[last];
      const previous = tokens[last - 1];
      if (token === undefined || previous === undefined) break;
      const gap = folded.slice(previous.end, token.start);
      const bySign = gap.length === 1 && gap !== " " && gap !== "\n";
      singles &&= token.word.length === 1 && gap.length <= 3;
      unknown ||= lookUpInflected(token.word) === undefined;
      const broken = last === first + 1 && unknown && gap === " ";
      if (!bySign && !singles && !broken) break;
      joined += token.word;
      if (joined.length > (singles ? SPELT_LETTERS_MAX : JOINED_LETTERS_MAX)) break;
      if (joined.length < shortestJoin(singles, broken)) continue;
      const entry = lookUp(joined);
      if (entry?.strength === "strong" || (entry?.strength === "listed" && joined.length >= 7)) {
        hits.push({ entry, start: head.start, end: token.end });
      }
    }
  }
}

/** Every clinical word of the folded text that hides behind leet, repeated or separated letters. */
export function findDisguised(folded: string, tokens: readonly Token[]): DisguisedHit[] {
  const hits: DisguisedHit[] = [];
  findLeet(folded, hits);
  findMisspelt(tokens, hits);
  findSpeltApart(folded, tokens, hits);
  return hits;
}
