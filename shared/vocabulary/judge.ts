import { rulesOf } from "../domain/alerts/kinds.ts";
import type { TemplatePart } from "../domain/alerts/templates.ts";
import { createPracticeClassifier } from "../domain/classification/practice-classifier.ts";
import { findDifferences } from "../domain/templates/languages-differ.ts";
import { lintTemplate } from "../domain/templates/lint.ts";
import { parseTemplate } from "../domain/templates/parse.ts";
import { possibleTexts } from "../domain/templates/possible-texts.ts";
import { checkTextName } from "../domain/templates/text-name.ts";
import { LANGUAGES, type Tier } from "../domain/words.ts";
import type { Judge, NameFinding, TemplateFinding } from "./ports.ts";
import type { DirectoryKind, Vocabulary } from "./records.ts";
import { type PracticeInTexts, slotSets, widestValues } from "./slot-sets.ts";

const STANDING_IN: Readonly<Record<string, string>> = {
  link: "******",
  code: "******",
  date: "Tue, Dec 1",
  time: "9:30 AM",
};

function withName(
  parts: readonly TemplatePart[],
  kind: DirectoryKind,
  name: string,
  practice: PracticeInTexts,
) {
  const values: Readonly<Record<string, string>> = {
    ...STANDING_IN,
    practice: practice.name,
    phone: practice.phone,
    [kind]: name,
  };
  return parts.map((part) => (typeof part === "string" ? part : (values[part.slot] ?? name))).join("");
}

/** Judges names and templates of one practice, by the same classifier that every text passes before it leaves. */
export function createJudge(practice: PracticeInTexts): Judge {
  const { classify: classifyText } = createPracticeClassifier(practice.wording);
  const classify = (text: string) => classifyText(text, { direction: "outbound" });

  /** Own templates that would carry the name: those that ship are looked at by {@link checkTextName}. */
  function inOwnTemplates(name: string, kind: DirectoryKind, { templates }: Vocabulary): NameFinding[] {
    const isClinical = templates
      .flatMap(({ texts }) => LANGUAGES.map((language) => texts[language]))
      .filter((parts) => parts.some((part) => typeof part !== "string" && part.slot === kind))
      .some((parts) => classify(withName(parts, kind, name, practice)).tier === 3);
    if (!isClinical) return [];
    const explanation = "In one of the practice's own templates, the name tells of a kind of care.";
    return [{ code: "clinical-name", start: 0, end: name.length, explanation }];
  }

  /** With the widest of everything else, a text of a template in force would not fit in its parts. */
  function makesTooLong(name: string, kind: DirectoryKind, { templates, names }: Vocabulary): NameFinding[] {
    const isTooLong = LANGUAGES.some((language) => {
      const values = { ...widestValues(slotSets(practice, names, language)), [kind]: [name] };
      return templates
        .filter(({ texts }) => texts[language].some((part) => typeof part !== "string" && part.slot === kind))
        .some(({ use, texts }) => {
          const [longest] = possibleTexts(texts[language], values).longest;
          return (longest?.parts.segments ?? 0) > (rulesOf(use).partsMax ?? practice.textPartsMax);
        });
    });
    if (!isTooLong) return [];
    const explanation =
      "With the name, a text of the practice's own templates has more parts than it may have.";
    return [{ code: "too-long", start: 0, end: name.length, explanation }];
  }

  return {
    nameFindings: (name, kind, vocabulary) => {
      const findings = checkTextName(name, kind, classify);
      return findings.length > 0
        ? findings
        : [...inOwnTemplates(name, kind, vocabulary), ...makesTooLong(name, kind, vocabulary)];
    },
    judgeTemplate: ({ use, purpose, texts }, names) => {
      const partsMax = rulesOf(use).partsMax ?? practice.textPartsMax;
      let tier: Tier = 1;
      const findings = LANGUAGES.flatMap((language): TemplateFinding[] => {
        const values = widestValues(slotSets(practice, names, language));
        const outcome = lintTemplate(texts[language], { use, purpose, language, values, partsMax, classify });
        if (outcome.tier > tier) tier = outcome.tier;
        return outcome.findings.map((finding) => ({ language, ...finding }));
      });
      findings.push(...findDifferences(texts));
      if (findings.length > 0) return { kind: "unfit", findings };
      const parts = { en: parseTemplate(texts.en).parts, es: parseTemplate(texts.es).parts };
      return { kind: "fit", tier, parts };
    },
  };
}
