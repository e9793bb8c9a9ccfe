import { isGsm7 } from "../alerts/gsm7.ts";
import type { AlertKind } from "../alerts/kinds.ts";
import type { Slot } from "../alerts/templates.ts";
import type { Classification } from "../classification/verdict.ts";
import type { Placeholder } from "../fields/placeholders.ts";
import type { Language, Purpose, Tier } from "../words.ts";
import { findAddresses } from "./addresses.ts";
import { findCallsToAction } from "./calls-to-action.ts";
import { findClinicalWords } from "./clinical-words.ts";
import { draftOf, foreignFields } from "./draft.ts";
import { withStandIns } from "./filled-sample.ts";
import { findUnknownWords } from "./known-words.ts";
import { findOtherLanguage, otherOf } from "./language.ts";
import type { LintCode } from "./lint-codes.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";
import { parseTemplate, type WrittenTemplate } from "./parse.ts";
import { type PossibleValues, possibleTexts } from "./possible-texts.ts";
import { findHardReading } from "./reading-level.ts";
import { findReplies, repliesIn } from "./replies.ts";
import { findMisusedReplies } from "./reply-purposes.ts";
import { findMissing, saysHowToEnd } from "./required-words.ts";
import { findShortForms } from "./short-forms.ts";
import { findGluedSlots } from "./slot-edges.ts";
import { needsOptOut, slotNeeded, slotsAllowed } from "./slot-rules.ts";
import { findTellingPhrases } from "./telling-phrases.ts";
import { findTone } from "./tone.ts";
import { findWrongPurpose } from "./wrong-purpose.ts";

/** What a template is judged by. */
export interface LintOptions {
  readonly use: AlertKind;
  /** What it may be used for; null: whatever the alert is about. */
  readonly purpose: Purpose | null;
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
  const { language, use, purpose } = options;
  const clinical = findClinicalWords(draft, written, options);
  const phrases = findTellingPhrases(draft, language);
  const addresses = findAddresses(draft);
  // A number in words is no sentence: it says nothing to the classifier.
  const numbers = addresses.filter(({ code }) => code === "phone-number");
  const named = [
    ...clinical.findings.filter((found) => !numbers.some((number) => overlap(found, number))),
    ...phrases,
    ...addresses,
    ...findShortForms(draft, language).filter((found) => !addresses.some((other) => overlap(found, other))),
    ...findTone(draft),
    ...findUnfitCharacters(draft),
    ...findReplies(draft, use),
    ...findMisusedReplies(draft, use),
  ];
  const otherLanguage = findOtherLanguage(draft, language);
  // Words of a text that stands in the wrong place are known in their own language.
  const spoken = otherLanguage.length === 0 ? language : otherOf(language);
  const unknown = findUnknownWords(draft, spoken, use, repliesIn(draft)).filter(
    (word) => !named.some((other) => overlap(word, other) && other.end - other.start < text.length),
  );
  const findings = [
    ...foreign.map((field) => fieldFinding(field, use)),
    ...slotFindings(draft, written, options),
    ...findMissing(draft, written.slots, use),
    ...findGluedSlots(draft, written.slots),
    ...named,
    ...unknown,
    ...(purpose === null ? [] : findWrongPurpose(draft, written.slots, use, purpose)),
    ...findCallsToAction(draft, written.slots),
    ...findHardReading(draft, language),
    ...otherLanguage,
    ...findLength(draft, written, options),
  ];
  return { findings: inOrder(findings), tier: phrases.length > 0 ? 3 : clinical.tier };
}

/** One reason for a word is enough: what has another finding is not told as unknown, words of an address are no words. */
function overlap(one: LintFinding, other: LintFinding): boolean {
  return one.start < other.end && other.start < one.end;
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

function slotsOf(use: AlertKind): string {
  return [...slotsAllowed(use)].map((slot) => `{${slot}}`).join(", ");
}

function fieldFinding({ start, end, meaning }: Placeholder, use: AlertKind): LintFinding {
  if (meaning.is === "clinical") {
    const explanation = "This field would be filled with something clinical. No text may carry that.";
    return { code: "clinical-field", start, end, explanation };
  }
  const explanation =
    meaning.is === "free-text"
      ? "This field would carry whatever somebody typed."
      : "This is none of the slots that texts have.";
  return {
    code: "unknown-field",
    start,
    end,
    explanation: `${explanation} Slots of this use: ${slotsOf(use)}.`,
  };
}

/** Slots that should not be there, and those that are missing. */
function slotFindings(
  draft: Draft,
  { slots }: WrittenTemplate,
  { use }: LintOptions,
): readonly LintFinding[] {
  const { text } = draft;
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
      const explanation = `Nothing fills this slot in a text of this use. Its slots: ${slotsOf(use)}.`;
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
  if (needsOptOut(use) && !saysHowToEnd(draft)) {
    found.push(whole("opt-out-missing", "The text does not say how to end texts: reply STOP."));
  }
  return found;
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
  const { link, code: _code, ...named } = longest.slots;
  const shown = [
    ...Object.entries(named).map(([slot, value]) => `${slot} "${value}"`),
    ...(link === undefined ? [] : [`a link of ${link.length} characters`]),
  ];
  const room = partsMax === 1 ? "one part" : "two parts";
  const explanation =
    `${shown.length === 0 ? "The text" : `With ${shown.join(", ")} the text`} has ${units} characters as carriers count ` +
    `(${encoding}) and takes ${segments} parts; it must fit in ${room}.`;
  return [{ code: "too-long", start: 0, end: text.length, explanation, slots: named }];
}
