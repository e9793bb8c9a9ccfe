import { createHash } from "node:crypto";
import { EMAIL_TEMPLATES, renderEmail } from "../domain/alerts/email.ts";
import { widthOf } from "../domain/alerts/gsm7.ts";
import { rulesOf } from "../domain/alerts/kinds.ts";
import { maskedLink } from "../domain/alerts/render.ts";
import { SHIPPED_TEMPLATES } from "../domain/alerts/shipped.ts";
import { linkValue, practiceValues } from "../domain/alerts/slot-value.ts";
import type { Slot, Template, TemplatePart } from "../domain/alerts/templates.ts";
import { createPracticeClassifier } from "../domain/classification/practice-classifier.ts";
import { TOKEN_LENGTH } from "../domain/link-token.ts";
import { SLOTS, writeTemplate } from "../domain/templates/parse.ts";
import { type PossibleText, type PossibleValues, possibleTexts } from "../domain/templates/possible-texts.ts";
import { LANGUAGES, type Language, type Purpose, type Tier } from "../domain/words.ts";
import { type ApprovedTemplate, DIRECTORY_KINDS, type TemplateStory, type Vocabulary } from "./records.ts";
import { type PracticeInTexts, type SlotSet, type SlotSets, slotSets, widestValues } from "./slot-sets.ts";

/** A text as it would be sent, with the token of a link left out, and how the found-phone test reads it. */
export interface PrintedText {
  readonly text: string;
  readonly encoding: "GSM-7" | "UCS-2";
  readonly units: number;
  readonly segments: number;
  readonly tier: Tier;
  /** Whether it may leave: it tells of no condition, treatment or kind of care, and fits in the parts it may have. */
  readonly passes: boolean;
}

/** One version of a template in one language, with what it can become. */
export interface PrintedTemplate {
  readonly id: string;
  readonly version: number;
  readonly origin: "shipped" | "own";
  readonly use: string;
  readonly purpose: Purpose | null;
  readonly language: Language;
  readonly text: string;
  readonly slots: readonly string[];
  /** Of texts that it can become, in decimal digits. */
  readonly count: string;
  readonly longest: readonly PrintedText[];
  readonly approvedAt: string | null;
  /** Null for those that ship, and for those from before it was kept. */
  readonly about: TemplateStory | null;
}

/** An e-mail that ships with the product; it is no text, and has no parts. */
export interface PrintedEmail {
  readonly id: string;
  readonly version: number;
  readonly language: Language;
  readonly subject: string;
  readonly text: string;
  readonly tier: Tier;
  readonly passes: boolean;
}

/** What can stand in a slot: every value, or where there are too many a rule. */
export interface PrintedSlot {
  readonly slot: string;
  /** Null: the same in each. */
  readonly language: Language | null;
  readonly count: string;
  readonly values: readonly string[] | null;
  readonly rule: string | null;
  /** A regular expression that every value fits, and few others. */
  readonly pattern: string | null;
}

/** Everything that this practice's texts can say. */
export interface PrintedVocabulary {
  readonly templates: readonly PrintedTemplate[];
  readonly emails: readonly PrintedEmail[];
  readonly slots: readonly PrintedSlot[];
  /** Of all templates together, in decimal digits. */
  readonly count: string;
  /** What ships with the product changes with a deployment only; hex SHA-256 of its words. */
  readonly shippedSha256: string;
}

/** More values than this are told by a rule. */
const VALUES_MAX = 500;
const MASK = "******";

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Numbers as people of clocks and calendars write them, by how many there are. */
const NUMBERS: readonly (readonly [count: number, first: string, pattern: string])[] = [
  [60, "00", "[0-5]\\d"],
  [31, "1", "(?:[12]\\d|3[01]|[1-9])"],
  [12, "12", "(?:1[0-2]|[1-9])"],
];

function oneOf(words: ReadonlySet<string>): string {
  const [first = ""] = words;
  const number = NUMBERS.find(([count, begins]) => words.size === count && first === begins);
  if (number !== undefined) return number[2];
  return words.size === 1 ? escaped(first) : `(?:${[...words].map(escaped).join("|")})`;
}

