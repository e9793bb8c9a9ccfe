import type { Language } from "../words.ts";
import { MESSAGE_TEMPLATES } from "./message-library.ts";
import { TEMPLATES, type Template, templateName } from "./templates.ts";

/** Every template that comes with the product, in every version and language. */
export const SHIPPED_TEMPLATES: readonly Template[] = /* @__PURE__ */ [...TEMPLATES, ...MESSAGE_TEMPLATES];

/** The shipped template that records name so (`id@version`); undefined where there is none. */
export function templateNamed(name: string, language: Language): Template | undefined {
  return SHIPPED_TEMPLATES.find(
    (template) => template.language === language && templateName(template) === name,
  );
}
