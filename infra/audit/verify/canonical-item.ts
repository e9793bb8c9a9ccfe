import { NameOrders, NotCanonicalError } from "./name-orders.ts";

/** An attribute value as DynamoDB writes it, such as {"S":"text"}; what it holds is not known before it is looked at. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/** An item of an export line: its attributes by name. */
export type ExportedItem = Readonly<Record<string, AttributeValue>>;

/** The canonical form of an item and what its compact DynamoDB JSON measures. */
export interface CanonicalItem {
  readonly text: string;
  /**
   * UTF-16 units of the item's DynamoDB JSON without white space, all attributes counted. A line of another length is
   * written otherwise, or says something twice.
   */
  readonly jsonLength: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Signs that stand for themselves between quotes. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
/** DynamoDB's numbers have at most 38 digits and exponents to 125. */
const NUMBER_LENGTH_MAX = 200;
/** How deep values may stand in each other: DynamoDB's own limit is 32 levels. */
const DEPTH_MAX = 40;

/** `{"S":` and `}`; maps and lists have as much. */
const STRING_FRAME = 6;
/** `{"N":"` and `"}`. */
const NUMBER_FRAME = 8;
/** `{"BOOL":` and `}`. */
const BOOLEAN_FRAME = 9;
/** `{"NULL":true}` for `null`. */
const NULL_FRAME = 9;

/**
 * Writes items in the form that entries are hashed in: RFC 8785 of the values that DynamoDB's types stand for. One
 * writer for many items: it remembers the orders of names that it met.
 */
export class CanonicalWriter {
  readonly #orders = new NameOrders();
  #frames = 0;

  /** RFC 8785 of the attributes of `item` but those of `leftOut`. Throws a {@link NotCanonicalError}. */
  write(item: ExportedItem, leftOut: ReadonlySet<string>): CanonicalItem {
    this.#frames = 0;
    let text = "";
    let outside = 0;
    const { names, labels } = this.#orders.of(item);
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] ?? "";
      const written = `${labels[index] ?? ""}${this.#value(item[name], 0)}`;
      if (leftOut.has(name)) outside += written.length + 1;
      else text += text === "" ? written : `,${written}`;
    }
    const whole = text.length + outside + (text === "" && outside > 0 ? -1 : 0);
    return { text: `{${text}}`, jsonLength: whole + 2 + this.#frames };
  }

  #value(value: unknown, depth: number): string {
    if (typeof value !== "object" || value === null) throw new NotCanonicalError();
    const { S, N } = value as { readonly S?: unknown; readonly N?: unknown };
    if (typeof S === "string") {
      this.#frames += STRING_FRAME;
      return quoted(S);
    }
    if (typeof N === "string") {
      const number = canonicalNumber(N);
      this.#frames += NUMBER_FRAME + N.length - number.length;
      return number;
    }
    return this.#otherValue(value, depth);
  }

  #otherValue(value: object, depth: number): string {
    const { M, L, BOOL, NULL } = value as Readonly<Record<string, unknown>>;
    if (typeof M === "object" && M !== null && !Array.isArray(M) && depth < DEPTH_MAX) {
      this.#frames += STRING_FRAME;
      return this.#map(M as Readonly<Record<string, unknown>>, depth + 1);
    }
    if (Array.isArray(L) && depth < DEPTH_MAX) {
      this.#frames += STRING_FRAME;
      return `[${L.map((each) => this.#value(each, depth + 1)).join(",")}]`;
    }
    if (typeof BOOL === "boolean") {
      this.#frames += BOOLEAN_FRAME;
      return BOOL ? "true" : "false";
    }
    if (NULL === true) {
      this.#frames += NULL_FRAME;
      return "null";
    }
    throw new NotCanonicalError();
  }

  #map(map: Readonly<Record<string, unknown>>, depth: number): string {
    const { names, labels } = this.#orders.of(map);
    let text = "";
    for (let index = 0; index < names.length; index += 1) {
      const written = `${labels[index] ?? ""}${this.#value(map[names[index] ?? ""], depth)}`;
      text += text === "" ? written : `,${written}`;
    }
    return `{${text}}`;
  }
}

/** A string as ECMAScript quotes it. Throws where it holds half of a surrogate pair. */
function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new NotCanonicalError();
  return JSON.stringify(text);
}

/**
 * A number as ECMAScript prints it. Throws where a double cannot hold exactly what is written: two writings of different
 * numbers never have one form.
 */
function canonicalNumber(written: string): string {
  const value = Number(written);
  if (String(value) === written && Number.isFinite(value)) return written;
  const given = written.length > NUMBER_LENGTH_MAX ? undefined : parts(written);
  if (given === undefined || given !== parts(String(value))) throw new NotCanonicalError();
  return JSON.stringify(value);
}

/** Sign, significant digits and exponent of a decimal number; undefined for anything else. */
function parts(written: string): string | undefined {
  const match = DECIMAL.exec(written);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${String(power)}`;
}
