import type { FoldedText } from "./folding.ts";
import { nearWords } from "./spelling.ts";
import type { Token } from "./tokens.ts";

/** A stretch of the folded text that may be meant as another word: what it may stand for, the likeliest first. */
export type Doubt = {
  readonly start: number;
  readonly end: number;
  readonly readings: readonly string[];
  readonly via: "disguise" | "typo";
  /** Whether one of the readings decides alone. */
  readonly decides: boolean;
};

type FoundDoubt = Omit<Doubt, "decides">;

/** What is known of words: by the lexicon, the labelled texts and the frequent words together. */
export type WordKnowledge = {
  readonly knows: (word: string) => boolean;
  /** The same by the word's hash, which may rarely be wrong. */
  readonly knowsHash: (hash: number) => boolean;
  /** Whether the lexicon lets the word decide alone. */
  readonly decides: (word: string) => boolean;
};

/** Letters that a digit or sign is written for. */
const IMITATED: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "il",
  "2": "z",
  "3": "e",
  "4": "a",
  "5": "s",
  "6": "gb",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "il",
  "|": "il",
  "+": "t",
  "€": "e",
};
const LEET_CHUNK = /[a-z\d@$!|+€]{3,40}/g;
const SOME_LEET = /[\d@$!|+€]/;
/** A digit or sign between letters is no number beside a word ("10am", "room5"), it is meant as a letter. */
const LEET_INSIDE = /[a-z][\d@$!|+€]+[a-z]/;
const DIGITS_AS_LETTERS = /^[013457]{4,8}$/;
/** Shorter words come out of digits and signs by chance. */
const DISGUISED_WORD_MIN = 4;
const LEET_READINGS_MAX = 16;
/** A number with its unit or ending. */
const NUMBER_WITH_UNIT = /^\d+(?:am|pm|a|p|st|nd|rd|th|mins?|hrs?|h|m|k|x|s)$/;