/** What values of one form have in common, word by word: `(?:Sun|Mon), (?:Jan|Feb) (?:1|2)`. */
function patternOf(values: readonly string[]): string {
  const forms = new Map<string, readonly Set<string>[]>();
  for (const value of values) {
    const pieces = value.split(/([ :,]+)/u);
    // Every second piece stands between two words.
    const form = pieces.map((piece, index) => (index % 2 === 1 ? piece : "_")).join("");
    const words = forms.get(form) ?? pieces.map(() => new Set<string>());
    pieces.forEach((piece, index) => {
      words[index]?.add(piece);
    });
    forms.set(form, words);
  }
  const patterns = [...forms.values()].map((words) => words.map(oneOf).join(""));
  return patterns.length === 1 ? `^${patterns.join("")}$` : `^(?:${patterns.join("|")})$`;
}

const RULES: Readonly<Partial<Record<Slot, string>>> = {
  date: "Weekday, day and month of a visit: each day of the year on each weekday.",
  time: "A time of day, every minute of it; with the zone's letters where the patient's clocks show another.",
};

function printedSlots(
  practice: PracticeInTexts,
  sets: Readonly<Record<Language, SlotSets>>,
): readonly PrintedSlot[] {
  const link: PrintedSlot = {
    slot: "link",
    language: null,
    count: String(64n ** BigInt(TOKEN_LENGTH)),
    values: null,
    rule: `${practice.portalBaseUrl}/ and a token of ${TOKEN_LENGTH} letters, digits, - and _; records mask it.`,
    pattern: `^${escaped(practice.portalBaseUrl)}\\/(?:[A-Za-z0-9_-]{${TOKEN_LENGTH}}|\\*{6})$`,
  };
  const code: PrintedSlot = {
    slot: "code",
    language: null,
    count: "1000000",
    values: null,
    rule: "Six digits; records mask them.",
    pattern: "^(?:\\d{6}|\\*{6})$",
  };
  const byLanguage = (["date", "time"] as const).flatMap((slot) =>
    LANGUAGES.map((language) => printedSlot(slot, language, sets[language][slot])),
  );
  const plain = (["practice", "phone", ...DIRECTORY_KINDS] as const).map((slot) =>
    printedSlot(slot, null, sets.en[slot]),
  );
  const all = [...plain, link, code, ...byLanguage];
  return SLOTS.flatMap((slot) => all.filter((printed) => printed.slot === slot));
}

/** Patterns of values that there are many of, which take longest to find. */
const patterns = new WeakMap<SlotSet, string>();

function printedSlot(slot: Slot, language: Language | null, set: SlotSet): PrintedSlot {
  const { values, count } = set;
  const common = { slot, language, count: String(count) };
  if (count <= VALUES_MAX) return { ...common, values, rule: null, pattern: null };
  const pattern = patterns.get(set) ?? patternOf(values);
  patterns.set(set, pattern);
  return { ...common, values: null, rule: RULES[slot] ?? null, pattern };
}

const NAME_SLOTS: readonly string[] = DIRECTORY_KINDS;

/** A template, in force or of an earlier day: nothing is sent that was made here. */
type PrintableTemplate = Omit<Template, "parts"> & { readonly parts: readonly TemplatePart[] };

function slotsOf({ parts }: Pick<PrintableTemplate, "parts">): readonly Slot[] {
  return [...new Set(parts.flatMap((part) => (typeof part === "string" ? [] : [part.slot])))];
}

/**
 * What ships and is in force: the newest version of each, but for those that an own template has taken the place of. One
 * that names places or people does not quite: where a visit has none, the shipped one tells as much as can be told.
 */
function shippedInForce(own: readonly ApprovedTemplate[]): readonly Template[] {
  const replaced = own.filter(
    ({ use, texts }) =>
      use !== "message" &&
      LANGUAGES.every((language) =>
        slotsOf({ parts: texts[language] }).every((slot) => !NAME_SLOTS.includes(slot)),
      ),
  );
  return SHIPPED_TEMPLATES.filter(
    ({ id, version, use, language }) =>
      !replaced.some((template) => template.use === use) &&
      !SHIPPED_TEMPLATES.some(
        (other) => other.id === id && other.language === language && other.version > version,
      ),
  );
}

