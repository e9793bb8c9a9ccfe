import { type Inspection, refuse } from "./kinds.ts";
import { decoded, leavesAtOpening, OPENING_NAMES } from "./pdf-actions.ts";

const HEAD = /^%PDF-(?:1\.[0-7]|2\.0)[\r\n \t]/;
const END = "%%EOF";
/** Readers look for the end in so many last bytes (ISO 32000-1, annex H.3, note 18). */
const TAIL_BYTES = 1024;
const NAME_BYTES_MAX = 32;
const SLASH = 0x2f;
/** Names that begin something to be run, sent or unpacked. */
const ACTIVE: ReadonlySet<string> = new Set([
  "JavaScript",
  "Launch",
  "EmbeddedFile",
  "EmbeddedFiles",
  "RichMedia",
  "Rendition",
  "GoToE",
  "ImportData",
  "SubmitForm",
]);
/** Names so short that compressed data hold them by chance: they count with what must follow them. */
const ACTIVE_WITH_VALUE: Readonly<Record<string, RegExp>> = {
  JS: /^[\0\t\n\f\r ]*(?:\((?:\xfe\xff|[\t\n\r -~]{2})|<[0-9A-Fa-f]{2}|\d{1,10}[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+R)/,
  XFA: /^[\0\t\n\f\r ]*(?:\[|\d{1,10}[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+R)/,
};
const VALUE_BYTES = 64;

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** True for bytes that a name may hold (ISO 32000-2, 7.2.3). */
function isRegular(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && !"()<>[]{}/%".includes(String.fromCharCode(byte));
}

/** Where a name whose slash is before `from` ends; too long a name is none that is looked for. */
function endOfName(bytes: Uint8Array, from: number): number {
  let end = from;
  while (end < bytes.length && end - from < 3 * NAME_BYTES_MAX && isRegular(bytes[end] ?? 0)) end += 1;
  return end;
}

/**
 * Looks into a PDF and refuses one that is encrypted, or that names a script, a program to launch, a file within, rich
 * media or a form that sends, or that leads to another file or the net when it is opened. What stands behind the last end mark is cut off; nothing else is changed.
 *
 * What this does not see: names within compressed object streams, which most programs write today, and where links lead that are tapped; that the file's own
 * tables lead where they say; flaws of a reader's decoders; and the author, title and place that a PDF may tell of
 * itself, which stay. It is no virus scanner.
 */
export function inspectPdf(bytes: Uint8Array): Inspection {
  if (!HEAD.test(text(bytes.subarray(0, 9)))) return refuse("damaged");
  const tail = bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES));
  const end = text(tail).lastIndexOf(END);
  if (end === -1) return refuse("damaged");
  const whole = bytes.subarray(0, bytes.length - tail.length + end + END.length);
  const openings: number[] = [];
  for (let at = whole.indexOf(SLASH); at !== -1; at = whole.indexOf(SLASH, at + 1)) {
    const nameEnd = endOfName(whole, at + 1);
    if (nameEnd - at < 3) continue;
    const name = decoded(text(whole.subarray(at + 1, nameEnd)));
    if (name === "Encrypt") return refuse("encrypted");
    if (OPENING_NAMES.has(name)) openings.push(nameEnd);
    if (ACTIVE.has(name)) return refuse("active-content");
    const value = Object.hasOwn(ACTIVE_WITH_VALUE, name) ? ACTIVE_WITH_VALUE[name] : undefined;
    if (value?.test(text(whole.subarray(nameEnd, nameEnd + VALUE_BYTES))) === true) {
      return refuse("active-content");
    }
  }
  if (leavesAtOpening(whole, openings)) return refuse("active-content");
  return { kind: "clean", parts: [whole, Uint8Array.of(0x0a)] };
}
