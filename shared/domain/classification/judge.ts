import { type Analysis, analyse, analyseFolded, type Finding, findingKey } from "./analysis.ts";
import type { Category, Reason, Via } from "./categories.ts";
import { excerpt, type FoldedText, reread } from "./folding.ts";
import { lexiconHasHash, lookUpInflected } from "./lexicon.ts";
import type { Strength } from "./lexicon-format.ts";
import { type Model, type Prepared, prepare, scoreStretch, tokenWeights } from "./model.ts";
import { isSpanish, unjudgedLetters, unreadable } from "./readability.ts";
import { type Doubt, readOtherwise, type WordKnowledge } from "./readings.ts";
import { asReason, distinct, modelReasons, wholeText } from "./reasons.ts";
import { sentenceFinder, stretchesOf } from "./stretches.ts";

/** Who wrote the text: the practice (outbound) or the patient (inbound). */
export type Direction = "outbound" | "inbound";

/** The verdict on a text: 1 administrative, 2 notification, 3 clinical. Above 1 there is at least one reason. */
export type Classification = {
  readonly tier: 1 | 2 | 3;
  /** How sure the verdict is, from 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly Reason[];
};

/** Part of a long text says less than the whole, so it must speak more clearly. */
const PART_MARGIN = 1.5;
/** What a finding counts (log-odds) beside what the model makes of the sentence around it. */
const FINDING_BONUS: Readonly<Record<Strength, number>> = { ordinary: 0, weak: 0, listed: 2, strong: 6 };
/** The same for what labelled harmless texts hold too. */
const CONTESTED_BONUS: Readonly<Record<Strength, number>> = {
  ordinary: 0,
  weak: 0,
  listed: 0.5,
  strong: 2.5,
};
const LINK = /^[^@]*(?:https?:|www\.|[a-z\d-]+\.[a-z]{2,12}\/)/;
/** Where a leak costs most, less is needed. */
const SENSITIVE_BONUS = 1;
const SENSITIVE: ReadonlySet<Category> = new Set([
  "hiv-sti",
  "substance",
  "mental-health",
  "sexual-reproductive",
]);
/** What can be the name of something: letters only, and not a mere abbreviation. */
const UNKNOWN_NAME = /^\p{L}{5,}$/u;
/** After these words a medicine is named, by whoever writes. */
const NAMING_WORDS = new Set(
  "take takes taking took start starts starting started stop stopped stopping refill refills tome toma tomo tomar tomando inicie empiece suspenda".split(
    " ",
  ),
);
/** After these words the practice's own texts name what the patient has, gets or comes for. */
const OUTBOUND_NAMING_WORDS = new Set("your diagnosed dose mg".split(" "));
/** So many unknown words close together are no text in a language that can be judged. */
const FOREIGN_WORDS_MIN = 5;
/** Other readings of a text that are judged, at most. */
const READINGS_MAX = 12;
/** In a folded text longer than this, another reading is judged with so much around it, not with the whole. */
const READING_WHOLE_UNITS = 320;
const READING_AROUND_UNITS = 120;

/** What a finding adds (log-odds) to what the model makes of the sentence around it. */
function bonusOf(model: Model, analysis: Analysis, finding: Finding, via: Via | undefined): number {
  const { folded } = analysis.folding;
  const chunkStart = folded.lastIndexOf(" ", finding.start) + 1;
  const spaceAfter = folded.indexOf(" ", finding.start);
  // A link's words are read by nobody but as what they say.
  if (LINK.test(folded.slice(chunkStart, spaceAfter < 0 ? undefined : spaceAfter))) return Infinity;
  const isContested = model.isContested(findingKey(analysis, finding));
  // An unknown word that merely resembles a rare clinical one is mostly a name.
  const isResemblance = via === "typo" && finding.strength === "listed";
  const bonus = isContested || isResemblance ? CONTESTED_BONUS : FINDING_BONUS;
  return bonus[finding.strength] + (SENSITIVE.has(finding.category) ? SENSITIVE_BONUS : 0);
}

/** What the model would say of nothing but greetings, thanks and the like. */
const SAYS_NOTHING = { clinical: -Infinity, notification: -Infinity };

/** What the voices say about one reading of a text. `margin`: by how much the loudest is beyond its threshold. */
type Heard = { readonly clinical: Reason[]; readonly notices: Reason[]; readonly margin: number };

function thresholdFor({ numbers }: Model, analysis: Analysis, direction: Direction): number {
  if (direction === "outbound")
    return isSpanish(analysis) ? numbers.spanishOutbound : numbers.englishOutbound;
  return isSpanish(analysis) ? numbers.spanishInbound : numbers.englishInbound;
}

function hear(model: Model, analysis: Analysis, direction: Direction, via?: Via): Heard {
  const threshold = thresholdFor(model, analysis, direction);
  const prepared = prepare(model, analysis);
  const { whole, parts } = stretchesOf(analysis);
  const isCourtesy = whole[1] === whole[0];
  const score = isCourtesy ? SAYS_NOTHING : scoreStretch(model, prepared, whole);
  let loudest = score.clinical;
  let loudestStretch = whole;
  for (const part of parts) {
    const partScore = scoreStretch(model, prepared, part).clinical - PART_MARGIN;
    if (partScore <= loudest) continue;
    loudest = partScore;
    loudestStretch = part;
  }
  const clinical: Reason[] = [];
  let margin = loudest - threshold;
  const decisive = analysis.findings.filter(({ tier }) => tier === 3);
  if (decisive.length > 0) {
    const sentenceOf = sentenceFinder(analysis, whole);
    const scores = new Map<number, number>();
    for (const finding of decisive) {
      const sentence = sentenceOf(finding.start, finding.end);
      const around = scores.get(sentence[0]) ?? scoreStretch(model, prepared, sentence).clinical;
      scores.set(sentence[0], around);
      const local = Math.max(loudest, around) + bonusOf(model, analysis, finding, via) - threshold;
      margin = Math.max(margin, local);
      if (local > 0) clinical.push(asReason(analysis, finding, via));
    }
  }
  const byModel = via ?? "model";
  if (clinical.length === 0 && loudest > threshold)
    clinical.push(
      ...modelReasons(
        analysis,
        tokenWeights(model, prepared, "clinical"),
        { rule: loudestStretch === whole ? "model-clinical" : "model-clinical-sentence", via: byModel },
        loudestStretch,
      ),
    );
  clinical.push(...unknownWords(analysis, prepared, direction));
  const notices = analysis.findings
    .filter(({ tier }) => tier === 2)
    .map((finding) => asReason(analysis, finding, via));
  if (score.notification > model.numbers.notificationThreshold)
    notices.push(
      ...modelReasons(
        analysis,
        tokenWeights(model, prepared, "notification"),
        { rule: "model-notification", category: "portal-notice", via: byModel },
        whole,
      ),
    );
  return { clinical, notices, margin };
}

/** The text read otherwise: everything in doubt at once, then each doubt and reading by itself. */
function* otherReadings(folding: FoldedText, doubts: readonly Doubt[]): Generator<[FoldedText, Via]> {
  const edit = ({ start, end, readings }: Doubt, which = 0) => ({ start, end, text: readings[which] ?? "" });
  const long = folding.folded.length > READING_WHOLE_UNITS;
  let left = READINGS_MAX;
  if (doubts.length > 1 && !long) {
    left--;
    yield [
      reread(
        folding,
        doubts.map((doubt) => edit(doubt)),
      ),
      "disguise",
    ];
  }
  for (const doubt of doubts) {
    for (let which = 0; which < doubt.readings.length; which++) {
      if (left-- <= 0) return;
      if (!long) {
        yield [reread(folding, [edit(doubt, which)]), doubt.via];
        continue;
      }
      const from = folding.folded.indexOf(" ", Math.max(0, doubt.start - READING_AROUND_UNITS));
      const start = Math.min(doubt.start, from < 0 ? doubt.start : from);
      const to = folding.folded.lastIndexOf(" ", doubt.end + READING_AROUND_UNITS);
      const near = excerpt(folding, start, Math.max(doubt.end, to));
      yield [
        reread(near, [{ ...edit(doubt, which), start: doubt.start - start, end: doubt.end - start }]),
        doubt.via,
      ];
    }
  }
}

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
  const confidence = Math.max(0.5, probability(model, margin));
  return { tier: 3, confidence: gated ? Math.max(0.95, confidence) : confidence, reasons: distinct(reasons) };
}

