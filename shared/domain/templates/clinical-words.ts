import type { Slot } from "../alerts/templates.ts";
import type { Classification } from "../classification/verdict.ts";
import type { Language, Purpose, Tier } from "../words.ts";
import { type FilledSample, fillSample, sampleValues } from "./filled-sample.ts";
import { BLANK, type Draft, type LintFinding } from "./lint-finding.ts";
import { parseTemplate, type WrittenTemplate } from "./parse.ts";
import type { PossibleValues } from "./possible-texts.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";

/** Names that are told as clinical with a template's words, at most. */
const NAMES_TOLD_MAX = 10;
/** Clauses that are judged one by one, at most: no text that fits in two parts has more. */
const CLAUSES_MAX = 60;
const NAME_SLOTS = ["provider", "location", "pharmacy"] as const satisfies readonly Slot[];
/** What frames every text and says nothing. */
const FRAME: Readonly<Partial<Record<Slot, string>>> = { practice: "", phone: "", link: "", code: "" };
const OPT_OUT = /(?<!\p{L})(?:stop|help)(?!\p{L})/u;
/**
 * From here the statistical model's word on a part of a text counts. It has learnt from whole messages: below, it finds
 * half of a harmless sentence as telling as a clinical one. Every other voice counts always.
 */
const PART_CONFIDENCE_MIN = 0.5;

/** What the purpose pharmacy is about: that there is a medicine, and nothing of it. */
const OF_PHARMACIES = /^(?:refills?|prescriptions?|recetas?|surtir|surtid[oa]s?)$/;

const EXPLANATION = "Whoever finds the phone would learn something clinical from these words.";

/** What of a template would be read as clinical, and the tier of what it says. */
export interface ClinicalWords {
  readonly findings: readonly LintFinding[];
  readonly tier: Tier;
}

/** What a template is judged by. */
interface JudgedBy {
  readonly values: PossibleValues;
  readonly language: Language;
  readonly purpose: Purpose | null;
  readonly classify: (text: string) => Classification;
}

/**
 * What somebody who finds the phone would learn from a template. The whole text is judged as it would be sent; then the
 * author's own words without practice, phone, link and opt-out, and each of their clauses alone, each with something harmless in its
 * slots and with nothing in them: what frames every text is so harmless that a few telling words drown in it. The highest
 * tier counts.
 */
export function findClinicalWords(
  draft: Draft,
  written: WrittenTemplate,
  { values, language, purpose, classify }: JudgedBy,
): ClinicalWords {
  const sample = sampleValues(values, language);
  // What another program's field would be filled with is told apart; its name is not read as words.
  const parts = withoutForeignFields(written.parts, draft.plain);
  const whole = fillSample(parts, sample);
  const { tier, reasons } = classify(whole.text);
  if (tier === 3) return { tier, findings: placesOf(reasons, whole, 0, draft.text.length) };
  // A text with another program's fields is none of ours as it is, and its labels are read with what would fill them.
  const isForeign = parts.some((part, index) => part !== written.parts[index]);
  const inParts = (isForeign ? [] : partsOf(draft, written)).flatMap((part) =>
    tellingIn(part, draft, sample, { purpose, classify }),
  );
  if (inParts.length > 0) return { tier: 3, findings: inParts };
  const told = NAME_SLOTS.flatMap((slot) => {
    const place = written.slots.find((other) => other.slot === slot);
    return place === undefined ? [] : (values[slot] ?? []).map((name) => ({ slot, name, place }));
  })
    .filter(({ slot, name }) => classify(fillSample(parts, { ...sample, [slot]: name }).text).tier === 3)
    .slice(0, NAMES_TOLD_MAX);
  return {
    tier: told.length === 0 ? tier : 3,
    findings: told.map(({ slot, name, place: { start, end } }) => ({
      code: "clinical-words",
      start,
      end,
      explanation: "With this name, the words tell something clinical.",
      slots: { [slot]: name },
    })),
  };
}

