import type { Language } from "../words.ts";

/** What an alert is for; each kind has one template per language. */
export type TemplateKind = "message" | "code";

/** The only things that may stand in a text beside a template's own words. */
export interface SlotValues {
  readonly practice: string;
  readonly phone: string;
  readonly link?: string;
  readonly code?: string;
}

/** A slot's name. */
export type Slot = keyof SlotValues;

/** A template's parts in order: words, or a slot to be filled. */
export type TemplatePart = string | { readonly slot: Slot };

/** One version of a template in one language. */
export interface Template {
  readonly id: TemplateKind;
  readonly version: number;
  readonly language: Language;
  readonly parts: readonly TemplatePart[];
}

const practice = { slot: "practice" } as const;
const phone = { slot: "phone" } as const;
const link = { slot: "link" } as const;
const code = { slot: "code" } as const;

/**
 * Every text this system can send. Spanish avoids á, í, ó and ú, which GSM-7 does not have, so that
 * a text stays in one part (3GPP TS 23.038), and every word less leaves more room for the practice's
 * name and host. The link stands before other words: phones preview a link that ends a text.
 */
export const TEMPLATES: readonly Template[] = [
  {
    id: "message",
    version: 1,
    language: "en",
    parts: [practice, ": new message. Read: ", link, " Call ", phone, ". Reply STOP to end"],
  },
  {
    id: "message",
    version: 1,
    language: "es",
    parts: [practice, ": mensaje nuevo. Lea: ", link, " Tel. ", phone, ". STOP para salir"],
  },
  {
    id: "code",
    version: 1,
    language: "en",
    parts: [
      practice,
      ": your code is ",
      code,
      ". It works for 10 minutes. Do not share it. Questions? ",
      phone,
      ". Reply STOP to end.",
    ],
  },
  {
    id: "code",
    version: 1,
    language: "es",
    parts: [
      practice,
      ": su clave es ",
      code,
      ". Vale 10 minutos. No la comparta. Preguntas: ",
      phone,
      ". Responda STOP para terminar.",
    ],
  },
];

/** The newest template of a kind in a language. */
export function templateFor(kind: TemplateKind, language: Language): Template {
  const found = TEMPLATES.filter((template) => template.id === kind && template.language === language).reduce<
    Template | undefined
  >((newest, template) => (newest && newest.version > template.version ? newest : template), undefined);
  if (found === undefined) throw new Error("no template of this kind in this language");
  return found;
}

/** How a template is named in records: `message@1`. */
export function templateName({ id, version }: Template): string {
  return `${id}@${version}`;
}
