import { countParts, type TextParts, widthOf } from "../alerts/gsm7.ts";
import type { Slot, TemplatePart } from "../alerts/templates.ts";

/** What each slot can be filled with. A slot that is missing, or has no value, makes every text with it impossible. */
export type PossibleValues = Readonly<Partial<Record<Slot, readonly string[]>>>;

/** A text that a template can become, with what filled its slots. */
export interface PossibleText {
  readonly text: string;
  readonly slots: Readonly<Partial<Record<Slot, string>>>;
  readonly parts: TextParts;
}

/** Everything that a template can become. */
export interface PossibleTexts {
  /** How many ways there are to fill its slots; each value fills all places of its slot. */
  readonly count: bigint;
  /** The longest of them, as carriers count, longest first. */
  readonly longest: readonly PossibleText[];
}

const LONGEST_COUNT = 5;

interface Choice {
  readonly width: number;
  readonly slots: Readonly<Partial<Record<Slot, string>>>;
}

/** How often each slot stands in a template, in the order in which they first stand there. */
function slotCounts(parts: readonly TemplatePart[]): ReadonlyMap<Slot, number> {
  const counts = new Map<Slot, number>();
  for (const part of parts) {
    if (typeof part !== "string") counts.set(part.slot, (counts.get(part.slot) ?? 0) + 1);
  }
  return counts;
}

/** The widest, widest first; of equal width the one that comes first. There may be many items. */
function widest<Item extends { readonly width: number }>(items: Iterable<Item>): readonly Item[] {
  const found: Item[] = [];
  for (const item of items) {
    const least = found.at(-1);
    if (found.length === LONGEST_COUNT && least !== undefined && item.width <= least.width) continue;
    const before = found.findIndex(({ width }) => width < item.width);
    found.splice(before === -1 ? found.length : before, 0, item);
    if (found.length > LONGEST_COUNT) found.pop();
  }
  return found;
}

function* withWidths(values: Iterable<string>, times: number): Iterable<{ width: number; value: string }> {
  for (const value of values) yield { width: widthOf(value) * times, value };
}

/** The five longest texts of a template, and how many texts it can become. Time grows with the values, not their products. */
export function possibleTexts(parts: readonly TemplatePart[], values: PossibleValues): PossibleTexts {
  let count = 1n;
  let best: readonly Choice[] = [{ width: 0, slots: {} }];
  for (const [slot, times] of slotCounts(parts)) {
    const possible = new Set(values[slot]);
    count *= BigInt(possible.size);
    const candidates = widest(withWidths(possible, times));
    best = widest(
      best.flatMap(({ width, slots }) =>
        candidates.map((candidate) => ({
          width: width + candidate.width,
          slots: { ...slots, [slot]: candidate.value },
        })),
      ),
    );
  }
  return { count, longest: best.map(({ slots }) => textOf(parts, slots)) };
}

function textOf(parts: readonly TemplatePart[], slots: PossibleText["slots"]): PossibleText {
  const text = parts.map((part) => (typeof part === "string" ? part : (slots[part.slot] ?? ""))).join("");
  return { text, slots, parts: countParts(text) };
}
