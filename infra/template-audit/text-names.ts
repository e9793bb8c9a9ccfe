import { cutIntoWords } from "#shared/domain/fields/field-words.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Words for what a patient gets to read or hear. */
const TEXTS = words(
  `text texts body message messages msg content contents sms mms email emails subject script wording preheader
   texto textos mensaje mensajes asunto cuerpo contenido`,
);
/** Words for a text only where nothing but {@link BESIDE} stands with them: `Template Owner` is none. */
const TEMPLATES = words("template templates plantilla plantillas");
/** Words for a language or a channel, and what joins words of a name. */
const BESIDE = words(
  `en es eng esp spa us mx pr english spanish ingles espanol lang1 lang2 mail correo push voice ivr voicemail phone
   portal app notification whatsapp html plain rich short long de del la el line default primary secondary reminder
   recordatorio patient paciente`,
);
/** Words for something about a text: a name that ends with one is not that of a text, but `status_message` is. */
const ABOUT = words(
  `id ids name names type types code codes key count length len size enabled flag date time timestamp status format
   encoding charset address addresses category language lang locale channel from sender url owner author`,
);
/** The same in Spanish, where such a word comes first: `tipo_mensaje`. */
const ABOUT_FIRST = words(
  "id nombre tipo codigo clave estado idioma fecha direccion categoria canal remitente",
);
const ALL: ReadonlySet<string> = new Set([...TEXTS, ...TEMPLATES, ...BESIDE, ...ABOUT, ...ABOUT_FIRST]);
/** Names that have a word for a text and are the template's own. */
const LABELS = words("messagetitle");
const NAME_WORDS_MAX = 5;

/** The words of a name in lower case, without accents and numbers. */
function wordsIn(name: string): readonly string[] {
  return name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "")
    .flatMap((word) => cutIntoWords(word, ALL));
}

/** Whether a column or key of this name holds a text that a patient would get: `body`, `sms_en`, `Email Subject`. */
export function isTextName(name: string): boolean {
  const found = wordsIn(name);
  if (found.length === 0 || found.length > NAME_WORDS_MAX || isAboutText(name)) return false;
  if (LABELS.has(found.join(""))) return false;
  if (found.some((word) => TEXTS.has(word))) return true;
  return isOfTextWords(name);
}

/** Whether the name of a key says that it holds something about a text, not the text. */
export function isAboutText(name: string): boolean {
  const found = wordsIn(name);
  return ABOUT.has(found.at(-1) ?? "") || ABOUT_FIRST.has(found[0] ?? "");
}

/** Whether a name is made of nothing but words for a text, a language and a channel. */
export function isOfTextWords(name: string): boolean {
  const found = wordsIn(name);
  return (
    found.some((word) => TEXTS.has(word) || TEMPLATES.has(word)) &&
    found.every((word) => TEXTS.has(word) || TEMPLATES.has(word) || BESIDE.has(word))
  );
}
