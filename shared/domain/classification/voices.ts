import { type Analysis, type Finding, findingKey } from "./analysis.ts";
import type { Category, Reason, Via } from "./categories.ts";
import type { Strength } from "./lexicon-format.ts";
import { type Model, prepare, scoreStretch, tokenWeights } from "./model.ts";
import { PRACTICE_WORD_RULE } from "./practice-wording.ts";
import { isSpanish } from "./readability.ts";
import { asReason, modelReasons } from "./reasons.ts";
import { sentenceFinder, stretchesOf } from "./stretches.ts";
import { unknownWords } from "./unknown-words.ts";
import type { Direction } from "./verdict.ts";

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
/** What makes a chunk without spaces a link; an e-mail address is none. */
const LINK = /https?:|www\.|\.[a-z]{2,12}\//;
/** So much of a chunk around a finding is looked at. */
const CHUNK_UNITS = 100;
/** A sentence can be so unlike a clinical one that nothing found in it would count; it counts no further down than this. */
const SENTENCE_FLOOR = -6;
/** Where a leak costs most, less is needed. */
const SENSITIVE_BONUS = 1;
const SENSITIVE: ReadonlySet<Category> = new Set([
  "hiv-sti",
  "substance",
  "mental-health",
  "sexual-reproductive",
]);

/** What a finding adds (log-odds) to what the model makes of the sentence around it. */
function bonusOf(model: Model, analysis: Analysis, finding: Finding, via: Via | undefined): number {
  if (finding.rule === PRACTICE_WORD_RULE) return Infinity;
  const { folded } = analysis.folding;
  const from = Math.max(0, finding.start - CHUNK_UNITS);
  const before = folded.slice(from, finding.start);
  const after = folded.slice(finding.start, finding.end + CHUNK_UNITS);
  const space = after.indexOf(" ");
  const chunk = before.slice(before.lastIndexOf(" ") + 1) + (space < 0 ? after : after.slice(0, space));
  // A link's words are read by nobody but as what they say.
  if (LINK.test(chunk) && !chunk.includes("@")) return Infinity;
  const isContested = model.isContested(findingKey(analysis, finding));
  // An unknown word that merely resembles a rare clinical one is mostly a name.
  const isResemblance = via === "typo" && finding.strength === "listed";
  const bonus = isContested || isResemblance ? CONTESTED_BONUS : FINDING_BONUS;
  return bonus[finding.strength] + (SENSITIVE.has(finding.category) ? SENSITIVE_BONUS : 0);
}

/** What the model would say of nothing but greetings, thanks and the like. */
const SAYS_NOTHING = { clinical: -Infinity, notification: -Infinity };

/** What the voices say about one reading of a text. `margin`: by how much the loudest is beyond its threshold. */
export type Heard = { readonly clinical: Reason[]; readonly notices: Reason[]; readonly margin: number };

function thresholdFor({ numbers }: Model, spanish: boolean, direction: Direction): number {
  if (direction === "outbound") return spanish ? numbers.spanishOutbound : numbers.englishOutbound;
  return spanish ? numbers.spanishInbound : numbers.englishInbound;
}

/** Asks every voice about an analysed text; `via` names how it had to be read otherwise. */
export function hear(model: Model, analysis: Analysis, direction: Direction, via?: Via): Heard {
  const prepared = prepare(model, analysis);
  const { whole, parts } = stretchesOf(analysis);
  const threshold = thresholdFor(model, isSpanish(analysis, whole), direction);
  const isCourtesy = whole[1] === whole[0];
  const score = isCourtesy ? SAYS_NOTHING : scoreStretch(model, prepared, whole);
  let loudest = score.clinical;
  let loudestStretch = whole;
  let notification = score.notification;
  let notificationStretch = whole;
  for (const part of parts) {
    const partScore = scoreStretch(model, prepared, part);
    if (partScore.clinical - PART_MARGIN > loudest) {
      loudest = partScore.clinical - PART_MARGIN;
      loudestStretch = part;
    }
    if (partScore.notification - PART_MARGIN > notification) {
      notification = partScore.notification - PART_MARGIN;
      notificationStretch = part;
    }
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
      const local =
        Math.max(loudest, around, SENTENCE_FLOOR) + bonusOf(model, analysis, finding, via) - threshold;
      margin = Math.max(margin, local);
      if (local > 0) clinical.push(asReason(analysis, finding, via));
    }
  }
  const byModel = via ?? "model";
  if (clinical.length === 0 && loudest > threshold)
    clinical.push(
      ...modelReasons(
        analysis,
        tokenWeights(model, prepared, "clinical", loudestStretch),
        { rule: loudestStretch === whole ? "model-clinical" : "model-clinical-sentence", via: byModel },
        loudestStretch,
      ),
    );
  clinical.push(...unknownWords(analysis, prepared, direction));
  const notices = analysis.findings
    .filter(({ tier }) => tier === 2)
    .map((finding) => asReason(analysis, finding, via));
  if (notification > model.numbers.notificationThreshold)
    notices.push(
      ...modelReasons(
        analysis,
        tokenWeights(model, prepared, "notification", notificationStretch),
        { rule: "model-notification", category: "portal-notice", via: byModel },
        notificationStretch,
      ),
    );
  return { clinical, notices, margin };
}
