import { hashOf, mixed } from "./feature-hash.ts";
import { kindsOf } from "./word-kinds.ts";

/** What a model sees of a text: 32-bit hashes, each once, with a value each; values have the same length for all texts. */
export interface ReplyFeatures {
  readonly hashes: readonly number[];
  readonly values: readonly number[];
}

const LENGTH = 8;
/** A piece of a word says less than a word. */
const PIECE_VALUE = 0.4;
/** Words of a whole text that is itself a feature. */
const SHORT_TEXT_WORDS = 4;
/** How far apart two words may stand that are looked at together, and how far "not" reaches. */
const REACH = 5;

const ROLE = {
  word: 1,
  stem: 2,
  pair: 3,
  stemPair: 4,
  triple: 5,
  skipPair: 6,
  denied: 7,
  deniedKind: 8,
  piece: 9,
  kind: 10,
  kindPair: 11,
  nearKindPair: 12,
  kindThenStem: 13,
  stemThenKind: 14,
  whole: 15,
} as const;

const NEGATIONS: ReadonlySet<string> = new Set(
  "no not dont never nor cant wont isnt arent doesnt didnt wouldnt nunca ni sin without nolonger nomas jamas stop".split(
    " ",
  ),
);
const BREAK = /^[.,?]$/;
const STRONG_BREAK = /^[.?]$/;
const ENDING = /(?:ing|ed|es|s|en|an|ar|er|ir|e|a|o)(?:me|nos|le|lo|los|la)?$/;

/** A word without its ending, cut to six letters: "borrenme" and "borrar" are the same. */
function stemOf(word: string): string {
  return word.length <= 4 ? word : word.replace(ENDING, "").slice(0, 6) || word;
}

interface Token {
  readonly word: string;
  readonly hash: number;
  readonly stem: number;
  readonly kinds: readonly number[];
  readonly isBreak: boolean;
  readonly isStrongBreak: boolean;
}

function tokenOf(word: string): Token {
  return {
    word,
    hash: hashOf(word),
    stem: hashOf(stemOf(word)),
    kinds: kindsOf(word),
    isBreak: BREAK.test(word),
    isStrongBreak: STRONG_BREAK.test(word),
  };
}

type Add = (hash: number, value?: number) => void;

/** The word, its neighbours, and pieces of it. */
function addWord(tokens: readonly Token[], at: number, add: Add): void {
  const { word, hash, stem, isBreak } = tokens[at] as Token;
  const [next, second] = [tokens[at + 1], tokens[at + 2]];
  if (at > 0 && next !== undefined) {
    add(mixed(ROLE.word, hash));
    add(mixed(ROLE.stem, stem));
  }
  if (next !== undefined) {
    add(mixed(ROLE.pair, hash, next.hash));
    add(mixed(ROLE.stemPair, stem, next.stem));
  }
  if (next !== undefined && second !== undefined) {
    add(mixed(ROLE.triple, hash, next.hash, second.hash));
    add(mixed(ROLE.skipPair, stem, second.stem));
  }
  if (isBreak || word.length <= 4) return;
  const framed = `<${word}>`;
  for (let size = 4; size <= 5; size++) {
    for (let start = 0; start + size <= framed.length; start++) {
      add(mixed(ROLE.piece, hashOf(framed, start, start + size)), PIECE_VALUE);
    }
  }
}

/** The kinds of the word together with the kinds and stems of words near it. */
function addKinds(tokens: readonly Token[], at: number, add: Add): void {
  for (const kind of (tokens[at] as Token).kinds) {
    add(mixed(ROLE.kind, kind));
    for (let i = at + 1; i <= at + REACH; i++) {
      const other = tokens[i];
      if (other === undefined || other.isStrongBreak) break;
      for (const otherKind of other.kinds) {
        add(mixed(ROLE.kindPair, kind, otherKind));
        if (i <= at + 2) add(mixed(ROLE.nearKindPair, kind, otherKind));
      }
      if (i <= at + 3) add(mixed(ROLE.kindThenStem, kind, other.stem));
    }
    for (let i = Math.max(0, at - 3); i < at; i++) {
      add(mixed(ROLE.stemThenKind, (tokens[i] as Token).stem, kind));
    }
  }
}

/** What stands after "not", up to the end of the clause. */
function addDenied(tokens: readonly Token[], add: Add): void {
  let sinceNegation = 0;
  for (const { word, stem, kinds, isBreak } of tokens) {
    if (isBreak) sinceNegation = 0;
    else if (sinceNegation > 0 && sinceNegation <= REACH) {
      add(mixed(ROLE.denied, stem));
      for (const kind of kinds) add(mixed(ROLE.deniedKind, kind));
      sinceNegation++;
    }
    if (NEGATIONS.has(word)) sinceNegation = 1;
  }
}

/**
 * Features of plain words ({@link "./plain-words.ts"}): words, stems, pairs, triples, pieces, what is denied, and
 * kinds of words in their order. Time is linear in the number of words.
 */
export function replyFeatures(plain: string): ReplyFeatures {
  const words = plain.trim().split(" ");
  while (words.length > 0 && /^[.,]$/.test(words[0] ?? "")) words.shift();
  while (words.length > 0 && /^[.,]$/.test(words.at(-1) ?? "")) words.pop();
  const tokens = ["^", ...words, "$"].map(tokenOf);
  const found = new Map<number, number>();
  const add: Add = (hash, value = 1) => {
    if (!found.has(hash)) found.set(hash, value);
  };
  for (let at = 0; at < tokens.length; at++) {
    addWord(tokens, at, add);
    addKinds(tokens, at, add);
  }
  addDenied(tokens, add);
  if (words.length <= SHORT_TEXT_WORDS) add(mixed(ROLE.whole, hashOf(words.join(" "))));
  let squares = 0;
  for (const value of found.values()) squares += value * value;
  const scale = squares === 0 ? 0 : LENGTH / Math.sqrt(squares);
  return { hashes: [...found.keys()], values: [...found.values()].map((value) => value * scale) };
}
