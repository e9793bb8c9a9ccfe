import type { ReplyReading } from "../domain/replies/read-reply.ts";
import { REPLY_LENGTH_MAX } from "./limits.ts";
import type { ReplyProblem } from "./shown.ts";

/** What is read of a text at once: the most that one can carry. */
const READ_AT_ONCE = 1600;

/** A reply's words as they are kept: lines end as the browser counts them, and no control characters are left. */
export function plainReply(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .trim();
}

/** What keeps a reply from being taken, whatever else stands; null for nothing. */
export function problemWith(body: string, attachments: number): ReplyProblem | null {
  if (body === "" && attachments === 0) return "empty";
  return body.length > REPLY_LENGTH_MAX ? "too-long" : null;
}

/** Of several hints the one that asks for most: whom it tells to call 988 it tells of 911 too. */
export function gravest(hints: readonly ReplyReading["distress"][]): ReplyReading["distress"] {
  return hints.includes("self-harm") ? "self-harm" : (hints.find((hint) => hint !== null) ?? null);
}

/** Reads a reply to its end, which is longer than a text can be: its beginning, and what is left of it. */
export function readWhole(readReply: (text: string) => ReplyReading, body: string): ReplyReading {
  const first = readReply(body);
  if (body.length <= READ_AT_ONCE) return first;
  const last = readReply(body.slice(-READ_AT_ONCE));
  return {
    keyword: null,
    revokes: first.revokes === null && last.revokes === null ? null : "words",
    wrongNumber: first.wrongNumber || last.wrongNumber,
    cancelsVisit: first.cancelsVisit || last.cancelsVisit,
    distress: gravest([first.distress, last.distress]),
    automatic: first.automatic,
  };
}
