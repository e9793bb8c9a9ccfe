import type { Write } from "../audit/journal.ts";
import type { MessageStore } from "./ports.ts";
import type { AlertRecord } from "./records.ts";

/** An alert in one of these states has not left yet. */
export const UNSENT: readonly AlertRecord["status"][] = ["queued", "deferred"];

/** The alert that a new one takes the place of leaves no more and asks for nothing more. */
export function endSteps(
  messages: Pick<MessageStore, "moveAlert">,
  replaced: AlertRecord,
  by: string,
): Write {
  const { status } = replaced;
  const set = { fallbackId: by, dueAt: null };
  return UNSENT.includes(status)
    ? messages.moveAlert(replaced, UNSENT, { ...set, status: "blocked", reason: "superseded" })
    : messages.moveAlert(replaced, [status], set);
}