/** Where a verdict on a part of a text finds something, in places of the whole. */
function placesOf(
  reasons: Classification["reasons"],
  filled: FilledSample,
  offset: number,
  end: number,
): readonly LintFinding[] {
  const telling = reasons
    .filter(({ category }) => category !== "portal-notice")
    .map((reason): LintFinding => {
      const place = filled.written(reason.start, reason.end);
      return {
        code: "clinical-words",
        start: offset + place.start,
        end: offset + place.end,
        explanation: reason.explanation,
      };
    });
  return telling.length > 0
    ? telling
    : [{ code: "clinical-words", start: offset, end, explanation: EXPLANATION }];
}

/** What a part tells with its slots filled; else what it tells without them. */
function tellingIn(
  { start, end }: Sentence,
  draft: Draft,
  sample: Readonly<Record<Slot, string>>,
  { purpose, classify }: Pick<JudgedBy, "purpose" | "classify">,
): readonly LintFinding[] {
  const parts = withoutForeignFields(
    parseTemplate(draft.text.slice(start, end)).parts,
    draft.plain.slice(start, end),
  );
  for (const values of [{ ...sample, ...FRAME }, {}]) {
    const filled = fillSample(parts, values);
    const { tier, reasons, confidence } = classify(filled.text);
    if (tier < 3) continue;
    const isSure = confidence >= PART_CONFIDENCE_MIN || reasons.some(({ via }) => via !== "model");
    const isOfPharmacies = ({ start: from, end: to }: { readonly start: number; readonly end: number }) =>
      purpose === "pharmacy" && OF_PHARMACIES.test(filled.text.slice(from, to).toLowerCase());
    if (isSure && (reasons.length === 0 || !reasons.every(isOfPharmacies))) {
      return placesOf(reasons, filled, start, end);
    }
  }
  return [];
}

/** The author's own words as a whole, and clause by clause. */
function partsOf({ plain, words }: Draft, { slots }: WrittenTemplate): readonly Sentence[] {
  const cuts = slots.filter(({ slot }) => FRAME[slot] !== undefined);
  const clauses = sentencesOf(plain)
    .flatMap((sentence) => cutAt(sentence, cuts))
    .map(({ start, end }) => {
      // A colon or a dash before the first word is the frame's.
      const [lead = ""] = /^[^\p{L}\p{N}\uFFFC]*/u.exec(words.slice(start, end)) ?? [];
      return { start: Math.min(start + lead.length, end), end };
    })
    .filter(
      ({ start, end }) => /\p{L}/u.test(plain.slice(start, end)) && !OPT_OUT.test(plain.slice(start, end)),
    )
    .slice(0, CLAUSES_MAX);
  const [first] = clauses;
  const last = clauses.at(-1);
  if (first === undefined || last === undefined || first === last) return clauses;
  return [{ start: first.start, end: last.end }, ...clauses];
}

/** The stretches of a sentence between some of its slots. */
function cutAt(sentence: Sentence, cuts: readonly Sentence[]): readonly Sentence[] {
  const found: Sentence[] = [];
  let start = sentence.start;
  for (const cut of cuts) {
    if (cut.start < sentence.start || cut.end > sentence.end) continue;
    found.push({ start, end: cut.start });
    start = cut.end;
  }
  return [...found, { start, end: sentence.end }];
}

/** A template's parts with other programs' fields as spaces: as long as before. */
function withoutForeignFields(parts: WrittenTemplate["parts"], plain: string): WrittenTemplate["parts"] {
  let start = 0;
  return parts.map((part) => {
    const from = start;
    start += typeof part === "string" ? part.length : part.slot.length + 2;
    if (typeof part !== "string") return part;
    return [...Array(part.length).keys()]
      .map((index) => (plain.charAt(from + index) === BLANK ? " " : part.charAt(index)))
      .join("");
  });
}
