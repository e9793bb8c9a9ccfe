import { CATEGORIES, type Category } from "./categories.ts";
import { readDataFile } from "./data-files.ts";
import { fileChecksum } from "./file-checksum.ts";
import {
  ADMINISTRATIVE_CODE,
  COURTESY_CODE,
  LEXICON_HEADER_BYTES,
  LEXICON_MAGIC,
  STRENGTHS,
  type Strength,
} from "./lexicon-format.ts";
import { sortedKeySearch } from "./sorted-keys.ts";
import { checkByte, hashText } from "./word-hash.ts";

/** What the lexicon knows about a word or phrase. */
export type LexiconEntry = {
  readonly strength: Strength;
  readonly category: Category;
  /** Whether the word belongs to greetings, thanks and closings. */
  readonly isCourtesy?: boolean;
  /** Whether the word is on the administrative allow-list. */
  readonly isAdministrative?: boolean;
  /** Whether some longer entry begins with this word. */
  readonly beginsPhrase: boolean;
};

/** Reads a lexicon file; throws when it is damaged, cut short or of another format. */
function readLexicon(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const count = view.byteLength >= LEXICON_HEADER_BYTES ? view.getUint32(4, true) : 0;
  if (view.byteLength !== LEXICON_HEADER_BYTES + count * 6 || view.getUint32(0, true) !== LEXICON_MAGIC) {
    throw new Error("classifier: lexicon.bin is damaged or of another format");
  }
  // A copy: typed arrays of words must start at an aligned offset, a file buffer need not.
  const data = new Uint8Array(file.subarray(LEXICON_HEADER_BYTES));
  const keys = new Uint32Array(data.buffer, 0, count);
  const checks = data.subarray(count * 4, count * 5);
  const payloads = data.subarray(count * 5);
  const stored = view.getUint32(8, true);
  if (fileChecksum(data) !== stored) throw new Error("classifier: lexicon.bin fails its checksum");
  const { find, has } = sortedKeySearch(keys);
  return {
    version: stored.toString(16).padStart(8, "0"),
    find,
    has,
    checks,
    payloads,
    patterns: view.getUint32(12, true),
  };
}

const { version, find, has, checks, payloads, patterns } = readLexicon(readDataFile("lexicon.bin"));

/** What the checksum of patterns.json was when the lexicon was built. */
export const PATTERNS_CHECKSUM = patterns;

/** Eight hexadecimal digits that name the lexicon's content. */
export const LEXICON_VERSION = version;

const entries: LexiconEntry[] = [];
for (let code = 0; code < 256; code++) {
  entries.push({
    strength: STRENGTHS[(code >>> 5) & 3] ?? "strong",
    category: CATEGORIES[code & 31] ?? "other",
    isCourtesy: (code & 127) === COURTESY_CODE,
    isAdministrative: (code & 127) === ADMINISTRATIVE_CODE,
    beginsPhrase: code >= 128,
  });
}

/** The entry for a folded word, or for folded words joined by single spaces; `undefined` when unknown. */
export function lookUp(text: string): LexiconEntry | undefined {
  const index = find(hashText(text));
  return index >= 0 && checks[index] === checkByte(text) ? entries[payloads[index] ?? 0] : undefined;
}

/** Whether some word or phrase has that hash; a chance match is possible, so {@link lookUp} must confirm it. */
export const lexiconHasHash = has;

/**
 * The entry for a word in the singular or as written: English -s, -es, -ies and Spanish -s, -es, -ces.
 * The written form wins.
 */
export function lookUpInflected(word: string): LexiconEntry | undefined {
  const written = lookUp(word);
  if (written !== undefined || word.length < 5 || !word.endsWith("s")) return written;
  const stem = word.slice(0, -1);
  const singular = lookUp(stem);
  if (singular !== undefined) return singular;
  if (!stem.endsWith("e")) return undefined;
  const root = stem.slice(0, -1);
  if (root.endsWith("i")) return lookUp(`${root.slice(0, -1)}y`);
  if (root.endsWith("c")) return lookUp(`${root.slice(0, -1)}z`) ?? lookUp(root);
  return lookUp(root);
}
