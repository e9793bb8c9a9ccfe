import type { AlertKind } from "../domain/alerts/kinds.ts";
import { SHIPPED_TEMPLATES } from "../domain/alerts/shipped.ts";
import type { TemplatePart } from "../domain/alerts/templates.ts";
import type { Language, Purpose } from "../domain/words.ts";

/** A template that ships with the product, in its newest version and every language. */
export interface ShippedTemplate {
  readonly id: string;
  readonly use: AlertKind;
  readonly purpose: Purpose | null;
  readonly version: number;
  readonly texts: Readonly<Record<Language, readonly TemplatePart[]>>;
}

/** Every template that ships, once. */
export function shippedTemplates(): readonly ShippedTemplate[] {
  const found = new Map<string, ShippedTemplate>();
  for (const { id, use, purpose, version, language, parts } of SHIPPED_TEMPLATES) {
    const known = found.get(id);
    if (known !== undefined && known.version > version) continue;
    const texts = known?.version === version ? known.texts : { en: parts, es: parts };
    found.set(id, { id, use, purpose, version, texts: { ...texts, [language]: parts } });
  }
  return [...found.values()];
}
