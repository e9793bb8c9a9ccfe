import type { Analysis } from "./analysis.ts";
import { withoutCourtesies } from "./courtesy.ts";
import { wordSet } from "./patterns.ts";

/** Tokens `[from, to)` of a text. */
export type Stretch = readonly [from: number, to: number];

/** A stretch of fewer words says too little to be judged by itself. */
const STRETCH_WORDS_MIN = 4;
/** Sentences beyond this many are judged in larger pieces. */
const SENTENCES_MAX = 24;
const SENTENCE_END = /[!?;—]|\. /;
const ABBREVIATIONS = wordSet("abbreviations");

/** Where sentences begin among the tokens `[from, to)`, with `to` at the end. */
function sentenceStarts({ tokens, folding }: Analysis, [from, to]: Stretch): number[] {
  const starts = [from];
  for (let i = from + 1; i < to; i++) {
    const previous = tokens[i - 1];
    const next = tokens[i];
    if (previous === undefined || next === undefined) break;
    if (
      SENTENCE_END.test(folding.folded.slice(previous.end, next.start)) &&
      !ABBREVIATIONS.has(previous.word)
    )
      starts.push(i);
  }
  starts.push(to);
  if (starts.length <= SENTENCES_MAX + 1) return starts;
  const every = Math.ceil(starts.length / SENTENCES_MAX);
  return starts.filter((_, index) => index % every === 0 || index === starts.length - 1);
}

/** The stretches of a text that the model judges. */
export type Stretches = {
  /** The text without greetings and closings. */
  readonly whole: Stretch;
  /** Its sentences and pairs of neighbouring sentences, so that a clause cannot drown; none where it has but one. */
  readonly parts: readonly Stretch[];
};

/** Divides a text into what the model judges. */
export function stretchesOf(analysis: Analysis): Stretches {
  const whole = withoutCourtesies(analysis);
  const starts = sentenceStarts(analysis, whole);
  const parts: Stretch[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    for (const next of [starts[i + 1], starts[i + 2]]) {
      const from = starts[i] ?? 0;
      if (next !== undefined && next - from >= STRETCH_WORDS_MIN && next - from < whole[1] - whole[0])
        parts.push([from, next]);
    }
  }
  return { whole, parts };
}

/** Finds the sentence of a text that a place in it belongs to; within `whole` where the place is. */
export function sentenceFinder(
  analysis: Analysis,
  [wholeFrom, wholeTo]: Stretch,
): (start: number, end: number) => Stretch {
  const { tokens } = analysis;
  const starts = sentenceStarts(analysis, [0, tokens.length]);
  return (start, end) => {
    let low = 0;
    let high = starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((tokens[starts[middle] ?? 0]?.start ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    let last = low + 1;
    while (last < starts.length - 1 && (tokens[starts[last] ?? 0]?.start ?? end) < end) last++;
    const from = starts[low] ?? 0;
    const to = starts[last] ?? tokens.length;
    const clipped: Stretch = [Math.max(from, wholeFrom), Math.min(to, wholeTo)];
    const inside =
      clipped[0] < clipped[1] &&
      (tokens[clipped[0]]?.start ?? 0) <= start &&
      (tokens[clipped[1] - 1]?.end ?? 0) >= end;
    return inside ? clipped : [from, to];
  };
}
