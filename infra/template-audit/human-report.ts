import type { Tier } from "#shared/domain/words.ts";
import type { AuditedText, RowAudit } from "./audit-row.ts";
import { showable } from "./escapes.ts";
import { excerptOf, MARKS } from "./excerpts.ts";
import type { Tally } from "./tally.ts";
import type { TemplateRow } from "./template-rows.ts";

const TIER_NAMES: Readonly<Record<Tier, string>> = {
  1: "administrative",
  2: "notification",
  3: "clinical",
};
const LANGUAGE_NAMES = { en: "English", es: "Spanish" } as const;
const LABEL_UNITS_MAX = 80;

/** What the report says of one template; nothing of one that has no findings. */
export function templateLines(
  row: Exclude<TemplateRow, { problem: string }>,
  { tier, texts }: RowAudit,
): string {
  const lines = texts.flatMap(textLines);
  if (lines.length === 0) return "";
  return `${[`${place(row)}: tier ${tier}, ${TIER_NAMES[tier]}`, ...lines].join("\n")}\n\n`;
}

function textLines({ field, text: words, audit }: AuditedText): readonly string[] {
  const { tier, findings, suggestion, unclearPlaceholders } = audit;
  if (findings.length === 0 && unclearPlaceholders.length === 0) return [];
  const lines = field === undefined ? [] : [`  In ${quoted(field)} (tier ${tier}):`];
  for (const { rule, category, start, end, explanation } of findings) {
    lines.push(`  ${rule} (${category}): ${explanation}`, `    ${excerptOf(words, start, end)}`);
  }
  for (const { start, end } of unclearPlaceholders) {
    lines.push("  To check: this placeholder's name does not say what fills it.");
    lines.push(`    ${excerptOf(words, start, end)}`);
  }
  if (suggestion !== undefined) {
    const { purpose, language, text } = suggestion;
    lines.push(`  Instead (${purpose.replaceAll("-", " ")}, ${LANGUAGE_NAMES[language]}): ${text}`);
  }
  return lines;
}

/** What the report says of a row that could not be read. */
export function unreadableLines(row: Extract<TemplateRow, { problem: string }>): string {
  return `${place(row)}: not read: ${row.problem}\n\n`;
}

/** The end of the report. */
export function summaryLines(
  tally: Tally,
  about: Readonly<Record<string, string | readonly string[]>>,
): string {
  const { templates, tiers, findings, unclearPlaceholders, emptyTexts, unreadable, unreadableRows } = tally;
  const lines = [`Templates read: ${templates} (${describe(about)})`];
  for (const tier of [1, 2, 3] as const) lines.push(`  tier ${tier}, ${TIER_NAMES[tier]}: ${tiers[tier]}`);
  const byCategory = Object.entries(findings).sort(([, left], [, right]) => right - left);
  if (byCategory.length > 0)
    lines.push(`Findings by category: ${byCategory.map(([name, count]) => `${name} ${count}`).join(", ")}`);
  if (unclearPlaceholders > 0) lines.push(`Placeholders to check by hand: ${unclearPlaceholders}`);
  if (emptyTexts > 0) lines.push(`Rows with an empty text: ${emptyTexts}`);
  const unread = about["unreadTextColumns"] ?? [];
  if (unread.length > 0)
    lines.push(
      `Other columns that look like texts were not read: ${[unread].flat().map(showable).join(", ")}. Run again with --column NAME for each.`,
    );
  if (unreadable > 0) {
    lines.push(`Rows that could not be read: ${unreadable}`);
    for (const { line, row, reason } of unreadableRows) lines.push(`  line ${line}, row ${row}: ${reason}`);
    if (unreadable > unreadableRows.length) lines.push(`  and ${unreadable - unreadableRows.length} more`);
  }
  if (tiers[2] + tiers[3] > 0)
    lines.push(`${MARKS.open} ${MARKS.close} mark the words that a finding is about.`);
  return `${lines.join("\n")}\n`;
}

function place({ line, row, ...labels }: TemplateRow): string {
  const { id, name } = labels as { readonly id?: string; readonly name?: string };
  return [
    `line ${line}`,
    `row ${row}`,
    ...[id, name].flatMap((label) => (label ? [quoted(label)] : [])),
  ].join(", ");
}

function quoted(label: string): string {
  return `"${showable([...label].slice(0, LABEL_UNITS_MAX).join(""))}"`;
}

function describe({
  format,
  separator,
  encoding,
  textColumns,
}: Readonly<Record<string, string | readonly string[]>>) {
  const parts = [
    format === "csv" ? "CSV" : "JSON Lines",
    ...(separator === undefined ? [] : [separator]),
    encoding,
  ];
  const columns = [textColumns ?? []].flat().map(quoted);
  if (columns.length === 0) return parts.join(", ");
  return `${parts.join(", ")}; text in the column${columns.length > 1 ? "s" : ""} ${columns.join(", ")}`;
}