/** A verdict with what led to it, for evaluation. */
export type Assessment = {
  readonly classification: Classification;
  /** By how much (log-odds) the loudest voice is beyond its threshold; infinite where a gate decided. */
  readonly margin: number;
};

/** Judges a text with a given model; see `classify`, which does so with the shipped one. */
export function judge(model: Model, text: string, direction: Direction): Classification {
  return assess(model, text, direction).classification;
}

/** The same, with the margin. */
export function assess(model: Model, text: string, direction: Direction): Assessment {
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
  const analysis = analyse(text);
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
    const reasons = [
      gate(
        "other-letters",
        "other",
        unjudged.start,
        unjudged.end,
        "Letters here are not those of a language that can be judged.",
      ),
    ];
    return decided({ tier: 3, confidence: 1, reasons }, Infinity);
  }
  let { clinical, notices, margin } = hear(model, analysis, direction);
  if (clinical.length > 0) return decided(clinicalVerdict(model, clinical, margin), margin);

  const { hidden, doubts } = readOtherwise(folding, tokens, knowledgeOf(model));
  if (hidden.length > 0) {
    clinical = hidden.map(({ start, end }) =>
      gate("hidden-word", "evasion", start, end, "A word here is written so that it is hard to find."),
    );
    return decided(clinicalVerdict(model, clinical, margin), margin);
  }
  for (const [reading, via] of otherReadings(folding, doubts)) {
    const heard = hear(model, analyseFolded(reading), direction, via);
    margin = Math.max(margin, heard.margin);
    if (heard.clinical.length > 0) return decided(clinicalVerdict(model, heard.clinical, margin), margin);
    if (notices.length === 0) notices = heard.notices;
  }
  const confidence = Math.max(0.5, 1 - probability(model, margin));
  return decided(
    notices.length > 0
      ? { tier: 2, confidence, reasons: distinct(notices) }
      : { tier: 1, confidence, reasons: [] },
    margin,
  );
}