/**
 * The longest texts; where more than five are as long as the longest, five that differ in as much as they can rather than
 * in a weekday only.
 */
function longestTexts(
  parts: readonly TemplatePart[],
  values: PossibleValues,
  sets: SlotSets,
): readonly PossibleText[] {
  const { longest } = possibleTexts(parts, values);
  const spread = longest.flatMap((_, nth) => {
    const chosen = slotsOf({ parts }).map((slot) => {
      const { widest } = sets[slot];
      const tied = widest.filter((value) => widthOf(value) === widthOf(widest[0] ?? ""));
      return [slot, tied.slice(nth % tied.length).slice(0, 1)] as const;
    });
    return possibleTexts(parts, Object.fromEntries(chosen)).longest;
  });
  const isAsLong = longest.every(({ parts: { units } }, nth) => units === spread[nth]?.parts.units);
  const isDistinct = new Set(spread.map(({ text }) => text)).size === longest.length;
  return isAsLong && isDistinct ? spread : longest;
}

/** Prints everything that a practice's texts and e-mails can say. */
export function printVocabulary(practice: PracticeInTexts, vocabulary: Vocabulary): PrintedVocabulary {
  const { classify } = createPracticeClassifier(practice.wording);
  const judged = (text: string) => {
    const { tier } = classify(text, { direction: "outbound" });
    return { tier, passes: tier !== 3 };
  };
  const sets = {
    en: slotSets(practice, vocabulary.names, "en"),
    es: slotSets(practice, vocabulary.names, "es"),
  };
  const values = { en: widestValues(sets.en), es: widestValues(sets.es) };
  const linkOf = (language: Language) => sets[language].link.values[0] ?? "";

  function printedText({ text, parts }: PossibleText, language: Language, partsMax: number): PrintedText {
    const link = linkOf(language);
    // What the test reads before a text leaves has neither token nor code.
    const masked = text.replaceAll(link, maskedLink(link));
    const { encoding, units, segments } = parts;
    const { tier, passes } = judged(masked);
    const fits = encoding === "GSM-7" && segments <= partsMax;
    return { text: masked, encoding, units, segments, tier, passes: passes && fits };
  }

  let total = 0n;
  const printed = (
    template: PrintableTemplate,
    approvedAt: string | null,
    about: TemplateStory | null,
  ): PrintedTemplate => {
    const { id, version, use, purpose, language, parts } = template;
    const slots = slotsOf(template);
    const count = slots.reduce((product, slot) => product * sets[language][slot].count, 1n);
    const longest = count === 0n ? [] : longestTexts(parts, values[language], sets[language]);
    const partsMax = rulesOf(use).partsMax ?? practice.textPartsMax;
    total += count;
    return {
      id,
      version,
      origin: approvedAt === null ? "shipped" : "own",
      use,
      purpose,
      language,
      text: writeTemplate(parts),
      slots,
      count: String(count),
      longest: longest.map((text) => printedText(text, language, partsMax)),
      approvedAt,
      about,
    };
  };
  const templates = [
    ...vocabulary.templates.flatMap(({ texts, approvedAt, about = null, ...template }) =>
      LANGUAGES.map((language) =>
        printed({ ...template, language, parts: texts[language] }, approvedAt, about),
      ),
    ),
    ...shippedInForce(vocabulary.templates).map((template) => printed(template, null, null)),
  ];
  const emails = EMAIL_TEMPLATES.map((template): PrintedEmail => {
    const { id, version, language } = template;
    const slots = { ...practiceValues(practice), link: linkValue(practice.portalBaseUrl, MASK) };
    const { subject, text, masked } = renderEmail(template, slots);
    return { id, version, language, subject, text, ...judged(masked) };
  });
  const words = JSON.stringify([SHIPPED_TEMPLATES, EMAIL_TEMPLATES]);
  return {
    templates,
    emails,
    slots: printedSlots(practice, sets),
    count: String(total),
    shippedSha256: createHash("sha256").update(words).digest("hex"),
  };
}
