import { maskedLink } from "../alerts/render.ts";
import type { Slot, TemplatePart } from "../alerts/templates.ts";
import type { Language } from "../words.ts";
import type { PossibleValues } from "./possible-texts.ts";

/** What stands for slots whose values a practice has not yet, or which are told apart by digits only. */
const STAND_INS: Readonly<Record<Language, Readonly<Record<Slot, string>>>> = {
  en: {
    practice: "Our office",
    phone: "202-555-0143",
    link: "https://m.example.org/m/******",
    code: "******",
    date: "Wed, Sep 30",
    time: "10:30 AM",
    provider: "Dr. Lee",
    location: "Main Office",
    pharmacy: "Main Street Pharmacy",
  },
  es: {
    practice: "Our office",
    phone: "202-555-0143",
    link: "https://m.example.org/m/******",
    code: "******",
    date: "mie 30 sep",
    time: "10:30 AM",
    provider: "Dr. Lee",
    location: "Main Office",
    pharmacy: "Main Street Pharmacy",
  },
};

/** Something harmless for each slot: the practice's own name, phone and host where it has them. */
export function sampleValues(values: PossibleValues, language: Language): Readonly<Record<Slot, string>> {
  const standIns = STAND_INS[language];
  const [practice = standIns.practice] = values.practice ?? [];
  const [phone = standIns.phone] = values.phone ?? [];
  const [link = standIns.link] = values.link ?? [];
  return { ...standIns, practice, phone, link: maskedLink(link) };
}

/** Every slot with something to fill it: names that nobody has approved yet are stood in for. */
export function withStandIns(values: PossibleValues, language: Language): PossibleValues {
  const sample = STAND_INS[language];
  const names = Object.keys(sample) as Slot[];
  return Object.fromEntries(
    names.map((slot) => {
      const possible = values[slot];
      return [slot, possible === undefined || possible.length === 0 ? [sample[slot]] : possible];
    }),
  );
}

/** A filled template, and where each of its places stands in the template as it was written. */
export interface FilledSample {
  readonly text: string;
  /** The written `[start, end)` of a filled one; a place in a slot's value is the whole slot. */
  readonly written: (start: number, end: number) => { readonly start: number; readonly end: number };
}

interface Piece {
  readonly filledEnd: number;
  readonly filledStart: number;
  readonly writtenStart: number;
  readonly writtenEnd: number;
  readonly isSlot: boolean;
}

/** Fills a template's slots. */
export function fillSample(
  parts: readonly TemplatePart[],
  values: Readonly<Partial<Record<Slot, string>>>,
): FilledSample {
  const pieces: Piece[] = [];
  let text = "";
  let writtenStart = 0;
  for (const part of parts) {
    const isSlot = typeof part !== "string";
    const value = isSlot ? (values[part.slot] ?? "") : part;
    const writtenEnd = writtenStart + (isSlot ? part.slot.length + 2 : part.length);
    pieces.push({
      filledStart: text.length,
      filledEnd: text.length + value.length,
      writtenStart,
      writtenEnd,
      isSlot,
    });
    text += value;
    writtenStart = writtenEnd;
  }
  const place = (at: number, edge: "start" | "end"): number => {
    const isIn = ({ filledStart, filledEnd }: Piece) =>
      edge === "start" ? at < filledEnd : at > filledStart && at <= filledEnd;
    const piece = pieces.find(isIn);
    if (piece === undefined) return edge === "start" ? writtenStart : 0;
    if (piece.isSlot) return edge === "start" ? piece.writtenStart : piece.writtenEnd;
    return piece.writtenStart + (at - piece.filledStart);
  };
  return {
    text,
    written: (start, end) => {
      const from = Math.min(place(start, "start"), writtenStart);
      return { start: from, end: Math.max(from, place(end, "end")) };
    },
  };
}