/** Single letters in a row beyond which a text is spelt apart on purpose. */
const SPELT_APART_MIN = 5;
const SINGLE = /^[a-z\d](?:'[a-z]{1,2})?$/;
const SPELT_GAP = /^(?:[^a-z\d]| [-._*~·•|/] )$/;
/** Words joined over separators are tried up to this length. */
const JOINED_LETTERS_MAX = 20;
/** The more ordinary the way in which a word is taken apart, the longer it must be to count. */
const JOINED_BY_SIGN_MIN = 5;
const JOINED_BY_SPACE_MIN = 7;

const RUN_TOGETHER = /^[a-z]{6,30}$/;
const PART_LETTERS_MIN = 3;

/** A typing error is looked for in words of this length or longer. */
const TYPO_WORD_MIN = 6;
const TYPO_WORD = /^[a-z]{5,24}$/;
const TYPO_READINGS_MAX = 5;
/** Unknown words whose neighbours are looked for; a text of more is no text of one typing error. */
const TYPO_SEARCHES_MAX = 12;

function unleet(chunk: string): string[] {
  let forms = [""];
  for (const character of chunk) {
    const imitated = IMITATED[character];
    // A digit among imitations may still be meant as one ("41c" for "a1c").
    const letters = imitated === undefined ? [character] : [...imitated, character];
    forms = forms.flatMap((form) => letters.map((letter) => form + letter)).slice(0, LEET_READINGS_MAX);
  }
  return forms;
}

/** Words written with digits or signs for letters ("c4ncer"). */
function leetDoubts(folded: string, knowledge: WordKnowledge): FoundDoubt[] {
  const doubts: FoundDoubt[] = [];
  const numbers: FoundDoubt[] = [];
  for (const match of folded.matchAll(LEET_CHUNK)) {
    const raw = match[0];
    if (!SOME_LEET.test(raw) || knowledge.knows(raw) || NUMBER_WITH_UNIT.test(raw)) continue;
    const isNumber = !/[a-z]/.test(raw);
    if (isNumber && !DIGITS_AS_LETTERS.test(raw)) continue;
    const trimmed = raw.replace(/[!|+@$€]+$/, "");
    for (const form of new Set([raw, trimmed])) {
      if (form.length < 3 || !SOME_LEET.test(form)) continue;
      const readings = unleet(form).filter((word) => word !== form && knowledge.knows(word));
      if (readings.length === 0) continue;
      const doubt: FoundDoubt = {
        start: match.index,
        end: match.index + form.length,
        readings,
        via: "disguise",
      };
      (isNumber ? numbers : doubts).push(doubt);
      break;
    }
  }
  // A number is meant as a word only where other words are written so.
  return doubts.length === 0 ? [] : [...doubts, ...numbers];
}

/** Stretches of single letters and digits `[first, last]` as token indexes. */
export function spelledRuns({ folded }: FoldedText, tokens: readonly Token[]): [number, number][] {
  const runs: [number, number][] = [];
  let first = -1;
  for (let i = 0; i <= tokens.length; i++) {
    const token = tokens[i];
    const previous = tokens[i - 1];
    const single = token !== undefined && SINGLE.test(folded.slice(token.start, token.end));
    const continues =
      single &&
      first >= 0 &&
      previous !== undefined &&
      SPELT_GAP.test(folded.slice(previous.end, token.start));
    if (continues) continue;
    if (first >= 0 && i - first >= 2) runs.push([first, i - 1]);
    first = single ? i : -1;
  }
  return runs;
}

/** Words broken by a space or by signs ("can cer", "can.cer") that decide once they are joined. */
function brokenDoubts(
  folded: string,
  tokens: readonly Token[],
  known: readonly boolean[],
  knowledge: WordKnowledge,
): FoundDoubt[] {
  const doubts: FoundDoubt[] = [];
  for (let first = 0; first < tokens.length; first++) {
    const head = tokens[first];
    if (head === undefined || head.word.length > JOINED_LETTERS_MAX) continue;
    let joined = head.word;
    let unknown = known[first] !== true;
    for (let last = first + 1; last < tokens.length && last - first < JOINED_LETTERS_MAX; last++) {
      const token = tokens[last];
      const previous = tokens[last - 1];
      if (token === undefined || previous === undefined || token.start - previous.end !== 1) break;
      const bySign = folded[previous.end] !== " ";
      unknown ||= known[last] !== true;
      if (!bySign && !(last === first + 1 && unknown)) break;
      joined += token.word;
      if (joined.length > JOINED_LETTERS_MAX) break;
      if (joined.length < (bySign ? JOINED_BY_SIGN_MIN : JOINED_BY_SPACE_MIN)) continue;
      if (knowledge.decides(joined))
        doubts.push({ start: head.start, end: token.end, readings: [joined], via: "disguise" });
      if (!bySign) break;
    }
  }
  return doubts;
}

/** The two known words that an unknown one is run together of, where one of them decides. */
function runTogether(word: string, { knows, decides }: WordKnowledge): string[] {
  if (!RUN_TOGETHER.test(word)) return [];
  for (let at = PART_LETTERS_MIN; at <= word.length - PART_LETTERS_MIN; at++) {
    const [left, right] = [word.slice(0, at), word.slice(at)];
    if ((decides(left) && knows(right)) || (decides(right) && knows(left))) return [`${left} ${right}`];
  }
  return [];
}

/** Unknown words that become known when repeated letters are taken once, i and l change places, or one typing error is undone. */
function spellingDoubts(
  tokens: readonly Token[],
  known: readonly boolean[],
  knowledge: WordKnowledge,
): FoundDoubt[] {
  const doubts: FoundDoubt[] = [];
  let searches = 0;
  for (const [index, { word, start, end }] of tokens.entries()) {
    if (word.length < 3 || known[index] === true) continue;
    const squeezed = /(.)\1/.test(word)
      ? [word.replace(/(.)\1{2,}/g, "$1$1"), word.replace(/(.)\1+/g, "$1")].filter(
          (form) => form !== word && form.length >= DISGUISED_WORD_MIN && knowledge.knows(form),
        )
      : [];
    const swapped = word.includes("l") ? [word.replaceAll("l", "i")].filter(knowledge.decides) : [];
    let near: string[] = [];
    if (TYPO_WORD.test(word) && searches < TYPO_SEARCHES_MAX) {
      searches++;
      near = nearWords(word, knowledge.knowsHash).filter(
        (form) => form.length >= TYPO_WORD_MIN && knowledge.knows(form),
      );
      near.sort((left, right) => Number(knowledge.decides(right)) - Number(knowledge.decides(left)));
    }
    const apart = runTogether(word, knowledge);
    const readings = [...new Set([...apart, ...squeezed, ...swapped, ...near])].slice(0, TYPO_READINGS_MAX);
    if (readings.length > 0)
      doubts.push({
        start,
        end,
        readings,
        via: apart.length + squeezed.length + swapped.length > 0 ? "disguise" : "typo",
      });
  }
  return doubts;
}

/** Stretches that are spelt letter by letter, as nobody does but to hide them; folded offsets. */
export function speltApart(
  runs: readonly (readonly [number, number])[],
  tokens: readonly Token[],
): { readonly start: number; readonly end: number }[] {
  return runs.flatMap(([first, last]) => {
    const letters = tokens.slice(first, last + 1).filter(({ word }) => !/^\d$/.test(word));
    const start = tokens[first]?.start ?? 0;
    return letters.length >= SPELT_APART_MIN ? [{ start, end: tokens[last]?.end ?? start }] : [];
  });
}

/** What {@link readOtherwise} found. */
export type Readings = {
  /** Stretches that nobody writes so but to hide them; folded offsets. */
  readonly hidden: readonly { readonly start: number; readonly end: number }[];
  /** In order, without overlaps. */
  readonly doubts: readonly Doubt[];
};

/** Looks for words that are hidden or misspelt; `runs` are the {@link spelledRuns} of the same tokens. */
export function readOtherwise(
  { folded }: FoldedText,
  tokens: readonly Token[],
  runs: readonly (readonly [number, number])[],
  knowledge: WordKnowledge,
): Readings {
  const known = tokens.map(({ word }) => knowledge.knows(word));
  const leet = leetDoubts(folded, knowledge);
  const hidden = leet
    .filter(
      ({ start, end, readings: [first = ""] }) =>
        first.length >= DISGUISED_WORD_MIN && LEET_INSIDE.test(folded.slice(start, end)),
    )
    .map(({ start, end }) => ({ start, end }));
  const spelled: FoundDoubt[] = [];
  for (const [first, last] of runs) {
    const letters = tokens.slice(first, last + 1);
    const start = letters[0]?.start ?? 0;
    const end = letters.at(-1)?.end ?? 0;
    const word = letters.map((letter) => letter.word).join("");
    if (knowledge.knows(word)) spelled.push({ start, end, readings: [word], via: "disguise" });
  }
  const all = [
    ...leet,
    ...spelled,
    ...brokenDoubts(folded, tokens, known, knowledge),
    ...spellingDoubts(tokens, known, knowledge),
  ];
  const doubts: Doubt[] = [];
  for (const doubt of all)
    if (!doubts.some(({ start, end }) => doubt.start < end && doubt.end > start))
      doubts.push({ ...doubt, decides: doubt.readings.some((word) => knowledge.decides(word)) });
  return { hidden, doubts: doubts.sort((left, right) => left.start - right.start) };
}
