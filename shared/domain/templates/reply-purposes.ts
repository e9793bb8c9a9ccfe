import type { AlertKind } from "../alerts/kinds.ts";
import type { Keyword } from "../replies/keywords.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";
import { type AskedReply, repliesIn } from "./replies.ts";
import { sentencesOf } from "./sentences.ts";

/** What a text says that a reply does, in small letters without accents, to what it must be read as to do that. */
const PURPOSES: readonly (readonly [RegExp, ReadonlySet<Keyword>])[] = [
  [/^(?:confirm|accept|keep|come|attend|yes|si$|acept|asist|mantener|venir)/u, new Set(["confirm", "yes"])],
  [/^(?:change|move|reschedule|rebook|cambi|mover|reprogram)/u, new Set(["change"])],
  [/^(?:cancel|decline|no$)/u, new Set(["stop", "no"])],
  [/^(?:end|stop|quit|unsubscribe|opt|salir|terminar|parar|acabar|darse|baja)/u, new Set(["stop"])],
];
/** Right behind a reply, and where it says nothing, before the words that ask for it. */
const BEHIND =
  /^["']?\s?(?:=|:|to|para|for|if you|si)\s?(?:you\s|want to\s|quiere\s|el\s|la\s|a\s)?(\p{L}+)/u;
const AHEAD = /(?:^|[^\p{L}])(?:to|para)\s(\p{L}+)(?:\s\p{L}+){0,3}[,:]?\s(?:please\s|por favor\s|also\s)?$/u;

function saidPurpose(plain: string, reply: AskedReply, from: number, to: number): string | undefined {
  return BEHIND.exec(plain.slice(reply.end, to))?.[1] ?? AHEAD.exec(plain.slice(from, reply.from))?.[1];
}

/**
 * Replies that do something else than the text says: whoever obeys "2 to confirm" asks for a change. START is offered where
 * texts have ended and nowhere else.
 */
export function findMisusedReplies(draft: Draft, use: AlertKind): readonly LintFinding[] {
  const { plain } = draft;
  const replies = repliesIn(draft);
  const explanation =
    "This reply does something else than the words say: C confirms, 2 asks for a change, STOP ends texts.";
  return replies
    .filter((reply, index) => {
      const { meaning, end } = reply;
      if (meaning === null) return false;
      if (meaning === "start") return use !== "stopped" && use !== "stopped-cancel";
      const sentence = sentencesOf(plain).find((one) => one.start <= reply.start && end <= one.end);
      if (sentence === undefined) return false;
      const from = Math.max(sentence.start, replies[index - 1]?.end ?? 0);
      const to = Math.min(sentence.end, replies[index + 1]?.start ?? plain.length);
      const said = saidPurpose(plain, reply, from, to);
      if (said === undefined) return false;
      const purpose = PURPOSES.find(([words]) => words.test(said));
      return purpose !== undefined && !purpose[1].has(meaning);
    })
    .map(({ start, end }): LintFinding => ({ code: "unknown-reply", start, end, explanation }));
}
