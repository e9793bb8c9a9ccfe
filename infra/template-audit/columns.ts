import { AuditError } from "./audit-error.ts";

/** Names that the caller chose for columns (CSV) or keys (JSON Lines); what is not chosen is found by name. */
export interface ColumnChoice {
  readonly text?: string | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/** Where text, id and name of a template stand in a row. */
export interface Columns {
  readonly text: number;
  readonly id: number | undefined;
  readonly name: number | undefined;
  /** Further columns whose names are those of a text: what they hold is not read. */
  readonly unreadTexts: readonly number[];
}

const list = (names: string): readonly string[] => names.split(/\s+/);

/** Names in plain form (letters and digits only), the surest first. */
const TEXT_NAMES = list(
  `text messagetext smstext templatetext textmessage smsmessage message sms smsbody messagebody templatebody body
   smstemplate messagetemplate smscontent messagecontent templatecontent content template texttemplate msg msgtext
   texto mensaje textomensaje textodelmensaje mensajetexto cuerpo contenido plantilla textosms mensajesms
   textoplantilla`,
);
const ID_NAMES = list(
  "id templateid messageid key code templatecode number idplantilla plantillaid codigo clave",
);
const NAME_NAMES = list(
  "name templatename messagename title templatetitle label subject nombre nombreplantilla titulo asunto type templatetype",
);

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
}

function find(header: readonly string[], names: readonly string[], taken: number | undefined) {
  for (const name of names) {
    const index = header.findIndex((cell, at) => at !== taken && plain(cell) === name);
    if (index >= 0) return index;
  }
  return undefined;
}

function chosen(header: readonly string[], name: string | undefined, option: string): number | undefined {
  if (name === undefined) return undefined;
  const exact = header.indexOf(name);
  const index = exact >= 0 ? exact : header.findIndex((cell) => plain(cell) === plain(name));
  if (index < 0)
    throw new AuditError(`The file has no column of the name that ${option} gives: check its header.`);
  return index;
}

/** Whether a name is one that text columns have. */
export function isTextName(name: string): boolean {
  return TEXT_NAMES.includes(plain(name));
}

/** Finds the columns by the names in a header. Throws an {@link AuditError} when there is no column for the text. */
export function findColumns(header: readonly string[], choice: ColumnChoice): Columns {
  const text = chosen(header, choice.text, "--column") ?? find(header, TEXT_NAMES, undefined);
  if (text === undefined) {
    throw new AuditError(
      "No text column: none of the names in the first row is text, body, message, template, sms or the like; " +
        "give the column's name with --column NAME.",
    );
  }
  const id = chosen(header, choice.id, "--id-column") ?? find(header, ID_NAMES, text);
  const name = chosen(header, choice.name, "--name-column") ?? find(header, NAME_NAMES, text);
  const unreadTexts = header.flatMap((cell, at) =>
    at !== text && at !== id && at !== name && isTextName(cell) ? [at] : [],
  );
  return { text, id, name, unreadTexts };
}