/** Words that nothing knows, where they are most of the text or stand where something clinical is named. */
function unknownWords(analysis: Analysis, prepared: Prepared, direction: Direction): Reason[] {
  const { folding } = analysis;
  const reasons: Reason[] = [];
  const foreign = foreignWords(analysis, prepared);
  if (foreign !== undefined) {
    reasons.push({
      rule: "unknown-words",
      category: "other",
      start: foreign[0],
      end: foreign[1],
      explanation: "Too many words here are in neither of the languages that can be judged.",
      via: "gate",
    });
  }
  for (const { start, end } of unknownNames(analysis, prepared, direction)) {
    reasons.push({
      rule: "unknown-name",
      category: "other",
      start: folding.startOf(start),
      end: folding.endOf(end - 1),
      explanation: "An unknown word stands where a medicine, test or type of care is named.",
      via: "gate",
    });
  }
  return reasons;
}

/** The stretch of a text whose words are mostly unknown, if there is one; original offsets. What stands around it changes nothing. */
function foreignWords({ tokens, folding }: Analysis, prepared: Prepared): [number, number] | undefined {
  let start = 0;
  let unknown = 0;
  let balance = 0;
  for (const [index, token] of tokens.entries()) {
    if (!/^[a-z]{3,}$/.test(token.word)) continue;
    if (balance === 0) {
      start = index;
      unknown = 0;
    }
    if (prepared.known[index] === true) {
      balance = Math.max(0, balance - 1);
      continue;
    }
    balance++;
    unknown++;
    const first = tokens[start];
    if (unknown >= FOREIGN_WORDS_MIN && balance > 0 && first !== undefined)
      return [folding.startOf(first.start), folding.endOf(token.end - 1)];
  }
  return undefined;
}

/**
 * Words that nothing knows (neither the lexicon, nor the labelled texts, nor the frequent words) in a place where a
 * medicine, a test or a type of care is named. In the practice's own texts more places count. Folded offsets.
 */
function unknownNames(
  { tokens, folding }: Analysis,
  prepared: Prepared,
  direction: Direction,
): { start: number; end: number }[] {
  return tokens.flatMap((token, index) => {
    if (prepared.known[index] === true || !UNKNOWN_NAME.test(token.word)) return [];
    const previous = tokens[index - 1];
    if (previous === undefined || folding.folded.slice(previous.end, token.start) !== " ") return [];
    const named =
      NAMING_WORDS.has(previous.word) ||
      (direction === "outbound" && OUTBOUND_NAMING_WORDS.has(previous.word));
    return named ? [{ start: token.start, end: token.end }] : [];
  });
}
