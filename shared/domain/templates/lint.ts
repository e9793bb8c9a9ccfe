import { isGsm7 } from "../alerts/gsm7.ts";
import type { AlertKind } from "../alerts/kinds.ts";
import type { Slot } from "../alerts/templates.ts";
import type { Classification } from "../classification/verdict.ts";
import type { Placeholder } from "../fields/placeholders.ts";
import type { Language, Tier } from "../words.ts";
import { findAddresses } from "./addresses.ts";
import { findCallsToAction } from "./calls-to-action.ts";
import { draftOf, foreignFields } from "./draft.ts";
import { fillSample, sampleValues, withStandIns } from "./filled-sample.ts";
import { findOtherLanguage } from "./language.ts";
import { BLANK, type Draft, type LintCode, type LintFinding } from "./lint-finding.ts";
import { parseTemplate, type WrittenTemplate } from "./parse.ts";
import { type PossibleValues, possibleTexts } from "./possible-texts.ts";
import { findHardReading } from "./reading-level.ts";
import { findShortForms } from "./short-forms.ts";
import { needsOptOut, slotNeeded, slotsAllowed } from "./slot-rules.ts";
import { findTone } from "./tone.ts";

/** What a template is judged by. */
export interface LintOptions {
  readonly use: AlertKind;
  readonly language: Language;
  /** What fills the slots in this practice: a link with a token's length, every date and time, approved names. */
  readonly values: PossibleValues;
  /** Part count that the text may have at most: the kind's, else the stage's. */
  readonly partsMax: 1 | 2;
  /** The practice's classifier, for texts to patients. */
  readonly classify: (text: string) => Classification;
}

/** All that is wrong with a template, and the tier of what it says. */
export interface LintOutcome {
  /** In order of their places. */
  readonly findings: readonly LintFinding[];
  readonly tier: Tier;
}

/** UTF-16 units of the longest text that is read: ten times what fits. */
const UNITS_MAX = 2000;
/** Names that are told as clinical with a template's words, at most. */
const NAMES_TOLD_MAX = 10;
const NAME_SLOTS = ["provider", "location", "pharmacy"] as const satisfies readonly Slot[];

/**
 * Everything that is wrong with a template in one language, as it was written, with `{slot}` for its slots. Total and
 * deterministic, in time that grows with the text and with the slots' values. Neither code nor explanation quotes the text.
 */
export function lintTemplate(text: string, options: LintOptions): LintOutcome {
  if (text.length > UNITS_MAX) {
    const explanation = "The text is far longer than any that can be sent.";
    return { findings: [{ code: "too-long", start: 0, end: text.length, explanation }], tier: 3 };
  }
  const written = parseTemplate(text);
  const foreign = foreignFields(text, written.slots);
  const draft = draftOf(text, [...written.slots, ...foreign]);
  const { language } = options;
  const clinical = findClinicalWords(draft, written, options);
  const addresses = findAddresses(draft);
  const findings = [
    ...foreign.map(fieldFinding),
    ...slotFindings(draft, written, options),
    ...clinical.findings,
    ...findCallsToAction(draft, written.slots),
    ...findShortForms(draft, language).filter(
      (found) => !addresses.some((address) => isWithin(found, address)),
    ),
    ...addresses,
    ...findTone(draft),
    ...findHardReading(draft, language),
    ...findOtherLanguage(draft, language),
    ...findUnfitCharacters(draft),
    ...findLength(draft, written, options),
  ];
  return { findings: inOrder(findings), tier: clinical.tier };
}

