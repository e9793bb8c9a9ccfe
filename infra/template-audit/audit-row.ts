import type { Tier } from "#shared/domain/words.ts";
import { auditTemplate, type TemplateAudit } from "./audit-template.ts";
import type { TemplateText } from "./template-rows.ts";

/** A text of a template with what the audit says of it. */
export type AuditedText = TemplateText & { readonly audit: TemplateAudit };

/** What the audit says of a template with all its texts. */
export interface RowAudit {
  /** The highest of its texts' tiers. */
  readonly tier: Tier;
  /** Those with anything in them, in the file's order. */
  readonly texts: readonly AuditedText[];
}

/** Judges each text of a template by itself. */
export function auditRow(texts: readonly TemplateText[]): RowAudit {
  const audited = texts
    .filter(({ text }) => text.trim() !== "")
    .map((text) => ({ ...text, audit: auditTemplate(text.text) }));
  const tier = audited.reduce<Tier>((most, { audit }) => (audit.tier > most ? audit.tier : most), 1);
  return { tier, texts: audited };
}
