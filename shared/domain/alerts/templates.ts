import { LANGUAGES, type Language, PURPOSES, type Purpose } from "../words.ts";
import { type ApprovedWords, shippedWords } from "./approved-words.ts";
import { type AlertKind, VISIT_KINDS } from "./kinds.ts";
import { MESSAGE_WORDING } from "./message-template.ts";
import type { SlotValue } from "./slot-value.ts";
import { newestVersion } from "./template-names.ts";
import { VISIT_WORDINGS } from "./visit-wordings.ts";

/** The only things that may stand in a text beside a template's own words, each from where it is made. */
export interface SlotValues {
  readonly practice: SlotValue<"practice">;
  readonly phone: SlotValue<"phone">;
  readonly link?: SlotValue<"link">;
  readonly code?: SlotValue<"code">;
  /** A day as {@link Language} writes it, such as `Tue, Dec 1`. */
  readonly date?: SlotValue<"date">;
  /** A time of day, such as `9:30 AM`; with the zone's letters where the patient lives in another. */
  readonly time?: SlotValue<"time">;
  /** Approved text names of the directory. */
  readonly provider?: SlotValue<"name">;
  readonly location?: SlotValue<"name">;
  readonly pharmacy?: SlotValue<"name">;
}

/** A slot's name. */
export type Slot = keyof SlotValues;

/** A template's parts in order: words, or a slot to be filled. */
export type TemplatePart = string | { readonly slot: Slot };

/** One version of a template in one language. */
export interface Template {
  /** The kind itself for the shipped wording of a kind; a name of its own, or `tpl_…`, for what can be chosen. */
  readonly id: string;
  /** The kind of alert whose text it is. */
  readonly use: AlertKind;
  /** What it may be used for; null: whatever the alert is about. */
  readonly purpose: Purpose | null;
  readonly version: number;
  readonly language: Language;
  readonly parts: ApprovedWords<TemplatePart>;
}

const practice = { slot: "practice" } as const;
const phone = { slot: "phone" } as const;
const link = { slot: "link" } as const;
const code = { slot: "code" } as const;

/** What each purpose is called in the question whether a number may be texted about it. */
const TOPICS: Readonly<Record<Language, Readonly<Record<Purpose, string>>>> = {
  en: {
    scheduling: "your visits",
    portal: "new messages",
    billing: "bills",
    pharmacy: "pick-ups",
    survey: "surveys",
    announcement: "office news",
  },
  es: {
    scheduling: "sus citas",
    portal: "mensajes nuevos",
    billing: "sus cuentas",
    pharmacy: "entregas",
    survey: "encuestas",
    announcement: "noticias de la oficina",
  },
};

const VISITS: ReadonlySet<string> = /* @__PURE__ */ new Set(VISIT_KINDS);

/**
 * The words of every text this system can send. Spanish avoids á, í, ó and ú, which GSM-7 does not
 * have, so that a text stays in few parts (3GPP TS 23.038), and every word less leaves more room for
 * the practice's name and host. The link stands before other words: phones preview a link that ends
 * a text.
 */
const WORDINGS: Readonly<
  Record<Exclude<AlertKind, `opt-in-${Purpose}`>, Readonly<Record<Language, readonly TemplatePart[]>>>
