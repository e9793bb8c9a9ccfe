/**
 * Builds shared/domain/classification/data/lexicon.bin from a vocabulary folder and the lists beside this file:
 * `node infra/classification/build.ts VOCABULARY_DIR`. The same inputs give the same bytes.
 */
import { existsSync, writeFileSync } from "node:fs";
import { CATEGORIES, type Category } from "#shared/domain/classification/categories.ts";
import { readDataFile } from "#shared/domain/classification/data-files.ts";
import { fileChecksum } from "#shared/domain/classification/file-checksum.ts";
import {
  ADMINISTRATIVE_CODE,
  COURTESY_CODE,
  LEXICON_HEADER_BYTES,
  LEXICON_MAGIC,
  PHRASE_WORDS_MAX,
  STRENGTHS,
  type Strength,
} from "#shared/domain/classification/lexicon-format.ts";
import { checkByte, hashText } from "#shared/domain/classification/word-hash.ts";
import { readVocabulary } from "./vocabulary.ts";
import { comparedForm, readCuratedList, readRankedWords } from "./word-lists.ts";

const folder = process.argv[2];
if (folder === undefined || !existsSync(folder)) {
  process.stderr.write(
    "usage: node infra/classification/build.ts VOCABULARY_DIR: a folder with the files that NOTICE.md names\n",
  );
  process.exit(2);
}

/** Words more common than this rank tell nothing by standing in a vocabulary. */
const EVERYDAY_RANK = 2000;
/** Shorter tokens of the vocabularies are mostly abbreviations that mean several things. */
const VOCABULARY_LETTERS_MIN = 4;

const lists = new URL("./lists/", import.meta.url);
const list = (name: string): URL => new URL(name, lists);
const rank = new Map<string, number>();
for (const name of ["common-english.txt", "common-spanish.txt"]) {
  readRankedWords(list(name)).forEach((word, index) => {
    rank.set(word, Math.min(index, rank.get(word) ?? Infinity));
  });
}
const benign = new Set(readCuratedList(list("benign.txt")).map((entry) => entry.words));
const everyday = new Set(readCuratedList(list("everyday-in-vocabulary.txt")).map((entry) => entry.words));
const names = new Set(readRankedWords(list("names-in-vocabulary.txt")));

type Entry = { strength: Strength; category: Category };
const entries = new Map<string, Entry>();
const add = (words: string, strength: Strength, category: Category): void => {
  const known = entries.get(words);
  if (known === undefined || STRENGTHS.indexOf(known.strength) < STRENGTHS.indexOf(strength))
    entries.set(words, { strength, category });
};

/** The Spanish form of an English generic name, by the endings and letters that Spanish writes differently. */
function spanishDrugName(word: string): string {
  return word
    .replaceAll("ph", "f")
    .replaceAll("th", "t")
    .replaceAll("y", "i")
    .replaceAll("rh", "r")
    .replaceAll("mm", "m")
    .replaceAll("ff", "f")
    .replaceAll("cc", "c")
    .replaceAll("ss", "s")
    .replaceAll("ll", "l")
    .replace(/ine$/, "ina")
    .replace(/in$/, "ina")
    .replace(/ide$/, "ida")
    .replace(/ate$/, "ato")
    .replace(/one$/, "ona")
    .replace(/ene$/, "eno")
    .replace(/ole$/, "ol")
    .replace(/ase$/, "asa");
}

for (const word of rank.keys()) add(word, "ordinary", "other");
for (const word of benign) add(word, "ordinary", "other");
for (const name of ["weak-english.txt", "weak-spanish.txt", "weak-english-2.txt", "weak-spanish-2.txt"]) {
  for (const { words, category } of readCuratedList(list(name))) add(words, "weak", category);
}

