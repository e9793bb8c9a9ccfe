/**
 * A small notation for phrases over plain words (plain-words.ts):
 * - words are separated by spaces; `(a|b)` is one of several, `(a|b)?` may be absent;
 * - `{name}` stands for an entry of the vocabulary;
 * - `[` is the beginning of a clause (greetings may stand before), `]` its end (thanks may stand after);
 * - `*` is any word, `..3` is up to three words of the same clause;
 * - `!(a|b)` says that the next word is none of these.
 * Every piece is bounded, so that matching is linear in the length of the text.
 */
export type Vocabulary = Readonly<Record<string, string>>;

const LEADS =
  "yo|nah|final|last|warning|dude|lady|sir|maam|people|yall|bro|nope|hi|hello|hey|ok|okay|k|and|so|then|well|now|no|yes|yeah|um|umm|oh|again|sorry|hola|oye|oiga|oigan|bueno|buenas|" +
  "buenos|dias|tardes|y|ya|sr|sra|thanks|thank|you|gracias|dear|good|morning|afternoon|evening|team|office|guys|folks";
const TAILS =
  "now|thanks|thank|you|thx|thankyou|ty|ok|okay|already|today|gracias|ya|everyone|guys|people|sir|here|asap|bye|" +
  "have|a|good|nice|day|bless|god|tho|though|alright|right|away|mucho|muchas|adios|senor|senora|senorita|dios|los|bendiga|and|y|period|forever|for|good|altogether|completely|means";
const LEAD_WORDS: ReadonlySet<string> = new Set(LEADS.split("|"));
const TAIL_WORDS: ReadonlySet<string> = new Set(TAILS.split("|"));
const LEADS_MAX = 3;
const TAILS_MAX = 4;
const OPENING = '(?<=[.,?"] )';
const CLOSING = "(?=[.,?]|[^ ]+' )";
const WORD_END = "[\"']* ";
const isBreak = (word: string | undefined): boolean => word === "." || word === "," || word === "?";

/** Plain words in which greetings that open a clause end in `"`, and thanks that close one in `'`. */
export function markEdges(words: string): string {
  const all = words.trim().split(" ");
  const marked = [...all];
  for (let i = 0; i < all.length; i++) {
    if (!isBreak(all[i])) continue;
    for (let j = i + 1; j <= i + LEADS_MAX && LEAD_WORDS.has(all[j] ?? ""); j++) marked[j] += '"';
    for (let j = i - 1; j >= i - TAILS_MAX && TAIL_WORDS.has(all[j] ?? ""); j--) marked[j] += "'";
  }
  return ` ${marked.join(" ")} `;
}

