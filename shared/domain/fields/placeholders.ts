import type { Category } from "../classification/categories.ts";
import { classify } from "../classification/classify.ts";
import { cutJoinedWord, type FieldMeaning, isFieldWord, isQualifier, meaningOf } from "./field-words.ts";

/** A placeholder in a template's text: `[start, end)` in UTF-16 units, and what will fill it. */
export interface Placeholder {
  readonly start: number;
  readonly end: number;
  /** `markup` stands for nothing that is read: a tag, a condition, a line break. */
  readonly meaning: FieldMeaning | { readonly is: "markup" };
}

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_.:\- ]{0,60}`;
/** A name without spaces. */
const ONE_WORD = String.raw`[\p{L}_][\p{L}\p{N}_.\-]{0,60}`;
/** What may follow a name inside double braces: a filter, a format, arguments. */
const REST = String.raw`(?:[|,(?][^{}\n]{0,80})?`;

/** Forms that are placeholders whatever name they carry. The order counts: the longer form before the one inside it. */
const CERTAIN: readonly string[] = [
  String.raw`\*\|\s?(?<mailchimp>${NAME})\|\*`,
  String.raw`\{\{\{?~?\s{0,3}(?<block>[#^/!>&]?\s?${NAME})\s{0,3}${REST}~?\}?\}\}`,
  String.raw`\{%-?\s{0,3}(?<liquid>${NAME})[^{}%\n]{0,80}%\}`,
  String.raw`<%[=\-]{1,2}(?<erb>[^\n]{1,120}?)%>`,
  String.raw`<%(?<erbCode>[^\n]{1,120}?)%>`,
  String.raw`\$\{\s?(?<dollar>${NAME})\}`,
  String.raw`<<\s?(?<angles>${NAME})>>`,
  String.raw`«\s?(?<guillemets>${NAME})»`,
  String.raw`\[\[\s?(?<brackets>${NAME})\]\]`,
  String.raw`\{!?\$?\s?(?<brace>${NAME})\}`,
  `%%(?<percents>${ONE_WORD})%%`,
  `%(?<percent>${ONE_WORD})%`,
  `##(?<hashes>${ONE_WORD})##`,
  `#(?<hash>${ONE_WORD})#`,
  `@(?<at>${ONE_WORD})@`,
];

/** Forms that people also write for other ends: read as placeholders only when the name is like that of a field. */
const DOUBTFUL: readonly string[] = [
  String.raw`\[\s?(?<square>${NAME})\]`,
  String.raw`<\s?(?<angle>${NAME})>`,
  String.raw`&(?:lt|#60|#x3c);\s?(?<entity>${NAME})&(?:gt|#62|#x3e);`,
  `~(?<tilde>${NAME})~`,
  String.raw`\|(?<bar>${NAME})\|`,
  `!(?<bang>${ONE_WORD})!`,
  String.raw`(?<=^|[\s("'>,.\-])(?<!\p{L}-):(?<colon>[\p{L}_][\p{L}\p{N}_]{0,60})`,
  String.raw`\(\s?(?<round>${NAME})\)`,
  String.raw`(?<![\p{L}\p{N}$])\$(?<sigil>[\p{L}_][\p{L}\p{N}_]{0,60})`,
];

const MARKUP = String.raw`<\/?(?<tag>br|b|i|u|p|em|strong|span|div)\s?\/?>`;
const PRINTF = String.raw`(?<![\p{N}%])%(?<printf>(?:\d\$)?[sd])(?!\p{L})|(?<=^|[\s(:])\{(?<position>\d{1,2})\}`;

const ANY = new RegExp([MARKUP, ...CERTAIN, ...DOUBTFUL, PRINTF].join("|"), "giu");

/**
 * Finds the placeholders that EHRs and mailing tools write into templates, in order and without overlap. Brackets with
 * ordinary words in them (`[Reminder]`) are no placeholder and stay part of the text.
 */
export function findPlaceholders(text: string): readonly Placeholder[] {
  const found: Placeholder[] = [];
  for (const match of text.matchAll(ANY)) {
    const [form, name] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (form === undefined || name === undefined) continue;
    const fieldWords = wordsOf(name);
    if (DOUBTFUL_FORMS.has(form) && !isLikeAField(name, fieldWords)) continue;
    if (form === "round" && !isClinicalField(name, fieldWords)) continue;
    found.push({
      start: match.index,
      end: match.index + match[0].length,
      meaning: meaningOfForm(form, name, fieldWords),
    });
  }
  return found;
}

const DOUBTFUL_FORMS: ReadonlySet<string> = new Set([
  "square",
  "angle",
  "sigil",
  "entity",
  "tilde",
  "bar",
  "bang",
  "colon",
  "round",
]);
const CONTROL =
  /^(?:[#^/!]|(?:else|endif|endfor|endunless|if|elsif|for|unless|assign|comment|endcomment)\b)/i;

/** What a field of these kinds is filled with tells nothing, whatever its name says beside. */
const SHAPES: ReadonlySet<string> = new Set(["date", "time", "date-time", "place", "phone", "link", "email"]);

function meaningOfForm(form: string, name: string, fieldWords: readonly string[]): Placeholder["meaning"] {
  if (form === "tag") return { is: "markup" };
  if (form === "printf" || form === "position") return { is: "harmless", kind: "unknown" };
  const meaning = meaningOf(fieldWords);
  if (meaning.is === "clinical") return meaning;
  const clinical = clinicalName(fieldWords);
  // A condition is not shown, but a clinical one decides who gets which words.
  const isControl = form === "liquid" || form === "erbCode" || (form === "block" && CONTROL.test(name));
  const isShapeOnly = !isControl && meaning.is === "harmless" && SHAPES.has(meaning.kind);
  if (clinical !== undefined && !isShapeOnly) return { is: "clinical", category: clinical };
  return isControl ? { is: "markup" } : meaning;
}

/** The words of a field's name, in lower case and without accents. */
function wordsOf(name: string): readonly string[] {
  return name
    .trim()
    .replaceAll(/__[cr](?![\p{L}\p{N}])/giu, "")
    .replace(/^[#^/!>&]?\s?(?:(?:if|unless|else|elsif|for|each|with)\s)?/i, "")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) => (/^icd\d+$/.test(word) ? [word] : word.split(/\d+/)))
    .filter((word) => word !== "")
    .flatMap(cutJoinedWord);
}

function isLikeAField(name: string, fieldWords: readonly string[]): boolean {
  if (fieldWords.length === 0) return false;
  if (fieldWords.every(isFieldWord)) return true;
  return !/\s/.test(name.trim()) && /[_.\d]|\p{Ll}\p{Lu}/u.test(name);
}

/** Whether words in round brackets are the name of a clinical field: `(Visit Type)`, and not `(for your order)`. */
function isClinicalField(name: string, fieldWords: readonly string[]): boolean {
  const isWrittenAsName = /^\p{Lu}|_|\p{Ll}\p{Lu}/u.test(name);
  return (
    (isWrittenAsName || (fieldWords.length > 1 && !isQualifier(fieldWords[0] ?? ""))) &&
    fieldWords.every(isFieldWord) &&
    meaningOf(fieldWords).is === "clinical"
  );
}

/** What a name tells that no list of field words holds, such as `metformin_dose`, in the classifier's own words. */
function clinicalName(fieldWords: readonly string[]): Category | undefined {
  if (fieldWords.every(isFieldWord)) return undefined;
  const { tier, reasons } = classify(fieldWords.join(" "), { direction: "outbound" });
  if (tier < 3) return undefined;
  return reasons.find(({ via }) => via === "lexicon" || via === "phrase" || via === "rule")?.category;
}
