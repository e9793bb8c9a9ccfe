import { type Analysis, analyse, analyseFolded } from "./analysis.ts";
import type { Reason, Via } from "./categories.ts";
import { type FoldedText, fold } from "./folding.ts";
import { lexiconHasHash, lookUpInflected } from "./lexicon.ts";
import type { Model } from "./model.ts";
import { otherReadings } from "./other-readings.ts";
import type { PracticeWording } from "./practice-wording.ts";
import { otherScriptAt, unjudgedLetters, unreadable } from "./readability.ts";
import { type Doubt, readOtherwise, spelledRuns, speltApart, type WordKnowledge } from "./readings.ts";
import { distinct, gateReason, wholeText } from "./reasons.ts";
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

/** A verdict with what led to it, for evaluation. */
export type Assessment = {
  readonly classification: Classification;
  /** By how much (log-odds) the loudest voice is beyond its threshold; infinite where a gate decided. */
  readonly margin: number;
};

/** Tier 3 for reasons; what a gate stopped needs no measure. */
function clinical(model: Model, reasons: readonly Reason[], margin = Infinity): Assessment {
  const gated = reasons.some(({ via }) => via === "gate");
  const confidence = Math.max(gated ? 0.95 : 0, probability(model, margin));
  return {
    classification: { tier: 3, confidence, reasons: distinct(reasons) },
    margin: gated ? Infinity : margin,
  };
}

/** Invisible characters that may be meant as a space. */
const HIDDEN_SPACES = /[\u200b\u2060\ufeff]/g;
const HIDDEN_WORD = "A word here is written so that it is hard to find.";
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
  const obstacle = unreadable(text);
  if (obstacle !== undefined) {
    const { rule, explanation } = obstacle;
    return clinical(model, [wholeText(text, rule, "other", "gate", explanation)]);
  }
  const foreign = otherScriptAt(text);
  if (foreign >= 0) {
    const end = foreign + ((text.codePointAt(foreign) ?? 0) > 0xffff ? 2 : 1);
    const letter = {
      ...wholeText(text, "other-letters", "other", "gate", OTHER_LETTERS),
      start: foreign,
      end,
    };
    return clinical(model, [letter]);
  }
  const analysis = analyse(text, wording);
  const { folding, tokens } = analysis;
  if (tokens.length === 0 && analysis.findings.length === 0)
    return { classification: { tier: 1, confidence: 1, reasons: [] }, margin: -Infinity };
  const unjudged = unjudgedLetters(tokens);
  if (unjudged !== undefined)
    return clinical(model, [gateReason(folding, "other-letters", unjudged, OTHER_LETTERS)]);
  const hiding = (stretches: readonly { readonly start: number; readonly end: number }[]): Assessment =>
    clinical(
      model,
      stretches.map((stretch) => gateReason(folding, "hidden-word", stretch, HIDDEN_WORD, "evasion")),
    );
  const runs = spelledRuns(folding, tokens);
  const spelt = speltApart(runs, tokens);
  if (spelt.length > 0) return hiding(spelt);
  const plain = hear(model, analysis, direction);
  if (plain.clinical.length > 0) return clinical(model, plain.clinical, plain.margin);

  const { hidden, doubts } = readOtherwise(folding, tokens, runs, knowledgeOf(model));
  if (hidden.length > 0) return hiding(hidden);
  let { notices, margin } = plain;
  for (const [reading, via] of allReadings(text, analysis, doubts)) {
    const heard = hear(model, analyseFolded(reading, wording), direction, via);
    margin = Math.max(margin, heard.margin);
    if (heard.clinical.length > 0) return clinical(model, heard.clinical, margin);
    if (notices.length === 0) notices = heard.notices;
  }
  return {
    classification: {
      tier: notices.length > 0 ? 2 : 1,
      confidence: 1 - probability(model, margin),
      reasons: distinct(notices),
    },
    margin,
  };
}

/** The text with invisible characters as spaces, where it has any, and its other readings. */
function* allReadings(
  text: string,
  analysis: Analysis,
  doubts: readonly Doubt[],
): Generator<readonly [FoldedText, Via]> {
  const spaced = text.replaceAll(HIDDEN_SPACES, " ");
  if (spaced !== text) yield [fold(spaced), "disguise"];
  yield* otherReadings(analysis, doubts);
}
