import { type Analysis, analyse, type Finding } from "./analysis.ts";
import { type Category, explainTopic, type Reason, type Via } from "./categories.ts";
import { type Model, type PreparedWords, prepareWords, scoreTokens } from "./model.ts";
import { isSpanish, unreadable } from "./readability.ts";

/** Who wrote the text: the practice (outbound) or the patient (inbound). */
export type Direction = "outbound" | "inbound";

/** The verdict on a text: 1 administrative, 2 notification, 3 clinical. Above 1 there is at least one reason. */
export type Classification = {
  readonly tier: 1 | 2 | 3;
  /** How sure the verdict is, from 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly Reason[];
};

/** Sentences of texts longer than this are also judged one by one, so that a clause cannot drown. */
const LONG_TEXT_UNITS = 160;
/** A sentence alone says less than a whole text, so it must speak more clearly. */
const SENTENCE_MARGIN = 1.5;
const SENTENCE_WORDS_MIN = 4;
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
const REASONS_MAX = 50;
const SENTENCE_END = /[.!?;\n]/;

function wholeText(text: string, rule: string, category: Category, via: Via, explanation: string): Reason {
  return { rule, category, start: 0, end: text.length, explanation, via };
}

/** Sentences as token ranges `[from, to)`. */
function sentences(analysis: Analysis): [number, number][] {
  const ranges: [number, number][] = [];
  const { tokens, folding } = analysis;
  let from = 0;
  for (let i = 1; i <= tokens.length; i++) {
    const previous = tokens[i - 1];
    const next = tokens[i];
    const gap =
      previous === undefined || next === undefined ? "." : folding.folded.slice(previous.end, next.start);
    if (SENTENCE_END.test(gap)) {
      ranges.push([from, i]);
      from = i;
    }
  }
  return ranges;
}

/** The stretches of tokens that speak most for a verdict, as reasons: at most three, adjacent words joined. */
function modelReasons(
  analysis: Analysis,
  text: string,
  byToken: Float64Array,
  rule: string,
  category: Category | undefined,
  from: number,
  to: number,
): Reason[] {
  const order: number[] = [];
  for (let i = from; i < to; i++) order.push(i);
  order.sort((left, right) => (byToken[right] ?? 0) - (byToken[left] ?? 0) || left - right);
  const chosen = order.slice(0, 3).filter((index, position) => position === 0 || (byToken[index] ?? 0) > 0);
  chosen.sort((left, right) => left - right);
  const reasons: Reason[] = [];
  let runStart = -1;
  chosen.forEach((index, position) => {
    if (runStart < 0) runStart = index;
    if (chosen[position + 1] === index + 1) return;
    const first = analysis.tokens[runStart];
    const last = analysis.tokens[index];
    runStart = -1;
    if (first === undefined || last === undefined) return;
    const about =
      category ??
      analysis.findings.find((finding) => finding.start >= first.start && finding.end <= last.end)
        ?.category ??
      "other";
    reasons.push({
      rule,
      category: about,
      start: analysis.folding.startOf(first.start),
      end: analysis.folding.endOf(last.end - 1),
      explanation:
        category === undefined
          ? explainTopic(about, "model")
          : "The wording here resembles notices that something is waiting.",
      via: "model",
    });
  });
  return reasons.length > 0
    ? reasons
    : [wholeText(text, rule, category ?? "other", "model", explainTopic("other", "model"))];
}

function asReason(analysis: Analysis, finding: Finding): Reason {
  const { rule, category, via, start, end } = finding;
  const disguised = rule.startsWith("disguised-");
  return {
    rule,
    category,
    start: analysis.folding.startOf(start),
    end: analysis.folding.endOf(end - 1),
    explanation: explainTopic(disguised ? "evasion" : category, disguised ? "rule" : via),
    via,
  };
}

/** Reasons without repeats of the same span and category, in order of their place. */
function distinct(reasons: readonly Reason[]): Reason[] {
  const seen = new Set<string>();
  const kept = reasons.filter(({ start, end, category }) => {
    const key = `${start}:${end}:${category}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  kept.sort((left, right) => left.start - right.start || right.end - left.end);
  return kept.slice(0, REASONS_MAX);
}

const probability = (score: number): number => 1 / (1 + Math.exp(-score));

/** Judges a text with a given model; see `classify`, which does so with the shipped one. */
export function judge(model: Model, text: string, direction: Direction): Classification {
  const obstacle = unreadable(text);
  if (obstacle !== undefined) {
    return {
      tier: 3,
      confidence: 1,
      reasons: [wholeText(text, obstacle.rule, "other", "gate", obstacle.explanation)],
    };
  }
  const analysis = analyse(text);
  if (analysis.tokens.length === 0 && analysis.findings.length === 0)
    return { tier: 1, confidence: 1, reasons: [] };

  const threshold = isSpanish(analysis) ? model.thresholds.spanish : model.thresholds.english;
  const prepared = prepareWords(model, analysis);
  const whole = scoreTokens(model, analysis, prepared);
  const clinical: Reason[] = analysis.findings
    .filter((finding) => finding.tier === 3)
    .map((finding) => asReason(analysis, finding));
  if (whole.clinical > threshold) {
    clinical.push(
      ...modelReasons(
        analysis,
        text,
        whole.clinicalByToken,
        "model-clinical",
        undefined,
        0,
        analysis.tokens.length,
      ),
    );
  }
  let loudest = whole.clinical;
  if (text.length > LONG_TEXT_UNITS) {
    for (const [from, to] of sentences(analysis)) {
      if (to - from < SENTENCE_WORDS_MIN) continue;
      const score = scoreTokens(model, analysis, prepared, from, to);
      loudest = Math.max(loudest, score.clinical - SENTENCE_MARGIN);
      if (score.clinical > threshold + SENTENCE_MARGIN) {
        clinical.push(
          ...modelReasons(
            analysis,
            text,
            score.clinicalByToken,
            "model-clinical-sentence",
            undefined,
            from,
            to,
          ),
        );
      }
    }
  }
  const foreign = foreignWords(analysis, prepared);
  if (foreign !== undefined) {
    clinical.push({
      rule: "unknown-words",
      category: "other",
      start: foreign[0],
      end: foreign[1],
      explanation: "Too many words here are in neither of the languages that can be judged.",
      via: "gate",
    });
  }
  for (const { start, end } of unknownNames(analysis, prepared, direction)) {
    clinical.push({
      rule: "unknown-name",
      category: "other",
      start,
      end,
      explanation: "An unknown word stands where a medicine, test or type of care is named.",
      via: "gate",
    });
  }
  if (clinical.length > 0) {
    const sure = clinical.some(({ via }) => via !== "model");
    return {
      tier: 3,
      confidence: sure
        ? Math.max(0.95, probability(loudest))
        : Math.max(0.5, probability(loudest - threshold)),
      reasons: distinct(clinical),
    };
  }
  const notices = analysis.findings
    .filter((finding) => finding.tier === 2)
    .map((finding) => asReason(analysis, finding));
  if (whole.notification > model.thresholds.notification) {
    notices.push(
      ...modelReasons(
        analysis,
        text,
        whole.notificationByToken,
        "model-notification",
        "portal-notice",
        0,
        analysis.tokens.length,
      ),
    );
  }
  const confidence = Math.max(0.5, 1 - probability(loudest - threshold));
  return notices.length > 0
    ? { tier: 2, confidence, reasons: distinct(notices) }
    : { tier: 1, confidence, reasons: [] };
}

/** The stretch of a text whose words are mostly unknown, if there is one; original offsets. */
function foreignWords(analysis: Analysis, prepared: PreparedWords): [number, number] | undefined {
  const words = analysis.tokens.flatMap((token, index) =>
    /^\p{L}{3,}$/u.test(token.word) ? [{ token, unknown: prepared.known[index] !== true }] : [],
  );
  const unknown = words.filter((word) => word.unknown);
  if (unknown.length < 4 || unknown.length * 2 < words.length) return undefined;
  const first = unknown[0]?.token;
  const last = unknown.at(-1)?.token;
  return first === undefined || last === undefined
    ? undefined
    : [analysis.folding.startOf(first.start), analysis.folding.endOf(last.end - 1)];
}

/**
 * Words that nothing knows (neither the lexicon, nor the labelled texts, nor the frequent words) in a place where a
 * medicine, a test or a type of care is named. In the practice's own texts more places count.
 */
function unknownNames(
  analysis: Analysis,
  prepared: PreparedWords,
  direction: Direction,
): { start: number; end: number }[] {
  return analysis.tokens.flatMap((token, index) => {
    if (prepared.known[index] === true || !UNKNOWN_NAME.test(token.word)) return [];
    const previous = analysis.tokens[index - 1];
    if (previous === undefined || analysis.folding.folded.slice(previous.end, token.start) !== " ") return [];
    if (
      !NAMING_WORDS.has(previous.word) &&
      !(direction === "outbound" && OUTBOUND_NAMING_WORDS.has(previous.word))
    )
      return [];
    return [{ start: analysis.folding.startOf(token.start), end: analysis.folding.endOf(token.end - 1) }];
  });
}
