import { widthOf } from "../domain/alerts/gsm7.ts";
import type { Slot } from "../domain/alerts/templates.ts";
import { type PossibleValues, possibleTexts } from "../domain/templates/possible-texts.ts";
import { possibleValues } from "../domain/templates/possible-values.ts";
import type { Language } from "../domain/words.ts";
import type { ApprovedName, DirectoryKind } from "./records.ts";

/** What of a stage's settings stands in texts. */
export interface PracticeInTexts {
  readonly name: string;
  readonly phone: string;
  /** What a link's token follows. */
  readonly portalBaseUrl: string;
  /** Parts that a text may have where its kind does not say. */
  readonly textPartsMax: 1 | 2;
  /** The practice's own wording as JSON, where the stage has one. */
  readonly wording: string | undefined;
}

/** What can fill a slot. */
export interface SlotSet {
  readonly values: readonly string[];
  readonly count: bigint;
  /** The widest values: the longest texts have no other. */
  readonly widest: readonly string[];
}

/** What can fill each slot of a practice's texts. */
export type SlotSets = Readonly<Record<Slot, SlotSet>>;

const WIDEST_COUNT = 5;

/** Five of many, far from each other. */
function spread(values: readonly string[]): readonly string[] {
  const step = values.length / WIDEST_COUNT;
  return Array.from({ length: WIDEST_COUNT }, (_, nth) => values[Math.floor(nth * step)] ?? "");
}

function slotSet(slot: Slot, values: readonly string[]): SlotSet {
  const { count, longest } = possibleTexts([{ slot }], { [slot]: values });
  const widest = longest.map(({ text }) => text);
  const width = widthOf(widest[0] ?? "");
  const tied = [...new Set(values.filter((value) => widthOf(value) === width))];
  return { values, count, widest: tied.length > WIDEST_COUNT ? spread(tied) : widest };
}

type Fixed = Omit<SlotSets, DirectoryKind>;

/** By practice and language. Days and times are hundreds of thousands: they are gone through once. */
const known = new WeakMap<PracticeInTexts, Map<Language, Fixed>>();

function fixedSets(practice: PracticeInTexts, language: Language): Fixed {
  const byLanguage = known.get(practice) ?? new Map<Language, Fixed>();
  known.set(practice, byLanguage);
  const found = byLanguage.get(language);
  if (found !== undefined) return found;
  const { name, phone, portalBaseUrl } = practice;
  const words = { practice: name, phone, portalBaseUrl, locations: [], providers: [], pharmacies: [] };
  const values = possibleValues(words, language);
  const sets: Fixed = {
    practice: slotSet("practice", values.practice),
    phone: slotSet("phone", values.phone),
    link: slotSet("link", values.link),
    code: slotSet("code", values.code),
    date: slotSet("date", values.date),
    time: slotSet("time", values.time),
  };
  byLanguage.set(language, sets);
  return sets;
}

/** What can fill the slots of this practice's texts, with the names that are approved. */
export function slotSets(
  practice: PracticeInTexts,
  names: readonly ApprovedName[],
  language: Language,
): SlotSets {
  const setOf = (kind: DirectoryKind) => {
    const ofKind = names.filter((name) => name.kind === kind).map(({ textName }) => textName);
    return slotSet(kind, [...new Set(ofKind)]);
  };
  return {
    ...fixedSets(practice, language),
    location: setOf("location"),
    provider: setOf("provider"),
    pharmacy: setOf("pharmacy"),
  };
}

/**
 * Values that make the same longest texts as all values do, with every approved name: each of those is looked at by
 * itself.
 */
export function widestValues(sets: SlotSets): PossibleValues {
  const { practice, phone, link, code, date, time, location, provider, pharmacy } = sets;
  return {
    practice: practice.values,
    phone: phone.values,
    link: link.values,
    code: code.values,
    date: date.widest,
    time: time.widest,
    location: location.values,
    provider: provider.values,
    pharmacy: pharmacy.values,
  };
}
