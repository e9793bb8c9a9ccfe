import { BLANK, type Draft, type LintFinding } from "./lint-finding.ts";
import type { WrittenSlot } from "./parse.ts";

/** What phones turn into something to tap, or patients type as they see it. */
const TO_ACT_ON: ReadonlySet<WrittenSlot["slot"]> = new Set(["link", "phone", "code"]);
/** Phones take a full stop behind an address into it. */
const BEFORE_ACTING = /(?:^|[\s([])$/u;
const BEHIND_LINK = /^(?:$|[\s)\]])/u;
const BEHIND_NUMBER = /^(?:$|\s|[)\].,;?!]+(?:$|\s))/u;
/** Digits that a blank away belong to the number for a phone: `1 {phone}`. */
const DIGIT_BEFORE = /\d[ .()-]*$/u;
const DIGIT_BEHIND = /^[ .()-]*\d/u;
/** Other values must not become part of a word, or of an address that no page of the practice has. */
const GLUE_BEFORE = new RegExp(String.raw`[\p{L}\p{N}${BLANK}.@/\\]$`, "u");
const GLUE_BEHIND = new RegExp(String.raw`^(?:[\p{L}\p{N}${BLANK}@/\\]|\.(?!\s|$))`, "u");

function isGlued(slot: WrittenSlot["slot"], before: string, behind: string): boolean {
  if (!TO_ACT_ON.has(slot)) return GLUE_BEFORE.test(before) || GLUE_BEHIND.test(behind);
  if (!BEFORE_ACTING.test(before)) return true;
  if (slot === "link") return !BEHIND_LINK.test(behind);
  return !BEHIND_NUMBER.test(behind) || DIGIT_BEFORE.test(before) || DIGIT_BEHIND.test(behind);
}

/**
 * Slots whose value would run into what stands beside it. A link, a number to call and a code stand between blanks or in
 * brackets, so that what a phone makes of them is the value and no more.
 */
export function findGluedSlots({ plain }: Draft, slots: readonly WrittenSlot[]): readonly LintFinding[] {
  return slots
    .filter(({ slot, start, end }) => isGlued(slot, plain.slice(0, start), plain.slice(end)))
    .map(({ slot, start, end }) => {
      const explanation =
        slot === "link"
          ? "Phones take what touches a link into it, a full stop too: leave a blank on both sides."
          : "What touches this slot becomes part of its value: leave a blank.";
      return { code: "slot-glued", start, end, explanation };
    });
}
