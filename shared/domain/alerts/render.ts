import { countParts, type TextParts } from "./gsm7.ts";
import type { Slot, SlotValues, Template } from "./templates.ts";

declare const rendered: unique symbol;

/** Words that came of rendering: all that is ever sent. The mark is for the compiler alone. */
export type RenderedWords = string & { readonly [rendered]: true };

/** What filled a template's slots, as records keep it. */
export type RecordedSlots = Readonly<Partial<Record<Slot, string>>> &
  Readonly<Record<"practice" | "phone", string>>;

/** A text ready to send. */
export interface RenderedText {
  readonly text: RenderedWords;
  /** The same with link token and code masked: what records keep and the found-phone test reads. */
  readonly masked: string;
  /** What filled the template's slots, masked likewise: from it and the template `masked` can be made again. */
  readonly slots: RecordedSlots;
  readonly parts: TextParts;
}

/** What stands for a token or code in a masked text. */
const MASK = "******";

function fill(template: Template, textFor: (slot: Slot) => string): string {
  return template.parts.map((part) => (typeof part === "string" ? part : textFor(part.slot))).join("");
}

/** How a slot's value stands in a masked text. */
function shownIn(slot: Slot, value: string): string {
  if (slot === "link") return maskedLink(value);
  return slot === "code" ? MASK : value;
}

/** The values of the slots that a template has, with code and link token masked. */
function masked(values: SlotValues, { parts }: Template): RecordedSlots {
  const { practice, phone } = values;
  const others = parts.flatMap((part): [Slot, string][] => {
    const value = typeof part === "string" ? undefined : values[part.slot];
    return typeof part === "string" || value === undefined ? [] : [[part.slot, shownIn(part.slot, value)]];
  });
  return { practice, phone, ...Object.fromEntries(others) };
}

/** A link without what makes it work. */
export function maskedLink(link: string): string {
  return link.replace(/[^/]+$/, MASK);
}

/** Renders a template. Throws when a slot that it needs has no value: half a text never leaves. */
export function renderText(template: Template, slots: SlotValues): RenderedText {
  const textFor = (slot: Slot): string => {
    const value = slots[slot];
    if (value === undefined || value.length === 0) throw new Error(`the slot ${slot} has no value`);
    return value;
  };
  const text = fill(template, textFor) as RenderedWords;
  const maskedSlots = masked(slots, template);
  return {
    text,
    masked: fill(template, (slot) => maskedSlots[slot] ?? ""),
    slots: maskedSlots,
    parts: countParts(text),
  };
}
