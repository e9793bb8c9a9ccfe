import type { Category } from "#shared/domain/classification/categories.ts";
import { type Classification, classify } from "#shared/domain/classification/classify.ts";
import { findPlaceholders, type Placeholder } from "#shared/domain/fields/placeholders.ts";
import type { Language, Tier } from "#shared/domain/words.ts";
import { languageOf, plainForm } from "./language.ts";
import { purposeOf, type TemplatePurpose } from "./purposes.ts";
import { SAFE_TEXTS } from "./safe-texts.ts";
import { type FilledText, fillPlaceholders, isInsideWord } from "./stand-ins.ts";

/** What raises a template's tier: a named rule and the UTF-16 span `[start, end)` of the template as written. */
export interface AuditFinding {
  readonly rule: string;
  readonly category: Category;
  readonly start: number;
  readonly end: number;
  readonly explanation: string;
}

/** A text that may stand in for a template. */
export interface Suggestion {
  readonly purpose: TemplatePurpose;
  readonly language: Language;
  readonly text: string;
}

/** What the audit says of one template. */
export interface TemplateAudit {
  readonly tier: Tier;
  /** In order of their place. Above tier 1 there is at least one. */
  readonly findings: readonly AuditFinding[];
  /** Always there for tier 3; for tier 2 where the words show a purpose. */
  readonly suggestion?: Suggestion;
  /** Placeholders whose names say nothing of what will fill them: spans for somebody to look at. */
  readonly unclearPlaceholders: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Judges a template as the practice would send it. Placeholders are read as neutral words of their kind, so they raise
 * nothing and hide nothing; one whose name is that of a clinical field, or that carries free text, makes the template
 * clinical. Never throws.
 */
export function auditTemplate(text: string): TemplateAudit {
  const placeholders = findPlaceholders(text);
  const filled = fillPlaceholders(text, placeholders);
  const readings = [judged(filled)];
  if (placeholders.some((placeholder) => isInsideWord(text, placeholder)))
    readings.push(judged(fillPlaceholders(text, placeholders, { closeUp: true })));
  const fields = placeholders.flatMap(fieldFindings);
  const tier = fields.length > 0 ? 3 : highest(readings.map((reading) => reading.tier));
  const telling = readings.filter((reading) => reading.tier === tier);
  const suggestion = tier === 1 ? undefined : suggest(text, placeholders, filled.text, tier);
  return {
    tier,
    findings: inOrder([...fields, ...telling.flatMap((reading) => reading.findings)]),
    ...(suggestion === undefined ? {} : { suggestion }),
    unclearPlaceholders: placeholders
      .filter(({ meaning }) => meaning.is === "harmless" && meaning.kind === "unknown")
      .map(({ start, end }) => ({ start, end })),
  };
}

function judged(filled: FilledText): { tier: Tier; findings: readonly AuditFinding[] } {
  const { tier, reasons }: Classification = classify(filled.text, { direction: "outbound" });
  return {
    tier,
    findings: reasons.map(({ rule, category, start, end, explanation }) => ({
      rule,
      category,
      ...filled.originalSpan(start, end),
      explanation,
    })),
  };
}

function fieldFindings({ start, end, meaning }: Placeholder): readonly AuditFinding[] {
  switch (meaning.is) {
    case "clinical":
      return [
        {
          rule: "clinical-field",
          category: meaning.category,
          start,
          end,
          explanation: "A placeholder here is filled with something clinical.",
        },
      ];
    case "free-text":
      return [
        {
          rule: "free-text-field",
          category: "other",
          start,
          end,
          explanation: "A placeholder here is filled with free text, which can tell anything.",
        },
      ];
    case "harmless":
    case "markup":
      return [];
    default:
      return meaning satisfies never;
  }
}

function highest(tiers: readonly Tier[]): Tier {
  return tiers.reduce<Tier>((most, tier) => (tier > most ? tier : most), 1);
}

/** In order of their place and without repeats. */
function inOrder(findings: readonly AuditFinding[]): readonly AuditFinding[] {
  const kept = new Map(
    findings.map((finding) => [`${finding.start}:${finding.end}:${finding.rule}`, finding]),
  );
  return [...kept.values()].sort((left, right) => left.start - right.start || left.end - right.end);
}

function suggest(
  text: string,
  placeholders: readonly Placeholder[],
  filled: string,
  tier: Tier,
): Suggestion | undefined {
  // Where the words alone show no purpose, the names of the placeholders may.
  const found =
    purposeOf(plainForm(filled)) ??
    purposeOf(plainForm(text)) ??
    (placeholders.some(isDateOrTime) ? "appointment-reminder" : undefined);
  if (found === undefined && tier < 3) return undefined;
  const purpose = found ?? "message-waiting";
  const language = languageOf(plainForm(withoutPlaceholders(text, placeholders)));
  return { purpose, language, text: SAFE_TEXTS[purpose][language] };
}

function withoutPlaceholders(text: string, placeholders: readonly Placeholder[]): string {
  let from = 0;
  let words = "";
  for (const { start, end } of placeholders) {
    words += `${text.slice(from, start)} `;
    from = end;
  }
  return words + text.slice(from);
}

function isDateOrTime({ meaning }: Placeholder): boolean {
  return meaning.is === "harmless" && ["date", "time", "date-time"].includes(meaning.kind);
}
