import type { Category } from "./categories.ts";
import { readDataFile } from "./data-files.ts";
import { fileChecksum } from "./file-checksum.ts";
import { PATTERNS_CHECKSUM } from "./lexicon.ts";

/** A named pattern over folded text. Every quantifier is bounded, so that matching takes linear time. */
export type Pattern = {
  readonly rule: string;
  readonly category: Category;
  readonly tier: 2 | 3;
  readonly pattern: RegExp;
};

/** The sets of words in data/patterns.json. */
export type WordSetName =
  | "beforeName"
  | "closingStarts"
  | "replies"
  | "spanish"
  | "english"
  | "relaxable"
  | "naming"
  | "outboundNaming"
  | "abbreviations";

type PatternFile = {
  /** Pieces that patterns name as `<NAME>`. */
  readonly parts: Readonly<Record<string, string>>;
  /** Word endings that give away a medicine or something clinical, and words that only end so. */
  readonly endings: { readonly drug: string; readonly clinical: string; readonly harmless: string };
  /** Small sets of words that rules need, by name; words are parted by spaces. */
  readonly words: Readonly<Record<WordSetName, string>>;
  readonly patterns: readonly (Omit<Pattern, "pattern"> & { readonly pattern: string })[];
};

const bytes = readDataFile("patterns.json");
if (fileChecksum(bytes) !== PATTERNS_CHECKSUM)
  throw new Error("classifier: patterns.json is not the one that the lexicon was built with");
const file: PatternFile = JSON.parse(bytes.toString("utf8"));

/** A set of words from data/patterns.json. */
export function wordSet(name: WordSetName): ReadonlySet<string> {
  return new Set(file.words[name].split(" "));
}

function partOf(name: string): string {
  const part = file.parts[name];
  if (part === undefined) throw new Error(`classifier: patterns.json has no part ${name}`);
  return part;
}

/** Shapes and contexts that tell something clinical (tier 3) or that something is waiting (tier 2): data/patterns.json. */
export const PATTERNS: readonly Pattern[] = file.patterns.map(({ pattern, ...rule }) => ({
  ...rule,
  pattern: new RegExp(
    pattern.replace(/<([A-Z]+)>/g, (_, name: string) => partOf(name)),
    "gu",
  ),
}));

const DRUG_STEM = new RegExp(file.endings.drug);
const CLINICAL_ENDING = new RegExp(file.endings.clinical);
/** Everyday words with a clinical ending that are not among the common words. */
const ENDING_EXCEPTIONS = new RegExp(file.endings.harmless);

/** The category that a word's ending gives away, for a word that the lexicon does not know. */
export function categoryOfEnding(word: string): Category | undefined {
  if (word.length < 7 || ENDING_EXCEPTIONS.test(word)) return undefined;
  if (DRUG_STEM.test(word)) return "medication";
  if (!CLINICAL_ENDING.test(word)) return undefined;
  if (/(?:iat|olog|dont)/.test(word.slice(-10))) return "specialty";
  return /(?:tomy|tomia|scop|plast|graf|graph|gram)/.test(word.slice(-9)) ? "procedure" : "diagnosis";
}
