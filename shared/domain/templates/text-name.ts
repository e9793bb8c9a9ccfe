import { SHIPPED_TEMPLATES } from "../alerts/shipped.ts";
import type { Slot } from "../alerts/templates.ts";
import type { Via } from "../classification/categories.ts";
import type { Classification } from "../classification/verdict.ts";
import { LANGUAGES } from "../words.ts";
import { findAddresses } from "./addresses.ts";
import { draftOf } from "./draft.ts";
import { fillSample, sampleValues } from "./filled-sample.ts";
import { nameReadings, surnameIn } from "./name-readings.ts";
import { parseTemplate } from "./parse.ts";
import { tellingWords, unknownDegrees } from "./telling-words.ts";
import { findTone } from "./tone.ts";

/** Slots that names of the practice's choice fill. */
export type NameSlot = Extract<Slot, "practice" | "provider" | "location" | "pharmacy">;

/** What is wrong with a text name: `[start, end)` in UTF-16 units of the name. It quotes nothing. */
export interface TextNameFinding {
  readonly code: "unfit-characters" | "too-long" | "not-a-name" | "clinical-name";
  readonly start: number;
  readonly end: number;
  readonly explanation: string;
}

const CHARACTERS_MAX = 30;
/** All of these are in the basic set of GSM-7, where a few letters with accents are, and most are not. */
const FIT =
  /^[A-Za-zÄÖÑÜäöñüàèéìòùÉ0-9&'.,-](?:[A-Za-zÄÖÑÜäöñüàèéìòùÉ0-9 &'.,-]*[A-Za-zÄÖÑÜäöñüàèéìòùÉ0-9&'.,-])?$/;
/** What tells people to do something has no place in a name. */
const ORDER = /\b(?:call|reply|text|tap|click|pay|stop|llame|responda|pague|urgent(?! care))\b/iu;

/** How names stand in practices' own templates, beside the shipped ones. */
const CONTEXTS: Readonly<Record<NameSlot, readonly string[]>> = {
  practice: [],
  provider: [
    "{practice}: your visit is {date} at {time} with {provider}. Call {phone}. Reply STOP to end",
    "{practice}: su cita con {provider} es {date}, {time}. Tel. {phone}. STOP para salir",
  ],
  location: [
    "{practice}: your visit is {date} at {time} at {location}. Call {phone}. Reply STOP to end",
    "{practice}: su cita en {location} es {date}, {time}. Tel. {phone}. STOP para salir",
  ],
  pharmacy: [],
};

/**
 * From here the statistical model's word on a name by itself counts. It has learnt from sentences: below, it finds a lake
 * as telling as a ward. In a sentence, and for every other voice, all counts.
 */
const MODEL_CONFIDENCE_MIN = 0.65;

function wordsOf(name: string, slot: NameSlot) {
  if (slot !== "provider") return tellingWords(name);
  return [...tellingWords(name, surnameIn(name)), ...unknownDegrees(name)];
}

/** What a name by itself tells, as it is written. */
function tellingAlone(
  name: string,
  slot: NameSlot,
  classify: (text: string) => Classification,
): readonly TextNameFinding[] {
  const explanation = "This word or these letters tell of a kind of care.";
  const words = wordsOf(name, slot).map((place): TextNameFinding => {
    return { code: "clinical-name", ...place, explanation };
  });
  const { tier, confidence, reasons } = classify(name);
  if (tier < 3) return words;
  const telling = reasons.filter(({ category, via }) => {
    return category !== "portal-notice" && (via !== "model" || confidence >= MODEL_CONFIDENCE_MIN);
  });
  // A verdict without any reason cannot be weighed: it counts.
  const whole = { start: 0, end: name.length, explanation: "This name tells something clinical." };
  const places = reasons.length === 0 ? [whole] : telling;
  return [
    ...words,
    ...places.map((place): TextNameFinding => {
      return { code: "clinical-name", start: place.start, end: place.end, explanation: place.explanation };
    }),
  ];
}

/** Voices that know a word, and do not only find that a text resembles others. */
const KNOWING: ReadonlySet<Via> = new Set(["lexicon", "phrase", "rule"]);

/** Whether a name tells something once letters, pieces and run-together words are read as people read them. */
function tellsOtherwise(name: string, slot: NameSlot, classify: (text: string) => Classification): boolean {
  return nameReadings(name, slot === "provider").some((reading) => {
    if (wordsOf(reading, slot).length > 0) return true;
    const { tier, reasons } = classify(reading);
    return (
      tier === 3 && reasons.some(({ category, via }) => category !== "portal-notice" && KNOWING.has(via))
    );
  });
}

function contextsOf(slot: NameSlot) {
  const shipped = SHIPPED_TEMPLATES.map(({ parts }) => parts).filter((parts) =>
    parts.some((part) => typeof part !== "string" && part.slot === slot),
  );
  return [...shipped, ...CONTEXTS[slot].map((text) => parseTemplate(text).parts)];
}

/**
 * Everything wrong with a name that texts shall carry; nothing where it is fit. It must tell nothing clinical by itself, in
 * none of the ways in which people read it, nor in any shipped template that has its slot, nor in a sentence as practices write them. Total.
 */
export function checkTextName(
  name: string,
  slot: NameSlot,
  classify: (text: string) => Classification,
): readonly TextNameFinding[] {
  const whole = { start: 0, end: name.length };
  if (name.length > CHARACTERS_MAX) {
    const explanation = `A text name has at most ${CHARACTERS_MAX} characters.`;
    return [{ code: "too-long", ...whole, explanation }];
  }
  if (!FIT.test(name)) {
    const explanation =
      "A text name has letters of English, n with tilde and e with accent, digits, & ' . , - and spaces inside.";
    return [{ code: "unfit-characters", ...whole, explanation }];
  }
  const alone = tellingAlone(name, slot, classify);
  if (alone.length > 0) return alone;
  if (tellsOtherwise(name, slot, classify)) {
    const explanation = "Read as people read it, this name tells of a kind of care.";
    return [{ code: "clinical-name", ...whole, explanation }];
  }
  const draft = draftOf(name.replace(/urgent care/giu, "clinic"), []);
  if (ORDER.test(name) || findAddresses(draft).length > 0 || findTone(draft).length > 0) {
    const explanation =
      "A text name is a name: no address, no number to call, and nothing that tells people to act.";
    return [{ code: "not-a-name", ...whole, explanation }];
  }
  const samples = LANGUAGES.map((language) => sampleValues({}, language));
  const tells = contextsOf(slot).some((parts) =>
    samples.some((sample) => classify(fillSample(parts, { ...sample, [slot]: name }).text).tier === 3),
  );
  const explanation = "In a text, this name tells something clinical.";
  return tells ? [{ code: "clinical-name", ...whole, explanation }] : [];
}
