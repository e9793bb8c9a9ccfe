import type { Slot, SlotValues, TemplatePart } from "../alerts/templates.ts";

/** Every slot that a template can have. */
export const SLOTS = [
  "practice",
  "phone",
  "link",
  "code",
  "date",
  "time",
  "provider",
  "location",
  "pharmacy",
] as const satisfies readonly (keyof SlotValues)[];

const KNOWN: ReadonlySet<string> = new Set(SLOTS);

/** A slot as it stands in a written template: `[start, end)` in UTF-16 units, braces included. */
export interface WrittenSlot {
  readonly slot: Slot;
  readonly start: number;
  readonly end: number;
}

/** A template as somebody wrote it, read. */
export interface WrittenTemplate {
  readonly parts: readonly TemplatePart[];
  readonly slots: readonly WrittenSlot[];
}

function isSlot(name: string): name is Slot {
  return KNOWN.has(name);
}

/**
 * Reads a template whose slots are written `{practice}`. Total: whatever is no slot of ours, braces of other names
 * included, stays words, and the lint says so.
 */
export function parseTemplate(text: string): WrittenTemplate {
  const parts: TemplatePart[] = [];
  const slots: WrittenSlot[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{([a-z]{1,10})\}/g)) {
    const [whole, name = ""] = match;
    if (!isSlot(name)) continue;
    if (match.index > from) parts.push(text.slice(from, match.index));
    from = match.index + whole.length;
    parts.push({ slot: name });
    slots.push({ slot: name, start: match.index, end: from });
  }
  if (from < text.length) parts.push(text.slice(from));
  return { parts, slots };
}

/** A template as it is written: its words, and its slots in braces. What {@link parseTemplate} reads. */
export function writeTemplate(parts: readonly TemplatePart[]): string {
  return parts.map((part) => (typeof part === "string" ? part : `{${part.slot}}`)).join("");
}
