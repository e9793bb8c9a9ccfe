import type { Language } from "../words.ts";
import { type ApprovedWords, shippedWords } from "./approved-words.ts";
import type { AlertKind } from "./kinds.ts";
import { maskedLink, type RenderedWords } from "./render.ts";
import type { SlotValue } from "./slot-value.ts";

/** What an e-mail may be for: it tells that a message waits, once or again. Everything else is a text. */
export type EmailKind = Extract<AlertKind, "message" | "nudge">;

/** The only things that may stand in an e-mail beside a template's own words; all of them must. */
export interface EmailSlotValues {
  readonly practice: SlotValue<"practice">;
  readonly phone: SlotValue<"phone">;
  readonly link: SlotValue<"link">;
}

/** A slot's name; the address that ends the patient's e-mails comes from the link. */
type EmailSlot = keyof EmailSlotValues | "unsubscribe";

type EmailPart = string | { readonly slot: EmailSlot };

/** One version of an e-mail in one language. */
export interface EmailTemplate {
  readonly id: `email-${EmailKind}`;
  readonly version: number;
  readonly language: Language;
  readonly subject: ApprovedWords<EmailPart>;
  readonly body: ApprovedWords<EmailPart>;
}

/** An e-mail ready to send. */
export interface RenderedEmail {
  readonly subject: RenderedWords;
  readonly text: RenderedWords;
  /** Subject and text with the link's token masked: what records keep and the found-phone test reads. */
  readonly masked: string;
  /** What filled the template's slots, masked likewise: from it and the template `masked` can be made again. */
  readonly slots: Readonly<Record<keyof EmailSlotValues, string>>;
  /** Where the e-mails of the link's patient are ended, by one POST (RFC 8058) or by a person. */
  readonly unsubscribeUrl: string;
}

const practice = { slot: "practice" } as const;
const phone = { slot: "phone" } as const;
const link = { slot: "link" } as const;
const unsubscribe = { slot: "unsubscribe" } as const;

type WrittenEmail = Readonly<Record<"subject" | "body", readonly EmailPart[]>>;

/**
 * The words of every e-mail this system can send. They pass the same test as texts: whoever finds the
 * phone or the open mailbox learns that an office wrote, and nothing else. The subject is what a
 * locked screen shows.
 */
const WORDINGS: Readonly<Record<EmailKind, Readonly<Record<Language, WrittenEmail>>>> = {
  message: {
    en: {
      subject: ["New message from ", practice],
      body: [
        practice,
        " has a new message for you.\n\nRead it here:\n",
        link,
        "\n\nQuestions? Call ",
        phone,
        ".\n\nTo get no more of these e-mails:\n",
        unsubscribe,
        "\n",
      ],
    },
    es: {
      subject: ["Mensaje nuevo de ", practice],
      body: [
        practice,
        " tiene un mensaje nuevo para usted.\n\nLéalo aquí:\n",
        link,
        "\n\n¿Preguntas? Llame al ",
        phone,
        ".\n\nPara no recibir más de estos correos:\n",
        unsubscribe,
        "\n",
      ],
    },
  },
  nudge: {
    en: {
      subject: ["Unread message from ", practice],
      body: [
        "A message from ",
        practice,
        " is still unread.\n\nRead it here:\n",
        link,
        "\n\nQuestions? Call ",
        phone,
        ".\n\nTo get no more of these e-mails:\n",
        unsubscribe,
        "\n",
      ],
    },
    es: {
      subject: ["Mensaje sin leer de ", practice],
      body: [
        "Un mensaje de ",
        practice,
        " sigue sin leer.\n\nLéalo aquí:\n",
        link,
        "\n\n¿Preguntas? Llame al ",
        phone,
        ".\n\nPara no recibir más de estos correos:\n",
        unsubscribe,
        "\n",
      ],
    },
  },
};

/** The newest e-mail of a kind in a language. */
export function emailTemplateFor(kind: EmailKind, language: Language): EmailTemplate {
  const { subject, body } = WORDINGS[kind][language];
  const words = { subject: shippedWords(subject), body: shippedWords(body) };
  return { id: `email-${kind}`, version: 1, language, ...words };
}

/** Every e-mail this system can send. */
export const EMAIL_TEMPLATES: readonly EmailTemplate[] = (["message", "nudge"] as const).flatMap((kind) =>
  (["en", "es"] as const).map((language) => emailTemplateFor(kind, language)),
);

/** How an e-mail's template is named in records: `email-message@1`. */
export function emailTemplateName({ id, version }: EmailTemplate): string {
  return `${id}@${version}`;
}

function fill(parts: readonly EmailPart[], values: Readonly<Record<EmailSlot, string>>): string {
  return parts.map((part) => (typeof part === "string" ? part : values[part.slot])).join("");
}

function withUnsubscribe(slots: RenderedEmail["slots"]): Readonly<Record<EmailSlot, string>> {
  return { ...slots, unsubscribe: `${slots.link}/unsubscribe` };
}

/** Renders an e-mail. Throws when a slot has no value, or one that would add a line (to a header, at worst). */
export function renderEmail(template: EmailTemplate, slots: EmailSlotValues): RenderedEmail {
  for (const [slot, value] of Object.entries(slots)) {
    if (value === "" || /[\r\n]/.test(value)) throw new Error(`the slot ${slot} has no fit value`);
  }
  const values = withUnsubscribe(slots);
  const maskedSlots = { ...slots, link: maskedLink(slots.link) };
  const masked = withUnsubscribe(maskedSlots);
  return {
    subject: fill(template.subject, values) as RenderedWords,
    text: fill(template.body, values) as RenderedWords,
    masked: `${fill(template.subject, masked)}\n\n${fill(template.body, masked)}`,
    slots: maskedSlots,
    unsubscribeUrl: values.unsubscribe,
  };
}
