import { countParts, type TextParts } from "./gsm7.ts";
import type { Slot, SlotValues, Template } from "./templates.ts";

/** A text ready to send. */
export interface RenderedText {
  readonly text: string;
  /** The same with link token and code masked: what records keep and the found-phone test reads. */
  readonly masked: string;
  readonly parts: TextParts;
}

/** What stands for a token or code in a masked text. */
const MASK = "******";

function fill(template: Template, textFor: (slot: Slot) => string): string {
  return template.parts.map((part) => (typeof part === "string" ? part : textFor(part.slot))).join("");
}

/** Renders a template. Throws when a slot that it needs has no value: half a text never leaves. */
export function renderText(template: Template, slots: SlotValues): RenderedText {
  const textFor = (slot: Slot): string => {
    const value = slots[slot];
    if (value === undefined || value === "") throw new Error(`the slot ${slot} has no value`);
    return value;
  };
  const text = fill(template, textFor);
  const masked = fill(template, (slot) => {
    if (slot === "code") return MASK;
    if (slot === "link") return textFor(slot).replace(/[^/]+$/, MASK);
    return textFor(slot);
  });
  return { text, masked, parts: countParts(text) };
}
