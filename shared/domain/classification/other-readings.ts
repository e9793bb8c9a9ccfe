import type { Via } from "./categories.ts";
import { excerpt, type FoldedText, reread } from "./folding.ts";
import type { Doubt } from "./readings.ts";

/** Other readings of a text that are judged, at most. */
const READINGS_MAX = 12;
/** In a folded text longer than this, another reading is judged with so much around it, not with the whole. */
const READING_WHOLE_UNITS = 320;
const READING_AROUND_UNITS = 120;

/** The text read otherwise: everything in doubt at once, then each doubt and reading by itself. */
export function* otherReadings(folding: FoldedText, doubts: readonly Doubt[]): Generator<[FoldedText, Via]> {
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