const vocabulary = readVocabulary(folder);
for (const { term, category } of vocabulary) {
  for (const word of comparedForm(term).split(" ")) {
    if (word.length < VOCABULARY_LETTERS_MIN || !/^\p{Script=Latin}+$/u.test(word) || benign.has(word))
      continue;
    const commonness = rank.get(word);
    if (commonness !== undefined && commonness < EVERYDAY_RANK) continue;
    const strength = entries.get(word)?.strength;
    // A curated word keeps its curated strength.
    if (strength === "listed" || strength === "weak") continue;
    if (category === "medication") {
      const spanish = spanishDrugName(word);
      if (spanish !== word && !rank.has(spanish)) add(spanish, "listed", category);
    }
    add(
      word,
      commonness === undefined &&
        !names.has(word) &&
        !(word.endsWith("s") && names.has(word.slice(0, -1))) &&
        !everyday.has(word)
        ? "listed"
        : "weak",
      category,
    );
  }
}
// Short terms made only of common words ("pinched nerve") are invisible word by word.
for (const { term, category } of vocabulary) {
  const form = comparedForm(term);
  const words = form.split(" ");
  if (words.length < 2 || words.length > 3 || category === "medication") continue;
  const known = words.map((word) => entries.get(word));
  if (
    known.some((entry) => entry === undefined || entry.strength === "listed" || entry.strength === "strong")
  )
    continue;
  if (known.filter((entry) => entry?.strength === "weak").length >= 2) add(form, "listed", category);
}
for (const name of [
  "strong-english.txt",
  "strong-spanish.txt",
  "drugs.txt",
  "strong-english-2.txt",
  "strong-spanish-2.txt",
]) {
  for (const { words, category } of readCuratedList(list(name))) {
    if (words.split(" ").length > PHRASE_WORDS_MAX)
      throw new Error("an entry is longer than the longest phrase searched for");
    add(words, "strong", category);
  }
}

for (const { words } of ["idioms.txt", "idioms-2.txt"].flatMap((name) => readCuratedList(list(name)))) {
  if (words.split(" ").length > PHRASE_WORDS_MAX)
    throw new Error("an idiom is longer than the longest phrase searched for");
  entries.set(words, { strength: "ordinary", category: "other" });
}

/** Words of a list as single words; only a strong word keeps what it is. */
const harmlessWords = (name: string): Set<string> => {
  const words = readCuratedList(list(name)).flatMap((entry) => entry.words.split(" "));
  return new Set(words.filter((word) => word !== "" && entries.get(word)?.strength !== "strong"));
};
const courtesies = harmlessWords("courtesy.txt");
const administrative = harmlessWords("administrative.txt");
for (const word of [...courtesies, ...administrative])
  entries.set(word, { strength: "ordinary", category: "other" });

/** The category bits of an entry: ordinary words have two codes of their own. */
function categoryCode(words: string, { strength, category }: Entry): number {
  if (strength === "ordinary" && courtesies.has(words)) return COURTESY_CODE;
  if (strength === "ordinary" && administrative.has(words)) return ADMINISTRATIVE_CODE;
  return CATEGORIES.indexOf(category);
}

const beginnings = new Set<string>();
for (const words of entries.keys()) {
  const space = words.indexOf(" ");
  if (space > 0) beginnings.add(words.slice(0, space));
}
type Row = { check: number; payload: number };
const rows = new Map<number, Row>();
for (const words of new Set([...entries.keys(), ...beginnings])) {
  const entry = entries.get(words) ?? { strength: "ordinary" as const, category: "other" as const };
  const hash = hashText(words);
  const payload =
    (beginnings.has(words) ? 128 : 0) | (STRENGTHS.indexOf(entry.strength) << 5) | categoryCode(words, entry);
  const rival = rows.get(hash);
  // Two texts with one key cannot both be kept: the stronger stays.
  if (rival === undefined || (rival.payload & 96) < (payload & 96))
    rows.set(hash, { check: checkByte(words), payload });
}

const sorted = [...rows].sort((left, right) => left[0] - right[0]);
const output = Buffer.alloc(LEXICON_HEADER_BYTES + sorted.length * 6);
output.writeUInt32LE(LEXICON_MAGIC, 0);
output.writeUInt32LE(sorted.length, 4);
sorted.forEach(([hash, { check, payload }], index) => {
  output.writeUInt32LE(hash, LEXICON_HEADER_BYTES + index * 4);
  output.writeUInt8(check, LEXICON_HEADER_BYTES + sorted.length * 4 + index);
  output.writeUInt8(payload, LEXICON_HEADER_BYTES + sorted.length * 5 + index);
});
output.writeUInt32LE(fileChecksum(output.subarray(LEXICON_HEADER_BYTES)), 8);
output.writeUInt32LE(fileChecksum(readDataFile("patterns.json")), 12);
writeFileSync(new URL("../../shared/domain/classification/data/lexicon.bin", import.meta.url), output);

const totals = STRENGTHS.map(
  (strength) => `${strength} ${[...entries.values()].filter((entry) => entry.strength === strength).length}`,
);
process.stdout.write(`lexicon.bin: ${sorted.length} keys, ${output.length} bytes (${totals.join(", ")})\n`);
