import type { Category, Via } from "./categories.ts";
import { type FoldedText, fold } from "./folding.ts";
import { type LexiconEntry, lookUp, lookUpInflected } from "./lexicon.ts";
import { PHRASE_WORDS_MAX, type Strength } from "./lexicon-format.ts";
import { categoryOfEnding, PATTERNS } from "./patterns.ts";
import { type PracticeWording, tightenedFindings, withoutRelaxed } from "./practice-wording.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Something found in a text; offsets are into the folded text. `tier` is what the finding alone asks for (1: nothing). */
export type Finding = {
  readonly rule: string;
  readonly category: Category;
  readonly strength: Strength;
  readonly via: Via;
  readonly tier: 1 | 2 | 3;
  readonly start: number;
  readonly end: number;
};

/** What a finding is known by from text to text: the rule by its name, lexicon entries by the words found. */
export function findingKey(
  { folding }: Pick<Analysis, "folding">,
  { rule, via, start, end }: Finding,
): string {
  return via === "rule" && rule !== "clinical-ending" ? rule : folding.folded.slice(start, end);
}

/** A text with everything that lexicon, phrases and rules know about it. */
export type Analysis = {
  readonly folding: FoldedText;
  readonly tokens: readonly Token[];
  /** What is known of each token by itself; `undefined` for a word that neither lexicon nor word endings know. */
  readonly entries: readonly (LexiconEntry | undefined)[];
  readonly findings: readonly Finding[];
};

// Portal links end in 44 random characters, which now and then spell something.
const LINK_TOKEN = /(?<=\/m\/)[\w-]{44}(?![\w-])/g;

/** Puts zeros for the random part of portal links, keeping the length. Only what is mixed like a random token is taken out. */
function blankLinkTokens(text: string): string {
  return text.replace(LINK_TOKEN, (token) =>
    /\d/.test(token) &&
    /(?:[A-Z][^A-Z]*){6}/.test(token) &&
    /(?:[a-z][^a-z]*){6}/.test(token) &&
    !/[A-Za-z][a-z]{7}/.test(token)
      ? "0".repeat(token.length)
      : token,
  );
}

/** Whether digits belong to a longer number, such as a telephone number or an amount. */
function isPartOfNumber(folded: string, { word, start, end }: Token): boolean {
  return (
    /^\d+$/.test(word) &&
    (/[-.:/#$]/.test(folded.charAt(start - 1)) || /[-./:]\d/.test(folded.slice(end, end + 2)))
  );
}

/** Looks a text up in the lexicon, the phrases and the patterns. Never throws, whatever the text. */
export function analyse(text: string, wording?: PracticeWording): Analysis {
  return analyseFolded(fold(blankLinkTokens(text)), wording);
}

/** The same for a text that is folded already. */
export function analyseFolded(given: FoldedText, wording?: PracticeWording): Analysis {
  const folding = wording === undefined ? given : withoutRelaxed(given, wording);
  const { folded } = folding;
  const tokens = tokenize(folded);
  const entries: (LexiconEntry | undefined)[] = [];
  let findings: Finding[] = [];
  const idioms: { start: number; end: number }[] = [];

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const written = lookUp(token.word);
    let entry = written ?? lookUpInflected(token.word);
    if (entry === undefined && token.word.length >= 7) {
      const category = categoryOfEnding(token.word);
      if (category !== undefined) {
        entry = { strength: "listed", category, beginsPhrase: false };
        findings.push({
          rule: "clinical-ending",
          category,
          strength: "listed",
          via: "rule",
          tier: 3,
          start: token.start,
          end: token.end,
        });
      }
    } else if (entry !== undefined && entry.strength !== "ordinary" && !isPartOfNumber(folded, token)) {
      const tier = entry.strength === "weak" ? 1 : 3;
      findings.push({
        rule: `word-${entry.category}`,
        category: entry.category,
        strength: entry.strength,
        via: "lexicon",
        tier,
        start: token.start,
        end: token.end,
      });
    }
    entries.push(entry);
    if (entry?.beginsPhrase === true) {
      let phrase = token.word;
      for (let length = 2; length <= PHRASE_WORDS_MAX; length++) {
        const last = tokens[i + length - 1];
        if (last === undefined) break;
        phrase += ` ${last.word}`;
        const found = lookUp(phrase) ?? (phrase.endsWith("s") ? lookUp(phrase.slice(0, -1)) : undefined);
        if (found === undefined) continue;
        if (found.strength === "ordinary") {
          // An expression does not reach over the end of a sentence; a clinical phrase may.
          if (!/[.!?;] /.test(folded.slice(token.start, last.end)))
            idioms.push({ start: token.start, end: last.end });
          continue;
        }
        const tier = found.strength === "weak" ? 1 : 3;
        findings.push({
          rule: `phrase-${found.category}`,
          category: found.category,
          strength: found.strength,
          via: "phrase",
          tier,
          start: token.start,
          end: last.end,
        });
      }
    }
  }
  // Fixed expressions give the words inside them another meaning.
  if (idioms.length > 0)
    findings = findings.filter(
      ({ start, end }) => !idioms.some((idiom) => start >= idiom.start && end <= idiom.end),
    );
  for (const { rule, category, tier, pattern } of PATTERNS) {
    for (const match of folded.matchAll(pattern)) {
      findings.push({
        rule,
        category,
        strength: tier === 3 ? "strong" : "weak",
        via: "rule",
        tier,
        start: match.index,
        end: match.index + match[0].length,
      });
    }
  }
  if (wording !== undefined) findings.push(...tightenedFindings(tokens, wording));
  return { folding, tokens, entries, findings };
}
