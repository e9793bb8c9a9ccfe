import { fold } from "../classification/folding.ts";
import { STUCK_TOGETHER, splitRunTogether } from "./run-together.ts";
import { SPELLED, VERBS_IN_ING } from "./spellings.ts";
import { meantWord } from "./typing-slips.ts";

/** A text message carries at most this many characters (AWS End User Messaging SMS, MessageBody). */
const CHARACTERS_MAX = 1600;
const WORD_MAX = 24;

const LETTER_FOR: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** Single letters with something between them: "s t o p", "s.t.o.p". */
const SPELLED_OUT = /(?<![a-z0-9])[a-z](?:[^a-z0-9]{1,2}[a-z]){2,11}(?![a-z0-9])/g;
const PIECES = /[a-z0-9'@$*]+|[?]|[.!;:()[\]"\r\n/|]|[,]|#|&|[^ a-z0-9_~-]/g;
const SLASHED_WITH = /(?<![a-z])w\/(?:(o)(?:ut)?(?![a-z]))?/g;
const TITLE_DOT = /(?<![a-z])(mr|mrs|ms|dr|sr|sra|srta|st)[.]/g;
const WORDLIKE = /^[a-z0-9'@$*]/;

/** Expressions of several words that the patterns know as one, applied in order to spaced words. */
const TOGETHER: readonly (readonly [RegExp, string])[] = [
  [/ (?:do|does) (?:you )?not /g, " dont "],
  [/ did not /g, " didnt "],
  [/ (don|didn|isn|can|won) t /g, " $1t "],
  [/ (?:i am|i m) /g, " im "],
  [/ (im|is|are) not /g, " $1nt "],
  [/ imnt /g, " im not "],
  [/ can not /g, " cant "],
  [/ will not /g, " wont "],
  [/ it is /g, " its "],
  [/ (?:wanna|wana) /g, " want to "],
  [/ (want|need|got|wish|ask|told|like|have|has) 2 /g, " $1 to "],
  [/ (?:gonna|gunna) /g, " going to "],
  [/ no longer /g, " nolonger "],
  [/ any more (?=[.,?]|from|to|at|on)/g, " anymore "],
  [/ any longer /g, " anymore "],
  [/ (?:opt|opting) (?:me |us )?out /g, " optout "],
  [/ opted (?:me |us )?out /g, " optedout "],
  [/ no mas /g, " nomas "],
  [/ por favor /g, " , "],
  [/ (?:please|but|pero) /g, " , "],
  [/ (?:the (?:fuck|hell|heck)|de una vez|a la verga|de favor) /g, " "],
  [
    / (?:text|call|contact|email|texting|calling) (?:or|and|nor) (?:text|call|contact|email|message) /g,
    " text ",
  ],
  [/ (?:reminder|alert|appointment|automated|automatic|auto|robo|generic) texts /g, " texts "],
  [/ (?:text|phone) (texts|text|reminders|reminder) /g, " $1 "],
];

/**
 * The words of a text in plain spelling, lower case, each with one space around it; `.`, `,` and `?` stand for the
 * breaks between clauses. Begins with " . " and ends with " . ".
 */
export interface PlainWords {
  readonly words: string;
  /** Letters and digits of the whole text run together, for the reading of a lone keyword. */
  readonly letters: string;
  /** Words written with a capital first letter, in a text that is not all capitals. */
  readonly capitalised: ReadonlySet<string>;
}

/** Letters written thrice or more count once; "stoppp" is compared as "stop". */
const shortened = (word: string): string => word.replace(/(.)\1{2,}/g, "$1");

function lettersFor(word: string): string {
  if (!/[a-z]/.test(word) || !/[0-9@$]/.test(word)) return word;
  // "3pm", "10am" and "2nd" are numbers, not words in disguise.
  if (/^[0-9]{1,4}[a-z]{1,2}$/.test(word)) return word;
  return word.replace(/[013457@$]/g, (sign) => LETTER_FOR[sign] ?? sign);
}

function plainWord(piece: string): string {
  const bare = shortened(piece.replaceAll("'", "")).slice(0, WORD_MAX);
  if (bare.includes("*")) return /^(?:s[*t]*[*o]?[*]*p)$/.test(bare) && bare.length === 4 ? "stop" : "";
  const word = lettersFor(bare).replace(/[@$]/g, "");
  if (word.endsWith("in") && VERBS_IN_ING.has(word.slice(0, -2))) return `${word}g`;
  return SPELLED.get(word) ?? SPELLED.get(meantWord(word)) ?? meantWord(word);
}

function breakFor(piece: string): string {
  if (piece === "?") return "?";
  if (/^[.!;:()[\]"\r\n/|]$/.test(piece)) return ".";
  if (piece === "#") return "number";
  return piece === "&" ? "and" : ",";
}

/** "Stop. Texting. Me." and words with an emoji between every two are one clause. */
function withoutScatteredBreaks(pieces: readonly string[]): readonly string[] {
  const wordPieces = pieces.filter((piece) => WORDLIKE.test(piece));
  const joints = pieces.filter(
    (piece, i) => WORDLIKE.test(piece) && i > 0 && !WORDLIKE.test(pieces[i - 1] ?? ""),
  ).length;
  const opening = WORDLIKE.test(pieces[0] ?? "") ? 0 : 1;
  return wordPieces.length >= 2 && joints === wordPieces.length - 1 + opening ? wordPieces : pieces;
}

function capitalisedWords(text: string): ReadonlySet<string> {
  const words = text.match(/\p{L}+/gu) ?? [];
  if (!words.some((word) => word === word.toLowerCase())) return new Set();
  return new Set(words.filter((word) => /^\p{Lu}\p{Ll}+$/u.test(word)).map((word) => fold(word).folded));
}

/** Brings a patient's text into the plain form that the patterns of this folder are written in. */
export function plainWords(text: string): PlainWords {
  const cut = text.slice(0, CHARACTERS_MAX);
  const { folded } = fold(cut.replace(/[\r\n]+/g, " . "));
  const letters = folded.replace(/[^a-z0-9]/g, "");
  const joined = folded.replace(SPELLED_OUT, (run) => {
    const word = run.replace(/[^a-z]/g, "");
    return STUCK_TOGETHER.has(word) ? word : (splitRunTogether(word) ?? run);
  });
  const pieces =
    joined
      .replaceAll(" - ", " , ")
      .replace(SLASHED_WITH, (_, out?: string) => (out === undefined ? "with " : "without "))
      .replace(TITLE_DOT, "$1 ")
      .match(PIECES) ?? [];
  let words = " .";
  for (const piece of withoutScatteredBreaks(pieces)) {
    let plain: string;
    if (WORDLIKE.test(piece)) {
      const word = plainWord(piece);
      plain = word.length >= 6 ? (splitRunTogether(word) ?? word) : word;
    } else {
      plain = breakFor(piece);
    }
    // Breaks that follow each other are one.
    if (plain !== "" && !(/^[.,?]$/.test(plain) && /[.,?]$/.test(words))) words += ` ${plain}`;
  }
  words += " . ";
  for (const [expression, together] of TOGETHER) words = words.replace(expression, together);
  return { words, letters, capitalised: capitalisedWords(cut) };
}
