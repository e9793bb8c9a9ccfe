import type { RowAudit } from "./audit-row.ts";
import { jsonLine } from "./escapes.ts";
import type { Tally } from "./tally.ts";
import type { TemplateRow } from "./template-rows.ts";

/** The line of JSON for one template. Spans are UTF-16 units of the field's text as the file holds it. */
export function templateJson(
  { line, row, id, name }: Exclude<TemplateRow, { problem: string }>,
  { tier, texts }: RowAudit,
): string {
  const most = texts.find(({ audit }) => audit.tier === tier);
  return jsonLine({
    line,
    row,
    id: id ?? null,
    name: name ?? null,
    tier,
    findings: texts.flatMap(({ field, text, audit }) =>
      audit.findings.map(({ rule, category, start, end, explanation }) => ({
        field: field ?? null,
        rule,
        category,
        start,
        end,
        excerpt: text.slice(start, end),
        explanation,
      })),
    ),
    unclearPlaceholders: texts.flatMap(({ field, text, audit }) =>
      audit.unclearPlaceholders.map(({ start, end }) => ({
        field: field ?? null,
        start,
        end,
        excerpt: text.slice(start, end),
      })),
    ),
    suggestion: most?.audit.suggestion ?? null,
    fields: texts.map(({ field, audit }) => ({
      field: field ?? null,
      tier: audit.tier,
      suggestion: audit.suggestion ?? null,
    })),
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
