import type { TemplatePart } from "#shared/domain/alerts/templates.ts";

/** Stands around a slot's name in a text whose values were taken out; neither texts nor values hold it before. */
export const EDGE = "\u0000";

/** What stands for the value of a slot. */
export function placeholder(slot: string): string {
  return `${EDGE}${slot}${EDGE}`;
}

/**
 * A text with the values of its slots taken out, as far as it is certain where they stand: those that occur exactly once,
 * and not within each other. The others stay, with what they are. Two texts of one template have one form, whatever fills
 * them, and a text is what a template and its values give if and only if its form is the template's ({@link formOf}).
 */
export interface TextForm {
  readonly form: string;
  /** Values that are not taken out, by slot. */
  readonly kept: Readonly<Record<string, string>>;
}

/** Takes the values of `slots` out of a text; undefined where one of them is empty, or stands nowhere in it. */
export function takeOut(text: string, slots: Readonly<Record<string, string>>): TextForm | undefined {
  const kept: Record<string, string> = {};
  const found: { readonly slot: string; readonly start: number; readonly end: number }[] = [];
  for (const slot of Object.keys(slots).sort()) {
    const value = slots[slot] ?? "";
    const start = text.indexOf(value);
    if (value === "" || start < 0) return undefined;
    if (text.lastIndexOf(value) === start) found.push({ slot, start, end: start + value.length });
    else kept[slot] = value;
  }
  const certain = found.filter(({ slot, start, end }) => {
    const isAlone = found.every((other) => other.slot === slot || other.end <= start || other.start >= end);
    if (!isAlone) kept[slot] = slots[slot] ?? "";
    return isAlone;
  });
  let form = text;
  for (const { slot, start, end } of certain.toSorted((one, other) => other.start - one.start))
    form = form.slice(0, start) + placeholder(slot) + form.slice(end);
  return { form, kept };
}

/** The form of every text of a template in which these values are not taken out. */
export function formOf(parts: readonly TemplatePart[], kept: TextForm["kept"]): string {
  return parts
    .map((part) => (typeof part === "string" ? part : (kept[part.slot] ?? placeholder(part.slot))))
    .join("");
}
