import type { Analysis } from "./analysis.ts";
import type { Via } from "./categories.ts";
import { withoutCourtesies } from "./courtesy.ts";
import { type Edit, excerpt, type FoldedText, reread } from "./folding.ts";
import type { Doubt } from "./readings.ts";

/** Other readings of a text that are judged, at most. */
const READINGS_MAX = 12;
/** The same in a long text. */
const LONG_TEXT_READINGS_MAX = 6;
/** In a folded text longer than this, another reading is judged with so much around it, not with the whole. */
const READING_WHOLE_UNITS = 320;
const READING_AROUND_UNITS = 120;

/** The text read otherwise: everything in doubt at once, then each doubt and reading by itself. Greetings and closings are left out. */
export function* otherReadings(analysis: Analysis, doubts: readonly Doubt[]): Generator<[FoldedText, Via]> {
  if (doubts.length === 0) return;
  const { tokens, folding } = analysis;
  const [from, to] = withoutCourtesies(analysis);
  // A sign for the first letter stands before the first word.
  let coreStart = folding.folded.lastIndexOf(" ", tokens[from]?.start ?? 0) + 1;
  let coreEnd = tokens[to]?.start ?? folding.folded.length;
  // What looks like a name in a greeting may be a misspelt word.
  if (doubts.some(({ start, end, decides }) => decides && (start < coreStart || end > coreEnd))) {
    coreStart = 0;
    coreEnd = folding.folded.length;
  }
  const inCore = doubts.filter(({ start, end }) => start >= coreStart && end <= coreEnd);
  const edit = ({ start, end, readings }: Doubt, base: number, which = 0): Edit => ({
    start: start - base,
    end: end - base,
    text: readings[which] ?? "",
  });
  const core = excerpt(folding, coreStart, coreEnd);
  const long = core.folded.length > READING_WHOLE_UNITS;
  let left = long ? LONG_TEXT_READINGS_MAX : READINGS_MAX;
  if (inCore.length > 1 && !long) {
    left--;
    yield [
      reread(
        core,
        inCore.map((doubt) => edit(doubt, coreStart)),
      ),
      "disguise",
    ];
  }
  for (const doubt of inCore) {
    const around = long ? nearby(core, doubt.start - coreStart, doubt.end - coreStart) : 0;
    const base = long ? excerpt(core, around, nearbyEnd(core, doubt.end - coreStart)) : core;
    for (let which = 0; which < doubt.readings.length; which++) {
      if (left-- <= 0) return;
      yield [reread(base, [edit(doubt, coreStart + around, which)]), doubt.via];
    }
  }
}

/** Where the surroundings of a stretch begin: at a word. */
function nearby({ folded }: FoldedText, start: number, end: number): number {
  if (start <= READING_AROUND_UNITS) return 0;
  const space = folded.indexOf(" ", start - READING_AROUND_UNITS);
  return space < 0 || space >= end ? start : Math.min(start, space + 1);
}

/** Where they end. */
function nearbyEnd({ folded }: FoldedText, end: number): number {
  if (end + READING_AROUND_UNITS >= folded.length) return folded.length;
  return Math.max(end, folded.lastIndexOf(" ", end + READING_AROUND_UNITS));
}
