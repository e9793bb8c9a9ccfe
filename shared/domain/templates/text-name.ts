import { SHIPPED_TEMPLATES } from "../alerts/shipped.ts";
import type { Slot } from "../alerts/templates.ts";
import type { Classification } from "../classification/verdict.ts";
import { LANGUAGES } from "../words.ts";
import { fillSample, sampleValues } from "./filled-sample.ts";
import { parseTemplate } from "./parse.ts";

/** Slots that names of the practice's choice fill. */
export type NameSlot = Extract<Slot, "practice" | "provider" | "location" | "pharmacy">;

/** What is wrong with a text name: `[start, end)` in UTF-16 units of the name. It quotes nothing. */
export interface TextNameFinding {
  readonly code: "unfit-characters" | "too-long" | "clinical-name";
  readonly start: number;
  readonly end: number;
  readonly explanation: string;
}

const CHARACTERS_MAX = 30;
/** All of these are in the basic set of GSM-7. */
const FIT = /^[A-Za-z0-9&'.,-](?:[A-Za-z0-9 &'.,-]*[A-Za-z0-9&'.,-])?$/;

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

/** Degrees and departments in letters that tell a kind of care. The classifier reads words; texts have no such letters. */
const TELLING_LETTERS = new Set(
  (
    "onco onc uro neuro endo nephro heme gyn gyno obgyn aod iop php tbi lcsw lcswa " +
    "lmsw licsw lmft mft lpc lpcc lmhc lcpc lcmhc psyd pmhnp lcdc ladc cadc lcadc msw bcba cnm dpt otr slp rdn dcnp"
  ).split(" "),
);
/** The same in capitals only: names are written like these, too. */
const TELLING_CAPITALS = new Set("PT OT MAT ID RD ED ER OB GI CV BH MH CF HEM SUD ENT ABI".split(" "));

/**
 * From here the statistical model's word on a name by itself counts. It has learnt from sentences: below, it finds a lake
 * as telling as a ward. In a sentence, and for every other voice, all counts.
 */
const MODEL_CONFIDENCE_MIN = 0.65;

function tellingAlone(name: string, classify: (text: string) => Classification): readonly TextNameFinding[] {
  const explanation = "These letters tell of a kind of care.";
  const letters = [...name.matchAll(/[A-Za-z]+/g)]
    .filter(([word]) => TELLING_LETTERS.has(word.toLowerCase()) || TELLING_CAPITALS.has(word))
    .map(({ index: start, 0: { length } }): TextNameFinding => {
      return { code: "clinical-name", start, end: start + length, explanation };
    });
  const { tier, confidence, reasons } = classify(name);
  if (tier < 3) return letters;
  const telling = reasons.filter(({ category, via }) => {
    return category !== "portal-notice" && (via !== "model" || confidence >= MODEL_CONFIDENCE_MIN);
  });
  // A verdict without any reason cannot be weighed: it counts.
  const whole = { start: 0, end: name.length, explanation: "This name tells something clinical." };
  const places = reasons.length === 0 ? [whole] : telling;
  return [
    ...letters,
    ...places.map((place): TextNameFinding => {
      return { code: "clinical-name", start: place.start, end: place.end, explanation: place.explanation };
    }),
  ];
}

function contextsOf(slot: NameSlot) {
  const shipped = SHIPPED_TEMPLATES.map(({ parts }) => parts).filter((parts) =>
    parts.some((part) => typeof part !== "string" && part.slot === slot),
  );
  return [...shipped, ...CONTEXTS[slot].map((text) => parseTemplate(text).parts)];
}

/**
 * Everything wrong with a name that texts shall carry; nothing where it is fit. It must tell nothing clinical by itself,
 * nor in any shipped template that has its slot, nor in a sentence as practices write them. Total.
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
    const explanation = "A text name has letters of English, digits, & ' . , - and spaces inside.";
    return [{ code: "unfit-characters", ...whole, explanation }];
  }
  const alone = tellingAlone(name, classify);
  if (alone.length > 0) return alone;
  const samples = LANGUAGES.map((language) => sampleValues({}, language));
  const tells = contextsOf(slot).some((parts) =>
    samples.some((sample) => classify(fillSample(parts, { ...sample, [slot]: name }).text).tier === 3),
  );
  const explanation = "In a text, this name tells something clinical.";
  return tells ? [{ code: "clinical-name", ...whole, explanation }] : [];
}
