import { seededRandom } from "./logistic.ts";

/** At most `count` of the values in random order; the same seed gives the same ones. Its beginning is a sample too. */
export function sampleOf<T>(values: readonly T[], count: number, seed: number): T[] {
  const random = seededRandom(seed);
  const rest = [...values];
  const size = Math.min(count, rest.length);
  for (let index = 0; index < size; index++) {
    const other = index + Math.floor(random() * (rest.length - index));
    [rest[index], rest[other]] = [rest[other] as T, rest[index] as T];
  }
  return rest.slice(0, size);
}
