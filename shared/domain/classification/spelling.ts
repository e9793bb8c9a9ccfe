import { HASH_START, hashEnd, hashStep } from "./word-hash.ts";

const LETTERS = Array.from({ length: 26 }, (_, index) => index + 97);

/**
 * The words one typing error away from a word of lower-case ASCII letters: one letter left out, put in, changed, or two
 * neighbours swapped. `isKnown` is asked for the hash of each candidate, so that no string is made for the others.
 */
export function nearWords(word: string, isKnown: (hash: number) => boolean): string[] {
  const length = word.length;
  const codes = new Uint8Array(length);
  const prefixes = new Int32Array(length + 1);
  prefixes[0] = HASH_START;
  for (let i = 0; i < length; i++) {
    codes[i] = word.charCodeAt(i);
    prefixes[i + 1] = hashStep(prefixes[i] ?? 0, codes[i] ?? 0);
  }
  const found: string[] = [];
  const rest = (state: number, from: number): boolean => {
    let hash = state;
    for (let i = from; i < length; i++) hash = hashStep(hash, codes[i] ?? 0);
    return isKnown(hashEnd(hash));
  };
  for (let i = 0; i <= length; i++) {
    const before = prefixes[i] ?? 0;
    const own = codes[i] ?? 0;
    const next = codes[i + 1] ?? 0;
    if (i < length && rest(before, i + 1)) found.push(word.slice(0, i) + word.slice(i + 1));
    if (i + 1 < length && own !== next && rest(hashStep(hashStep(before, next), own), i + 2))
      found.push(word.slice(0, i) + word.charAt(i + 1) + word.charAt(i) + word.slice(i + 2));
    for (const letter of LETTERS) {
      const state = hashStep(before, letter);
      if (rest(state, i)) found.push(word.slice(0, i) + String.fromCharCode(letter) + word.slice(i));
      if (i < length && letter !== own && rest(state, i + 1))
        found.push(word.slice(0, i) + String.fromCharCode(letter) + word.slice(i + 1));
    }
  }
  return [...new Set(found)];
}