> = {
  message: MESSAGE_WORDING,
  nudge: {
    en: [practice, ": unread message: ", link, " Call ", phone, ". Reply STOP to end"],
    es: [practice, ": mensaje sin leer: ", link, " Tel. ", phone, ". STOP para salir"],
  },
  code: {
    en: [
      practice,
      ": your code is ",
      code,
      ". It works for 10 minutes. Do not share it. Questions? ",
      phone,
      ". Reply STOP to end.",
    ],
    es: [
      practice,
      ": su clave es ",
      code,
      ". Vale 10 minutos. No la comparta. Preguntas: ",
      phone,
      ". Responda STOP para terminar.",
    ],
  },
  "opt-in-confirmed": {
    en: [
      practice,
      ": you signed up for texts. Message frequency varies. Msg&data rates may apply. Call ",
      phone,
      ". Reply HELP for help, STOP to end.",
    ],
    es: [
      practice,
      ": usted acepta mensajes. La cantidad varia. Pueden aplicar tarifas. Tel. ",
      phone,
      ". Responda HELP para ayuda, STOP para terminar.",
    ],
  },
  stopped: {
    en: [
      practice,
      ": you will get no more texts. Questions? Call ",
      phone,
      ". Reply START to get them again.",
    ],
    es: [
      practice,
      ": no recibe mas mensajes. Preguntas: ",
      phone,
      ". Responda START para recibirlos otra vez.",
    ],
  },
  "stopped-cancel": {
    en: [
      practice,
      ": you will get no more texts. Did you mean a visit? Call ",
      phone,
      ". Reply START to get texts again.",
    ],
    es: [
      practice,
      ": no recibe mas mensajes. Era por una cita? Llame al ",
      phone,
      ". Responda START para recibirlos otra vez.",
    ],
  },
  started: {
    en: [
      practice,
      ": you will get texts again. Message frequency varies. Msg&data rates may apply. Call ",
      phone,
      ". Reply HELP for help, STOP to end.",
    ],
    es: [
      practice,
      ": recibe mensajes otra vez. La cantidad varia. Pueden aplicar tarifas. Tel. ",
      phone,
      ". HELP para ayuda, STOP para terminar.",
    ],
  },
  help: {
    en: [
      practice,
      ": texts about your messages and visits. Call ",
      phone,
      ". Message frequency varies. Msg&data rates may apply. Reply STOP to end.",
    ],
    es: [
      practice,
      ": avisos de mensajes y citas. Llame al ",
      phone,
      ". La cantidad varia. Pueden aplicar tarifas. Responda STOP para terminar.",
    ],
  },
  received: {
    en: [
      practice,
      ": we got your text and will answer in office hours. Call ",
      phone,
      ". Emergency? Call 911.",
    ],
    es: [practice, ": llego su mensaje; respondemos en horas de oficina. Tel. ", phone, ". Emergencia: 911."],
  },
  "received-closed": {
    en: [
      practice,
      ": we got your text. The office is closed and will answer when it opens. ",
      phone,
      ". Emergency? Call 911.",
    ],
    es: [
      practice,
      ": llego su mensaje. La oficina esta cerrada; respondemos al abrir. ",
      phone,
      ". Emergencia: 911.",
    ],
  },
  emergency: {
    en: [practice, ": texts here are not read at once. Emergency? Call 911 now. Office: ", phone, "."],
    es: [practice, ": no leemos los mensajes en seguida. Emergencia: llame al 911 ya. Oficina: ", phone, "."],
  },
  crisis: {
    en: [
      practice,
      ": texts here are not read at once. In danger? Call 911. Call or text 988 at any hour. Office: ",
      phone,
      ".",
    ],
    es: [
      practice,
      ": no leemos los mensajes en seguida. En peligro: 911. Para hablar con alguien ya: llame o escriba al 988. ",
      "Oficina: ",
      phone,
      ".",
    ],
  },
  ...VISIT_WORDINGS,
  "ask-cancel": {
    en: [practice, ": we got your text. To cancel a visit call ", phone, ". To end these texts reply STOP."],
    es: [
      practice,
      ": llego su mensaje. Para cancelar una cita llame al ",
      phone,
      ". Para no recibir mas: STOP.",
    ],
  },
};

/** The question names the purpose and says the three things that a grant acknowledges (REQUIREMENTS row 1). */
function optInWording(language: Language, purpose: Purpose): readonly TemplatePart[] {
  const topic = TOPICS[language][purpose];
  return language === "en"
    ? [
        practice,
        `: may we text this number about ${topic}? Texts are not fully private; stop any time with STOP. `,
        "If it is your number and you agree, reply YES. Msg&data rates may apply. Help: ",
        phone,
      ]
    : [
        practice,
        `: podemos escribir a este numero sobre ${topic}? No es del todo privado; termine con STOP. `,
        "Si es su numero y acepta, responda SI. Pueden aplicar tarifas. Ayuda: ",
        phone,
      ];
}

/** The wording of each kind in each language. What a message may choose beside is in message-library.ts. */
export const TEMPLATES: readonly Template[] = /* @__PURE__ */ LANGUAGES.flatMap((language) => [
  ...Object.entries(WORDINGS).map(
    ([use, wording]): Template => ({
      id: use,
      use: use as AlertKind,
      purpose: VISITS.has(use) ? "scheduling" : null,
      version: newestVersion(use as AlertKind),
      language,
      parts: shippedWords(wording[language]),
    }),
  ),
  ...PURPOSES.map(
    (purpose): Template => ({
      id: `opt-in-${purpose}`,
      use: `opt-in-${purpose}`,
      purpose,
      version: newestVersion(`opt-in-${purpose}`),
      language,
      parts: shippedWords(optInWording(language, purpose)),
    }),
  ),
]);

/** The newest template of a kind in a language. */
export function templateFor(kind: AlertKind, language: Language): Template {
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