/** Words of an address are no words. */
function isWithin(inner: LintFinding, outer: LintFinding): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function inOrder(findings: readonly LintFinding[]): readonly LintFinding[] {
  const seen = new Set<string>();
  return findings
    .toSorted(
      (one, other) => one.start - other.start || one.end - other.end || (one.code < other.code ? -1 : 1),
    )
    .filter(({ code, start, end, slots }) => {
      const key = JSON.stringify([code, start, end, slots]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function fieldFinding({ start, end, meaning }: Placeholder): LintFinding {
  if (meaning.is === "clinical") {
    const explanation = "This field would be filled with something clinical. No text may carry that.";
    return { code: "clinical-field", start, end, explanation };
  }
  const explanation =
    meaning.is === "free-text"
      ? "This field would carry whatever somebody typed. Texts have the listed slots only."
      : "This is none of the slots that texts have.";
  return { code: "unknown-field", start, end, explanation };
}

/** Slots that should not be there, and those that are missing. */
function slotFindings(
  { text, words }: Draft,
  { slots }: WrittenTemplate,
  { use }: LintOptions,
): readonly LintFinding[] {
  const whole = (code: LintCode, explanation: string): LintFinding => ({
    code,
    start: 0,
    end: text.length,
    explanation,
  });
  const has = (slot: Slot) => slots.some((written) => written.slot === slot);
  const allowed = slotsAllowed(use);
  const found = slots
    .filter(({ slot }) => !allowed.has(slot))
    .map(({ start, end }): LintFinding => {
      const explanation = "Nothing fills this slot in a text of this use.";
      return { code: "slot-not-allowed", start, end, explanation };
    });
  const needed = slotNeeded(use);
  if (!has("practice")) found.push(whole("practice-missing", "The text does not name the practice."));
  if (!has("phone")) found.push(whole("phone-missing", "The text does not give the practice's phone."));
  if (needed !== undefined && !has(needed)) {
    found.push(
      whole("slot-missing", "The text lacks the slot that a text of this use is for: its link or its code."),
    );
  }
  if (needsOptOut(use) && !/(?<!\p{L})STOP(?!\p{L})/u.test(words)) {
    found.push(whole("opt-out-missing", "The text does not say how to end texts: reply STOP."));
  }
  return found;
}

function findClinicalWords(
  { text, plain }: Draft,
  { parts }: WrittenTemplate,
  { values, language, classify }: LintOptions,
): { readonly findings: readonly LintFinding[]; readonly tier: Tier } {
  const sample = sampleValues(values, language);
  // What another program's field would be filled with is told apart; its name is not read as words.
  const readable = withoutForeignFields(parts, plain);
  const filled = fillSample(readable, sample);
  const { tier, reasons } = classify(filled.text);
  if (tier === 3) {
    const telling = reasons.filter(({ category }) => category !== "portal-notice");
    const places = telling.map(({ start, end, explanation }) => ({
      ...filled.written(start, end),
      explanation,
    }));
    const explanation = "Whoever finds the phone would learn something clinical from these words.";
    return {
      tier,
      findings: (places.length === 0 ? [{ start: 0, end: text.length, explanation }] : places).map(
        (place) => ({
          code: "clinical-words",
          ...place,
        }),
      ),
    };
  }
  const told = NAME_SLOTS.flatMap((slot) => {
    const place = parseTemplate(text).slots.find((written) => written.slot === slot);
    return place === undefined ? [] : (values[slot] ?? []).map((name) => ({ slot, name, place }));
  })
    .filter(({ slot, name }) => classify(fillSample(readable, { ...sample, [slot]: name }).text).tier === 3)
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

/** Runs of what GSM-7 lacks: one such character more than halves what a part holds (3GPP TS 23.038). */
function findUnfitCharacters({ text }: Draft): readonly LintFinding[] {
  const found: LintFinding[] = [];
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    const previous = found.at(-1);
    // Line breaks are GSM-7, but let a text look like two.
    if (!isGsm7(character) || character < " ") {
      const explanation =
        "A character that texts do not have, or that makes each part hold less than half. Letters like a, i, o and u " +
        "go without accents.";
      if (previous?.end === at) found[found.length - 1] = { ...previous, end };
      else found.push({ code: "unfit-character", start: at, end, explanation });
    }
    at = end;
  }
  return found;
}

function findLength(
  { text }: Draft,
  { parts }: WrittenTemplate,
  { values, language, partsMax }: LintOptions,
): readonly LintFinding[] {
  const [longest] = possibleTexts(parts, withStandIns(values, language)).longest;
  if (longest === undefined || longest.parts.segments <= partsMax) return [];
  const { units, segments, encoding } = longest.parts;
  const { link: _link, code: _code, ...named } = longest.slots;
  const room = partsMax === 1 ? "one part" : "two parts";
  const explanation =
    `With these values the text has ${units} characters as carriers count (${encoding}) and takes ${segments} parts; ` +
    `it must fit in ${room}.`;
  return [{ code: "too-long", start: 0, end: text.length, explanation, slots: named }];
}