export const withoutEdges = (marked: string): string => marked.replace(/["']/g, "");

/** Cuts a phrase, or the inside of a pair of parentheses, at the separators that are not inside parentheses. */
function cutOutside(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const sign of text) {
    if (sign === "(") depth++;
    if (sign === ")") depth--;
    if (sign === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

/** The inside of a piece that is nothing but one pair of parentheses; undefined for any other. */
function insideOf(piece: string): string | undefined {
  if (!piece.startsWith("(") || piece.startsWith("(?") || !piece.endsWith(")")) return undefined;
  let depth = 0;
  for (let i = 0; i < piece.length - 1; i++) {
    if (piece[i] === "(") depth++;
    if (piece[i] === ")" && --depth === 0) return undefined;
  }
  return piece.slice(1, -1);
}

function pieceSource(piece: string): string {
  if (piece === "*") return "[^ .,?]+ ";
  if (piece === "[") return OPENING;
  if (piece === "]") return CLOSING;
  if (piece.startsWith("..")) return `(?:[^ .,?]+ ){0,${piece.slice(2)}}`;
  if (piece.startsWith("!")) return `(?!${pieceSource(piece.slice(1))})`;
  const optional = piece.endsWith(")?") ? insideOf(piece.slice(0, -1)) : undefined;
  if (optional !== undefined) return `${optionsSource(optional)}?`;
  const inside = insideOf(piece);
  return inside === undefined ? `${piece}${WORD_END}` : optionsSource(inside);
}

/** A piece that stands for itself: one word, or a pattern of one. */
const isWord = (piece: string): boolean =>
  cutOutside(piece, " ").length === 1 &&
  !/^(?:[*\]]$|\[$|\.\.|!)/.test(piece) &&
  insideOf(piece) === undefined &&
  !piece.endsWith(")?");

/** The words among the options share one ending, which keeps the expressions small and quick to compile. */
function optionsSource(inside: string): string {
  const options = cutOutside(inside, "|");
  const words = options.filter(isWord);
  const sources = options.filter((option) => !isWord(option)).map(phraseSource);
  if (words.length > 0) sources.push(`(?:${words.join("|")})${WORD_END}`);
  return `(?:${sources.join("|")})`;
}

const phraseSource = (phrase: string): string => cutOutside(phrase, " ").map(pieceSource).join("");

/** Where a phrase may begin: two letters, a letter and a space, "0" for a digit, or "[" for the start of a clause. */
function beginnings(phrase: string): Set<string> {
  const out = new Set<string>();
  for (const piece of cutOutside(phrase, " ")) {
    if (piece.startsWith("!")) continue;
    const optional = piece.endsWith(")?") ? insideOf(piece.slice(0, -1)) : undefined;
    for (const beginning of beginningsOfPiece(optional ?? insideOf(piece) ?? piece)) out.add(beginning);
    if (optional === undefined) break;
  }
  return out;
}

function beginningsOfPiece(piece: string): Set<string> {
  const options = cutOutside(piece, "|");
  if (options.length > 1) return new Set(options.flatMap((option) => [...beginnings(option)]));
  if (piece === "*") return new Set(["*"]);
  if (piece === "[" || piece.startsWith("[ ")) return new Set(["["]);
  if (piece.startsWith("[0-9]")) return new Set(["0"]);
  if (cutOutside(piece, " ").length > 1 || insideOf(piece) !== undefined) return beginnings(piece);
  const stems = /^\((?:\?:)?(.*?)\)/.exec(piece)?.[1];
  if (stems !== undefined) return new Set(stems.split("|").map((stem) => stem.slice(0, 2)));
  return new Set([piece.length === 1 ? `${piece} ` : piece.slice(0, 2)]);
}

/** Finds phrases in plain words: at every word only those that may begin there are tried. */
export interface PhraseFinder {
  readonly isIn: (words: string) => boolean;
  /** The words with every stretch that is one of the phrases replaced by `aside`, which ends in a space. */
  readonly setAside: (words: string, aside: string) => string;
}

export function phraseFinder(phrases: readonly string[], vocabulary: Vocabulary): PhraseFinder {
  const byBeginning = new Map<string, string[]>();
  for (const phrase of phrases) {
    const whole = phrase.replace(/\{(\w+)\}/g, (_, name: string) => `(${vocabulary[name] ?? name})`);
    for (const beginning of beginnings(whole)) {
      byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), whole]);
    }
  }
  const expressions = new Map<string, RegExp | undefined>();
  const expressionFor = (beginning: string): RegExp | undefined => {
    if (!expressions.has(beginning)) {
      const sources = byBeginning.get(beginning)?.map(phraseSource);
      expressions.set(beginning, sources && new RegExp(`(?:${sources.join("|")})`, "y"));
    }
    return expressions.get(beginning);
  };
  const endOfMatch = (words: string, at: number, beginning: string): number => {
    const expression = expressionFor(beginning);
    if (expression === undefined) return at;
    expression.lastIndex = at;
    return expression.test(words) ? expression.lastIndex : at;
  };
  const endAt = (words: string, at: number): number => {
    const first = words.slice(at, at + 2).replace(/["']/, " ");
    const end = endOfMatch(words, at, first >= "0" && first < ":" ? "0" : first);
    const before = words[at - 2];
    if (end > at || !(isBreak(before) || before === '"')) return end;
    return endOfMatch(words, at, "[");
  };
  const matchAt = (words: string, at: number): number => {
    const end = endAt(words, at);
    return end > at ? end : endOfMatch(words, at, "*");
  };
  return {
    isIn: (words) => {
      for (let at = 1; at < words.length; at = words.indexOf(" ", at) + 1) {
        if (matchAt(words, at) > at) return true;
      }
      return false;
    },
    setAside: (words, aside) => {
      let out = words.slice(0, 1);
      for (let at = 1; at < words.length; ) {
        const end = matchAt(words, at);
        const next = end > at ? end : words.indexOf(" ", at) + 1;
        out += end > at ? aside : words.slice(at, next);
        at = next;
      }
      return out;
    },
  };
}
