import type { TemplateAudit } from "./audit-template.ts";
import { jsonLine } from "./escapes.ts";
import type { Tally } from "./tally.ts";
import type { TemplateRow } from "./template-rows.ts";

/** The line of JSON for one template. Spans are UTF-16 units of the text as the file holds it. */
export function templateJson(
  { line, row, id, name, text }: Extract<TemplateRow, { text: string }>,
  { tier, findings, suggestion, unclearPlaceholders }: TemplateAudit,
): string {
  return jsonLine({
    line,
    row,
    id: id ?? null,
    name: name ?? null,
    tier,
    findings: findings.map(({ rule, category, start, end, explanation }) => ({
      rule,
      category,
      start,
      end,
      excerpt: text.slice(start, end),
      explanation,
    })),
    unclearPlaceholders: unclearPlaceholders.map(({ start, end }) => ({
      start,
      end,
      excerpt: text.slice(start, end),
    })),
    suggestion: suggestion ?? null,
  });
}

/** The line of JSON for a row that could not be read. */
export function unreadableJson({ line, row, problem }: Extract<TemplateRow, { problem: string }>): string {
  return jsonLine({ line, row, error: problem });
}

/** The last line of JSON. */
export function summaryJson(
  tally: Tally,
  about: Readonly<Record<string, string | readonly string[]>>,
): string {
  return jsonLine({ summary: { ...tally, ...about } });
}
