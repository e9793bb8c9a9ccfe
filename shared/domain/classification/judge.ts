import { analyse, analyseFolded } from "./analysis.ts";
import type { Category, Reason, Via } from "./categories.ts";
import { type FoldedText, fold } from "./folding.ts";
import { lexiconHasHash, lookUpInflected } from "./lexicon.ts";
import type { Model } from "./model.ts";
import { otherReadings } from "./other-readings.ts";
import type { PracticeWording } from "./practice-wording.ts";
import { otherScriptAt, unjudgedLetters, unreadable } from "./readability.ts";
import { readOtherwise, speltApart, type WordKnowledge } from "./readings.ts";
import { distinct, wholeText } from "./reasons.ts";
import type { Classification, Direction } from "./verdict.ts";
import { hear } from "./voices.ts";

export type { Classification, Direction } from "./verdict.ts";

function knowledgeOf(model: Model): WordKnowledge {
  return {
    knows: (word) => lookUpInflected(word) !== undefined || model.storedScore(word) !== undefined,
    knowsHash: (hash) => lexiconHasHash(hash) || model.hasHash(hash),
    decides: (word) => {
      const strength = lookUpInflected(word)?.strength;
      return strength === "strong" || (strength === "listed" && word.length >= 6);
    },
  };
}

/** The share of texts with that margin that are clinical, as measured on unseen texts. */
function probability({ numbers }: Model, margin: number): number {
  return 1 / (1 + Math.exp(-(numbers.calibrationSlope * margin + numbers.calibrationShift)));
}

function clinicalVerdict(model: Model, reasons: readonly Reason[], margin: number): Classification {
  const gated = reasons.some(({ via }) => via === "gate");
  const confidence = probability(model, margin);
  return { tier: 3, confidence: gated ? Math.max(0.95, confidence) : confidence, reasons: distinct(reasons) };
}

/** A verdict with what led to it, for evaluation. */
export type Assessment = {
  readonly classification: Classification;
  /** By how much (log-odds) the loudest voice is beyond its threshold; infinite where a gate decided. */
  readonly margin: number;
};

/** Invisible characters that may be meant as a space. */
const HIDDEN_SPACE = /[\u200b\u2060\ufeff]/;
const HIDDEN_SPACES = /[\u200b\u2060\ufeff]/g;
const OTHER_LETTERS = "Letters here are of no language that can be judged.";

/** Judges a text with a given model; see `classify`, which does so with the shipped one. */
export function judge(
  model: Model,
  text: string,
  direction: Direction,
  wording?: PracticeWording,
): Classification {
  return assess(model, text, direction, wording).classification;
}

/** The same, with the margin. */
export function assess(
  model: Model,
  text: string,
  direction: Direction,
  wording?: PracticeWording,
): Assessment {
  const decided = (classification: Classification, margin: number): Assessment => ({
    classification,
    margin: classification.reasons.some(({ via }) => via === "gate") ? Infinity : margin,
  });
  const obstacle = unreadable(text);
  if (obstacle !== undefined) {
    const { rule, explanation } = obstacle;
    const reasons = [wholeText(text, rule, "other", "gate", explanation)];
    return decided({ tier: 3, confidence: 1, reasons }, Infinity);
  }
  const foreign = otherScriptAt(text);
  if (foreign >= 0) {
    const end = foreign + ((text.codePointAt(foreign) ?? 0) > 0xffff ? 2 : 1);
    const reasons: Reason[] = [
      {
        rule: "other-letters",
        category: "other",
        start: foreign,
        end,
        explanation: OTHER_LETTERS,
        via: "gate",
      },
    ];
    return decided({ tier: 3, confidence: 1, reasons }, Infinity);
  }
  const analysis = analyse(text, wording);
  const { folding, tokens } = analysis;
  if (tokens.length === 0 && analysis.findings.length === 0)
    return decided({ tier: 1, confidence: 1, reasons: [] }, -Infinity);
  const gate = (
    rule: string,
    category: Category,
    start: number,
    end: number,
    explanation: string,
  ): Reason => ({
    rule,
    category,
    start: folding.startOf(start),
    end: folding.endOf(end - 1),
    explanation,
    via: "gate",
  });
  const unjudged = unjudgedLetters(tokens);
  if (unjudged !== undefined) {
    const reasons = [gate("other-letters", "other", unjudged.start, unjudged.end, OTHER_LETTERS)];
    return decided({ tier: 3, confidence: 1, reasons }, Infinity);
  }
  const hiding = (stretches: readonly { readonly start: number; readonly end: number }[]): Assessment => {
    const reasons = stretches.map(({ start, end }) =>
      gate("hidden-word", "evasion", start, end, "A word here is written so that it is hard to find."),
    );
    return decided(clinicalVerdict(model, reasons, Infinity), Infinity);
  };
  const spelt = speltApart(folding, tokens);
  if (spelt.length > 0) return hiding(spelt);
  const { clinical, notices: plainNotices, margin: plainMargin } = hear(model, analysis, direction);
  if (clinical.length > 0) return decided(clinicalVerdict(model, clinical, plainMargin), plainMargin);

  const { hidden, doubts } = readOtherwise(folding, tokens, knowledgeOf(model));
  if (hidden.length > 0) return hiding(hidden);
  let notices = plainNotices;
  let margin = plainMargin;
  const readings: Iterable<readonly [FoldedText, Via]> = HIDDEN_SPACE.test(text)
    ? [[fold(text.replaceAll(HIDDEN_SPACES, " ")), "disguise"], ...otherReadings(analysis, doubts)]
    : otherReadings(analysis, doubts);
  for (const [reading, via] of readings) {
    const heard = hear(model, analyseFolded(reading, wording), direction, via);
    margin = Math.max(margin, heard.margin);
    if (heard.clinical.length > 0) return decided(clinicalVerdict(model, heard.clinical, margin), margin);
    if (notices.length === 0) notices = heard.notices;
  }
  const confidence = 1 - probability(model, margin);
  return decided(
    notices.length > 0
      ? { tier: 2, confidence, reasons: distinct(notices) }
      : { tier: 1, confidence, reasons: [] },
    margin,
  );
}
