import type { HostText, LocalHost } from "./host.ts";

/** What of `GET /v1/vocabulary` says what a text can be. Nothing else is known here of how texts are made. */
export interface PrintedWords {
  readonly templates: readonly {
    readonly id: string;
    readonly version: number;
    readonly language: string;
    /** Slots stand in braces: `{practice}: new message.` */
    readonly text: string;
    readonly slots: readonly string[];
  }[];
  readonly slots: readonly {
    readonly slot: string;
    /** Null: of every language. */
    readonly language: string | null;
    readonly values: readonly string[] | null;
    /** What every value fits, where there are too many to list. */
    readonly pattern: string | null;
  }[];
}

/** Which template of the printed vocabulary gives a text, and what fills it. */
export interface PrintedMatch {
  /** `id@version`. */
  readonly template: string;
  readonly language: string;
  readonly slots: Readonly<Record<string, string>>;
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, "\\$&");

/** An expression for the values of a slot; one that fits nothing where it has none. */
function valuesPattern({ slots }: PrintedWords, slot: string, language: string): string {
  const printed = slots.find((each) => each.slot === slot && (each.language ?? language) === language);
  if (printed?.pattern !== null && printed?.pattern !== undefined)
    return printed.pattern.replace(/^\^/u, "").replace(/\$$/u, "");
  const values = printed?.values ?? [];
  // Longer ones first: none may hide behind its own beginning.
  const inOrder = values.toSorted((one, other) => other.length - one.length);
  return inOrder.length === 0 ? "(?!)" : inOrder.map(escaped).join("|");
}

/** One expression for all texts of a template. */
function templatePattern(
  printed: PrintedWords,
  { text, slots, language }: PrintedWords["templates"][number],
): RegExp {
  const met = new Set<string>();
  const pattern = text
    .split(/(\{[a-z]+\})/u)
    .map((piece) => {
      const slot = /^\{([a-z]+)\}$/u.exec(piece)?.[1];
      if (slot === undefined || !slots.includes(slot)) return escaped(piece);
      if (met.has(slot)) return `\\k<${slot}>`;
      met.add(slot);
      return `(?<${slot}>${valuesPattern(printed, slot, language)})`;
    })
    .join("");
  return new RegExp(`^${pattern}$`, "u");
}

/** Says which template and values of a printed vocabulary give a text (token and code masked or not); null: none do. */
export function matcherOf(printed: PrintedWords): (text: string) => PrintedMatch | null {
  const patterns = printed.templates.map((template) => ({
    template,
    pattern: templatePattern(printed, template),
  }));
  return (text) => {
    for (const { template, pattern } of patterns) {
      const found = pattern.exec(text);
      if (found === null) continue;
      const { id, version, language } = template;
      return { template: `${id}@${String(version)}`, language, slots: { ...found.groups } };
    }
    return null;
  };
}

/** What the service prints, as it was at a moment where one is given. */
async function printedBy(host: LocalHost, at?: string): Promise<PrintedWords> {
  const query = at === undefined ? "" : `?at=${encodeURIComponent(at)}`;
  const { status, body } = await host.api("GET", `/vocabulary${query}`, undefined, "auditor");
  if (status !== 200) throw new Error(`The vocabulary is not printed: ${JSON.stringify(body)}`);
  return body as PrintedWords;
}

/**
 * Compares every text that the host ever sent with what its vocabulary prints: now, or where that has changed since, at
 * the moment of the text. `outside` are the bodies that it does not hold.
 */
export async function compareWithPrinted(
  host: LocalHost,
): Promise<{ readonly checked: number; readonly outside: readonly string[] }> {
  // A carrier's own words after a STOP that only it heard.
  const texts = (await host.texts()).filter(({ body }) => !body.startsWith("NETWORK MSG: "));
  const matchNow = matcherOf(await printedBy(host));
  const unmatched = texts.filter(({ body }) => matchNow(body) === null);
  const outside: string[] = [];
  for (const { body, sentAt } of unmatched)
    if (matcherOf(await printedBy(host, sentAt))(body) === null) outside.push(body);
  return { checked: texts.length, outside };
}

/** The templates of the printed vocabulary that texts were made of, each once. */
export async function templatesIn(host: LocalHost, texts: readonly HostText[]): Promise<readonly string[]> {
  const match = matcherOf(await printedBy(host));
  return [...new Set(texts.map(({ body }) => match(body)?.template ?? "none"))].sort();
}
