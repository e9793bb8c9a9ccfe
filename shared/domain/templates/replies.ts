import type { AlertKind } from "../alerts/kinds.ts";
import { type Keyword, loneKeyword } from "../replies/keywords.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";
import { sentencesOf } from "./sentences.ts";

/** Something that a text asks its reader to text back: `[start, end)` of the word or letter, and what the system makes of it. */
export interface AskedReply {
  readonly start: number;
  readonly end: number;
  /** Where the words that ask for it begin. */
  readonly from: number;
  readonly meaning: Keyword | null;
}

const ASKS =
  /(?<!\p{L})(?:reply|respond|answer|responda|responde|conteste|contesta|text|send|envie|escriba|mande)(?!\p{L})(?:\s(?:with|back|con|us|the|la|el|word|letter|letra|palabra|either|only|solo)(?!\p{L}))*/gu;
/** Alone, in capitals or as one digit: what is to be texted back. */
const WRITTEN = /(?<![\p{L}\p{N}{'])(?:\p{Lu}{1,12}|\d)(?![\p{L}\p{N}}'])(?!\s?(?:AM|PM)(?!\p{L}))/gu;
/** The same in small letters or in quotation marks, right behind the words that ask. */
const BEHIND =
  /^\s["']?(?:yes|no|si|ok|[b-df-hj-np-tv-xz]|\d(?!\d)|stop|help|start|confirm|confirmar|cancel|cancelar|change)(?![\p{L}\p{N}])/u;
/** What follows a number that is no reply. */
const CLOCK_OR_COUNT = /^\s?(?:\d|:|\.\d|am|pm|hours?|minutes?|days?|weeks?|horas?|minutos?|dias?|semanas?)/u;
const CAPITALS_OF_TEXTS = new Set(["AM", "PM", "ID", "OK", "I", "A", "Y", "O", "SMS", "US"]);

function meaningOf(word: string): Keyword | null {
  const letters = word.toLowerCase();
  return loneKeyword(word, letters);
}

/** What a text asks to be texted back, in order. */
export function repliesIn({ plain, words }: Draft): readonly AskedReply[] {
  return sentencesOf(plain).flatMap((sentence): AskedReply[] => {
    const sentencePlain = plain.slice(sentence.start, sentence.end);
    const first = [...sentencePlain.matchAll(ASKS)].find((asks) => asksForWord(asks, sentence, plain, words));
    if (first === undefined) return [];
    const from = sentence.start + first.index;
    const behind = from + first[0].length;
    const immediate = BEHIND.exec(plain.slice(behind, sentence.end));
    const found: AskedReply[] = [];
    if (immediate !== null) {
      const end = behind + immediate[0].length;
      const start = end - immediate[0].replace(/^\s["']?/u, "").length;
      found.push({ start, end, from, meaning: meaningOf(words.slice(start, end)) });
    }
    for (const match of words.slice(behind, sentence.end).matchAll(WRITTEN)) {
      const start = behind + match.index;
      const end = start + match[0].length;
      if (found.some((other) => other.start === start)) continue;
      const isFirst = /^\s["']?$/u.test(words.slice(behind, start));
      // A capital that is no reply: an hour's AM, a pronoun, a number of something.
      if (!isFirst && (CAPITALS_OF_TEXTS.has(match[0]) || CLOCK_OR_COUNT.test(plain.slice(end)))) continue;
      found.push({ start, end, from, meaning: meaningOf(match[0]) });
    }
    return found;
  });
}

/** Whether what stands behind words like "reply" and "text" is what is to be texted. */
function asksForWord(
  asks: RegExpExecArray,
  sentence: { readonly start: number; readonly end: number },
  plain: string,
  words: string,
): boolean {
  const behind = sentence.start + asks.index + asks[0].length;
  if (/^\s["']?(?:\p{Lu}{1,12}|\d)(?![\p{L}\p{N}'])/u.test(words.slice(behind, sentence.end))) return true;
  const small = BEHIND.exec(plain.slice(behind, sentence.end));
  // "Answer no question" asks for no word, "reply no" does.
  return (
    small !== null && (/^\s["']/u.test(small[0]) || /^(?:reply|responda|responde|conteste)/u.test(asks[0]))
  );
}

/** Every text may offer those. */
const OF_CARRIERS: ReadonlySet<Keyword> = new Set(["stop", "start", "help"]);

/** Whether a reply is about texts as such, and no answer to what this one says. */
export function isOfCarriers({ meaning }: AskedReply): boolean {
  return meaning !== null && OF_CARRIERS.has(meaning);
}

/** What C, 2 or YES does after a text of a use; CANCEL ends texts, so none may ask for it. */
function understood(use: AlertKind): ReadonlySet<Keyword> {
  if (use === "reminder" || use === "reminder-several") return new Set(["confirm", "change"]);
  return use.startsWith("opt-in-") && use !== "opt-in-confirmed" ? new Set(["yes", "no"]) : new Set();
}

/** Replies that a text asks for and that nothing understands after it, and a reminder that asks for none. */
export function findReplies(draft: Draft, use: AlertKind): readonly LintFinding[] {
  const known = understood(use);
  const replies = repliesIn(draft);
  const found = replies
    .filter((reply) => !isOfCarriers(reply) && !(reply.meaning !== null && known.has(reply.meaning)))
    .map(({ start, end }): LintFinding => {
      const explanation = known.has("confirm")
        ? "Nothing understands this reply after a reminder: C confirms, 2 asks for a change."
        : "Nothing understands this reply after a text of this use.";
      return { code: "unknown-reply", start, end, explanation };
    });
  if (!known.has("confirm") || replies.some(({ meaning }) => meaning === "confirm")) return found;
  const explanation = "The text does not say how to confirm: Reply C to confirm, 2 to change.";
  return [...found, { code: "reply-missing", start: 0, end: draft.text.length, explanation }];
}
