import type { Category } from "#shared/domain/classification/categories.ts";
import type { Tier } from "#shared/domain/words.ts";
import type { RowAudit } from "./audit-row.ts";
import { NAMED_ROWS_MAX } from "./limits.ts";

/** What an audit came to. Its size does not grow with the file. */
export interface Tally {
  templates: number;
  readonly tiers: Record<Tier, number>;
  readonly findings: Partial<Record<Category, number>>;
  unclearPlaceholders: number;
  emptyTexts: number;
  unreadable: number;
  /** The first of the rows that could not be read. */
  readonly unreadableRows: { readonly line: number; readonly row: number; readonly reason: string }[];
}

export function emptyTally(): Tally {
  return {
    templates: 0,
    tiers: { 1: 0, 2: 0, 3: 0 },
    findings: {},
    unclearPlaceholders: 0,
    emptyTexts: 0,
    unreadable: 0,
    unreadableRows: [],
  };
}

/** Adds a template. */
export function countTemplate(tally: Tally, { tier, texts }: RowAudit): void {
  tally.templates += 1;
  tally.tiers[tier] += 1;
  for (const { audit } of texts) {
    tally.unclearPlaceholders += audit.unclearPlaceholders.length;
    for (const { category } of audit.findings) tally.findings[category] = (tally.findings[category] ?? 0) + 1;
  }
}

/** Adds a row that could not be read. */
export function countUnreadable(
  tally: Tally,
  { line, row, problem }: { readonly line: number; readonly row: number; readonly problem: string },
): void {
  tally.unreadable += 1;
  if (tally.unreadableRows.length < NAMED_ROWS_MAX) tally.unreadableRows.push({ line, row, reason: problem });
}
