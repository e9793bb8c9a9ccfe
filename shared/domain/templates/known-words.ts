import type { AlertKind } from "../alerts/kinds.ts";
import type { Language } from "../words.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";
import { PLAIN_VERBS, PLAIN_WORDS } from "./plain-words.ts";

const WORD = /[\p{L}\p{N}\p{M}]+(?:['.-][\p{L}\p{N}\p{M}]+)*/gu;
/** What may follow an apostrophe. */
const AFTER_APOSTROPHE = new Set(["s", "t", "d", "m", "ll", "re", "ve"]);
const NUMBER = /^\d{1,4}(?:st|nd|rd|th|am|pm|o|a)?$/;
/** Before a person's name; the name itself is judged as what tells something, not as a word. */
const TITLES = new Set(["dr", "dra", "mr", "mrs", "ms", "sr", "sra", "srta"]);

/** What only the answers to a text that nobody has read yet say. */
const TO_DISTRESS: ReadonlySet<AlertKind> = new Set(["received", "received-closed", "emergency", "crisis"]);
const OF_DISTRESS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(["emergency", "danger", "crisis", "suicide", "lifeline", "safe", "urgent"]),
  es: new Set(["emergencia", "peligro", "crisis", "suicidio", "urgencia"]),
};

const STEM_MIN = 4;
/** What English puts behind a word; before it, an `e` may have gone or a letter been doubled. */
const ENGLISH_ENDING = /(?:s|es|ed|d|ing|er|ly)$/;
/** What Spanish puts behind a verb: "ayudenos". */
const SPANISH_PRONOUN = /(?:nos|les?|l[oa]s?|se|me)$/;
const REGULAR: Readonly<Record<string, readonly string[]>> = {
  ar: "o a an amos e en emos aron ara aran aremos ado ada ados adas ando ar".split(" "),
  er: "o e en emos a an amos io ieron imos era eran eremos ido ida idos idas iendo er".split(" "),
  ir: "o e en imos a an amos io ieron ira iran iremos ido ida idos idas iendo ir".split(" "),
};

/** How a stem is written before e and i, or before a and o. */
function spelt(stem: string, ending: string, kind: string): string {
  if (kind === "ar" && /^[ei]/.test(ending)) {
    return stem.replace(/c$/, "qu").replace(/g$/, "gu").replace(/z$/, "c");
  }
  if (kind !== "ar" && /^[ao]/.test(ending)) return stem.replace(/g$/, "j").replace(/gu$/, "g");
  return stem;
}

function everyForm(verbs: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const verb of verbs) {
    const kind = verb.slice(-2);
    for (const ending of REGULAR[kind] ?? []) found.add(spelt(verb.slice(0, -2), ending, kind) + ending);
  }
  return found;
}

/** Forms of plain words that are no plain words: a filling, a hearing, lenses. */
const NOT_PLAIN = new Set(
  "hearing filling fillings screening expecting drawing drawings contacts scaling feeling treatment parto cured spotting".split(
    " ",
  ),
);

const VERB_FORMS = everyForm(PLAIN_VERBS);

function isEnglish(word: string): boolean {
  const known = PLAIN_WORDS.en;
  if (known.has(word)) return true;
  const [ending = ""] = ENGLISH_ENDING.exec(word) ?? [];
  const stem = word.slice(0, word.length - ending.length);
  if (ending === "" || stem.length < STEM_MIN)
    return word.endsWith("s") && word.length > 3 && known.has(word.slice(0, -1));
  const undoubled = /(.)\1$/.test(stem) ? stem.slice(0, -1) : stem;
  return (
    [stem, `${stem}e`, undoubled, `${stem.slice(0, -1)}y`].some((form) => known.has(form)) ||
    known.has(word.slice(0, -1))
  );
}

function isSpanish(word: string): boolean {
  const isListed = (form: string) => PLAIN_WORDS.es.has(form) || VERB_FORMS.has(form);
  if (isListed(word)) return true;
  if (word.length <= STEM_MIN) return false;
  const singular = word.replace(/(?:es|s)$/, "");
  const forms = [
    singular,
    word.slice(0, -1),
    word.replace(SPANISH_PRONOUN, ""),
    // Of a pair like "nuevo" and "nueva", one is listed.
    word.replace(/[oa](s?)$/, (_, plural: string) => `o${plural}`),
    word.replace(/[oa]s?$/, "o"),
    word.replace(/[oa]s?$/, "a"),
  ];
  return forms.some((form) => form.length >= STEM_MIN && isListed(form));
}

function isPlain(word: string, language: Language): boolean {
  if (NOT_PLAIN.has(word)) return false;
  return language === "en" ? isEnglish(word) : isSpanish(word);
}

function isKnown(word: string, language: Language, use: AlertKind): boolean {
  if (isPlain(word, language) || NUMBER.test(word)) return true;
  if (TO_DISTRESS.has(use) && OF_DISTRESS[language].has(word)) return true;
  const [first = "", ...others] = word.split(/['.-]/);
  if (others.length === 0) return false;
  // The parts of `drop-off` or `front desk` are words; those of a word that was taken apart are not.
  const isPart = (part: string) => isPlain(part, language) || NUMBER.test(part);
  return (
    isPart(first) &&
    others.every((part) => isPart(part) || (word.includes("'") && AFTER_APOSTROPHE.has(part)))
  );
}

/**
 * The words of a template that are not among {@link PLAIN_WORDS} of its language. A template is written once and read on
 * thousands of phones, so it has to be made of words that are known to be harmless: a classifier that has to guess what an
 * unseen word means next to so many harmless ones guesses too low. `replies` are words that a reader is to text back.
 */
export function findUnknownWords(
  { plain, words }: Draft,
  language: Language,
  use: AlertKind,
  replies: readonly { readonly start: number; readonly end: number }[],
): readonly LintFinding[] {
  let isAfterTitle = false;
  return [...plain.matchAll(WORD)].flatMap(({ index: start, 0: word }): LintFinding[] => {
    const end = start + word.length;
    const isName = isAfterTitle && /^\p{Lu}/u.test(words.slice(start, end));
    isAfterTitle = TITLES.has(word);
    if (isName || isKnown(word, language, use)) return [];
    if (replies.some((reply) => reply.start <= start && end <= reply.end)) return [];
    const explanation =
      "This word is not among those that are known to tell nothing clinical. Use a plainer one, or the slot for a name.";
    return [{ code: "unknown-word", start, end, explanation }];
  });
}
