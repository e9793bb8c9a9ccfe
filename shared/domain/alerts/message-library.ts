import { parseTemplate } from "../templates/parse.ts";
import { LANGUAGES, type Language, type Purpose } from "../words.ts";
import { shippedWords } from "./approved-words.ts";
import type { Template } from "./templates.ts";

interface Choice {
  readonly id: string;
  readonly purpose: Purpose;
  readonly texts: Readonly<Record<Language, string>>;
}

/**
 * What kind of thing waits, and nothing of what it is about. A text without a date or a name has no more words of its own
 * than the plain `message`, so that what a stage allows for that one fits these too.
 */
const CHOICES: readonly Choice[] = [
  {
    id: "results-ready",
    purpose: "portal",
    texts: {
      en: "{practice}: result ready. See: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: resultado listo: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "document-ready",
    purpose: "portal",
    texts: {
      en: "{practice}: new document. See: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: documento nuevo: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "document-received",
    purpose: "portal",
    texts: {
      en: "{practice}: document received: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: documento recibido: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "form-to-fill",
    purpose: "portal",
    texts: {
      en: "{practice}: form to fill. See: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: llene un formulario: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "message-from-provider",
    purpose: "portal",
    texts: {
      en: "{practice}: message from {provider}: {link} Call {phone}. STOP to end",
      es: "{practice}: mensaje de {provider}: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "visit-details",
    purpose: "scheduling",
    texts: {
      en: "{practice}: before your visit: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: antes de su cita: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "visit-by-video",
    purpose: "scheduling",
    texts: {
      en: "{practice}: your visit. Join: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: su cita. Entre: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "visit-to-book",
    purpose: "scheduling",
    texts: {
      en: "{practice}: time to book a visit: {link} Call {phone}. STOP to end",
      es: "{practice}: haga una cita: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "visit-missed",
    purpose: "scheduling",
    texts: {
      en: "{practice}: we missed you. See: {link} Call {phone}. STOP to end",
      es: "{practice}: no pudimos verle: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "statement-ready",
    purpose: "billing",
    texts: {
      en: "{practice}: new statement. See: {link} Call {phone}. STOP to end",
      es: "{practice}: cuenta nueva. Vea: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "balance-reminder",
    purpose: "billing",
    texts: {
      en: "{practice}: you have a balance. See: {link} Call {phone}. STOP to end",
      es: "{practice}: tiene un saldo. Vea: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "payment-received",
    purpose: "billing",
    texts: {
      en: "{practice}: payment received: {link} Call {phone}. STOP to end",
      es: "{practice}: pago recibido: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "pharmacy-pick-up",
    purpose: "pharmacy",
    texts: {
      en: "{practice}: pick-up ready: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: entrega lista. Vea: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "pharmacy-pick-up-at",
    purpose: "pharmacy",
    texts: {
      en: "{practice}: pick-up at {pharmacy}: {link} Call {phone}. STOP to end",
      es: "{practice}: entrega en {pharmacy}: {link} Tel. {phone}. STOP: salir",
    },
  },
  {
    id: "pharmacy-refill",
    purpose: "pharmacy",
    texts: {
      en: "{practice}: time to refill. See: {link} Call {phone}. STOP to end",
      es: "{practice}: hora de surtir. Vea: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "survey",
    purpose: "survey",
    texts: {
      en: "{practice}: how did we do? Tell us: {link} Call {phone}. STOP to end",
      es: "{practice}: denos su opinion: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "office-news",
    purpose: "announcement",
    texts: {
      en: "{practice}: office news. See: {link} Call {phone}. Reply STOP to end",
      es: "{practice}: noticias. Vea: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "office-closed",
    purpose: "announcement",
    texts: {
      en: "{practice}: closed {date}: {link} Call {phone}. STOP to end",
      es: "{practice}: cierra {date}: {link} Tel. {phone}. STOP para salir",
    },
  },
  {
    id: "location-news",
    purpose: "announcement",
    texts: {
      en: "{practice}: news of {location}: {link} Call {phone}. STOP to end",
      es: "{practice}: noticias, {location}: {link} Tel. {phone}. STOP: salir",
    },
  },
];

/** What a message may choose to be announced by, beside the plain `message`: each for one purpose. */
export const MESSAGE_TEMPLATES: readonly Template[] = /* @__PURE__ */ CHOICES.flatMap(
  ({ id, purpose, texts }) =>
    LANGUAGES.map((language): Template => {
      const { parts } = parseTemplate(texts[language]);
      return { id, use: "message", purpose, version: 1, language, parts: shippedWords(parts) };
    }),
);
