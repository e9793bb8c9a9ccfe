import type { Analysis, Finding } from "./analysis.ts";
import { type Category, explainTopic, type Reason, type Via } from "./categories.ts";
import type { FoldedText } from "./folding.ts";
import type { Stretch } from "./stretches.ts";

const REASONS_MAX = 50;
/** Stretches of words that a verdict of the model is explained by, at most. */
const STRETCHES_MAX = 3;
/** Shorter words tie others together and tell nothing by themselves. */
const TELLING_WORD_MIN = 3;

/** A reason whose span is the whole text. */
export function wholeText(
  text: string,
  rule: string,
  category: Category,
  via: Via,
  explanation: string,
): Reason {
  return { rule, category, start: 0, end: text.length, explanation, via };
}

/** A reason of a gate: why a stretch of the folded text is not let through. */
export function gateReason(
  { startOf, endOf }: FoldedText,
  rule: string,
  { start, end }: { readonly start: number; readonly end: number },
  explanation: string,
  category: Category = "other",
): Reason {
  return { rule, category, start: startOf(start), end: endOf(end - 1), explanation, via: "gate" };
}

/** A finding as a reason; `via` names how a text had to be read otherwise to find it. */
export function asReason(analysis: Analysis, finding: Finding, via?: Via): Reason {
  const { rule, category, start, end } = finding;
  return {
    rule,
    category,
    start: analysis.folding.startOf(start),
    end: analysis.folding.endOf(end - 1),
    explanation: explainTopic(category, via ?? finding.via),
    via: via ?? finding.via,
  };
}

/** The stretches of a stretch of tokens that speak most for a verdict of the model, adjacent words joined. */
export function modelReasons(
  analysis: Analysis,
  byToken: Float64Array,
  { rule, category, via }: { readonly rule: string; readonly category?: Category; readonly via: Via },
  [from, to]: Stretch,
): Reason[] {
  const tells = (index: number): boolean => {
    const entry = analysis.entries[index];
    return (
      entry?.isCourtesy !== true &&
      entry?.isAdministrative !== true &&
      (analysis.tokens[index]?.word.length ?? 0) >= TELLING_WORD_MIN
    );
  };
  const order: number[] = [];
  for (let i = from; i < to; i++) if (tells(i)) order.push(i);
  order.sort((left, right) => (byToken[right] ?? 0) - (byToken[left] ?? 0) || left - right);
  const chosen = order
    .slice(0, STRETCHES_MAX)
    .filter((index, position) => position === 0 || (byToken[index] ?? 0) > 0);
  chosen.sort((left, right) => left - right);
  // Where no word stands out, all of them do together.
  if (chosen.length === 0) for (let i = from; i < to; i++) chosen.push(i);
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
        category === "portal-notice"
          ? "The wording here resembles notices that something is waiting."
          : explainTopic(about, via),
      via,
    });
  });
  return reasons;
}

/** Reasons without repeats of the same span and category, in order of their place. */
export function distinct(reasons: readonly Reason[]): Reason[] {
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
