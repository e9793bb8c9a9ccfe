import type { Language } from "../words.ts";
import { shippedWords } from "./approved-words.ts";
import type { Template, TemplatePart } from "./templates.ts";

const practice = { slot: "practice" } as const;
const phone = { slot: "phone" } as const;
const link = { slot: "link" } as const;

/** Tells that a message waits. Apart from the others, so that what only accepts messages need not carry those. */
export const MESSAGE_WORDING: Readonly<Record<Language, readonly TemplatePart[]>> = {
  en: [practice, ": new message. Read: ", link, " Call ", phone, ". Reply STOP to end"],
  es: [practice, ": mensaje nuevo. Lea: ", link, " Tel. ", phone, ". STOP para salir"],
};

/** The newest template of the kind `message` in a language. */
export function messageTemplate(language: Language): Template {
  return {
    id: "message",
    use: "message",
    purpose: null,
    version: 1,
    language,
    parts: shippedWords(MESSAGE_WORDING[language]),
  };
}
