/** Openings, references and objects that are looked at; what has more of them is made to be hard to look into. */
const OPENINGS_MAX = 1000;
const REFERENCES_MAX = 100;
const OBJECTS_MAX = 500;
/** An action is a few lines. */
const ACTION_BYTES_MAX = 4096;
const SPACE = String.raw`(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])*`;
const GAP = String.raw`[\0\t\n\f\r ]+`;
const REFERENCE = String.raw`(\d{1,10})${GAP}(\d{1,5})${GAP}R`;
const LEADING = new RegExp(`^${SPACE}${REFERENCE}`);
const DICTIONARY = new RegExp(`^${SPACE}<<`);
/** Actions that lead to another file, a program or the net (ISO 32000-2, 12.6.4). */
const LEAVING = new RegExp(
  `/S${SPACE}/(?:URI|GoToR|GoToE|Launch|Thread|SubmitForm|ImportData)(?![^\\0\\t\\n\\f\\r ()<>[\\]{}/%])`,
);
/** Under what a dictionary of actions has them (12.6.3, tables 197 to 200), and an action those after it. */
const FOLLOWED = new RegExp(
  `/(?:Next|PO|PC|PV|PI|Fo|Bl|WC|WS|DS|WP|DP|[OCEXDUKFV])${SPACE}${REFERENCE}|/Next${SPACE}\\[([^\\]]{0,1000})\\]`,
  "g",
);
const DIGITS = { first: 0x30, last: 0x39 } as const;
const REFERENCES = new RegExp(REFERENCE, "g");

/** Names of what is done without a click: when the document, a page or a field is opened. */
export const OPENING_NAMES: ReadonlySet<string> = new Set(["OpenAction", "AA"]);

/** A name, or names in a text, as they are meant: any character may be written as `#` and two hex digits. */
export function decoded(text: string): string {
  return text.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Where a string, a comment or a word of one character that begins at `at` ends. */
function endOfToken(text: string, at: number): number {
  const first = text[at];
  if (first === "%") return at + text.slice(at).search(/[\r\n]|$/);
  if (first === "<") return Math.max(at, text.indexOf(">", at)) + 1;
  if (first !== "(") return at + 1;
  let depth = 0;
  for (let next = at; next < text.length; next += 1) {
    if (text[next] === "\\") next += 1;
    else if (text[next] === "(") depth += 1;
    else if (text[next] === ")") depth -= 1;
    if (depth === 0) return next + 1;
  }
  return text.length;
}

/** The dictionary that a text begins with; undefined where it begins with something else. */
function dictionaryIn(text: string): string | undefined {
  if (!DICTIONARY.test(text)) return undefined;
  let depth = 0;
  for (let at = text.indexOf("<<"); at < text.length; ) {
    const two = text.slice(at, at + 2);
    if (two === "<<") depth += 1;
    if (two === ">>") depth -= 1;
    if (depth === 0) return decoded(text.slice(0, at + 2));
    at = two === "<<" || two === ">>" ? at + 2 : endOfToken(text, at);
  }
  return decoded(text);
}

/** The references that lead on from a value to actions, such as `4 0`. */
function referencesIn(value: string, dictionary: string | undefined): readonly string[] {
  if (dictionary === undefined) {
    const [, number, generation] = LEADING.exec(value) ?? [];
    return number === undefined ? [] : [`${number} ${generation}`];
  }
  return [...dictionary.matchAll(FOLLOWED)].flatMap(([, number, generation, list]) =>
    number === undefined
      ? [...(list ?? "").matchAll(REFERENCES)].map(([, one, of]) => `${one} ${of}`)
      : [`${number} ${generation}`],
  );
}

/**
 * True where something that is done at opening leads out of the document. `openings` are where the names of
 * {@link OPENING_NAMES} end. References are followed to objects that are written in the usual way and not packed.
 */
export function leavesAtOpening(pdf: Uint8Array, openings: readonly number[]): boolean {
  if (openings.length > OPENINGS_MAX) return true;
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const valueAt = (from: number) => bytes.toString("latin1", from, from + ACTION_BYTES_MAX);
  const places = [...openings];
  const known = new Set<string>();
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const value = valueAt(place);
    const dictionary = dictionaryIn(value);
    if (dictionary !== undefined && LEAVING.test(dictionary)) return true;
    for (const reference of referencesIn(value, dictionary)) {
      if (known.has(reference)) continue;
      known.add(reference);
      const head = `${reference} obj`;
      for (let at = bytes.indexOf(head); at !== -1; at = bytes.indexOf(head, at + 1)) {
        const before = bytes[at - 1] ?? 0;
        if (before < DIGITS.first || before > DIGITS.last) places.push(at + head.length);
        if (places.length > OBJECTS_MAX + OPENINGS_MAX) return true;
      }
      if (known.size > REFERENCES_MAX) return true;
    }
  }
  return false;
}
