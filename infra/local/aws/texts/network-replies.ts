import type { OptOutList } from "./opt-out-lists.ts";

/** The status of a text that the network sent by itself: none of the practice's, and never reported on. */
export const NETWORK_STATUS = "NETWORK";

/**
 * What the network of a toll-free number does with a patient's text before it passes it on: the single word STOP blocks
 * the number, UNSTOP and START lift that block, in any case. Gives the network's own answer, or undefined where it does
 * nothing; nobody can change its wording.
 */
export function networkAnswer(list: OptOutList, from: string, body: string): string | undefined {
  switch (body.trim().toUpperCase()) {
    case "STOP":
      return list.block(from)
        ? 'NETWORK MSG: You replied "stop", which blocks all texts from this number. Reply "unstop" to receive texts again.'
        : undefined;
    case "UNSTOP":
    case "START":
      return list.unblock(from) ? "NETWORK MSG: You will receive texts from this number again." : undefined;
    default:
      return undefined;
  }
}
