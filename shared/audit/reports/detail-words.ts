import type { AuditEntry, AuditValue } from "../journal.ts";
import { compareTexts } from "./order.ts";

/** `messageIds` as `messages`, `taskKind` as `task kind`. */
function nameInWords(name: string): string {
  return name
    .replace(/Id(s?)$/, "$1")
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

function valueInWords(value: AuditValue): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object") return String(value);
  if (isList(value)) return value.length === 0 ? "none" : value.map(valueInWords).join(", ");
  return `(${pairsInWords(value)})`;
}

const isList = (value: object): value is readonly AuditValue[] => Array.isArray(value);

function pairsInWords(details: Readonly<Record<string, AuditValue>>): string {
  return Object.entries(details)
    .toSorted(([one], [other]) => compareTexts(one, other))
    .map(([name, value]) => `${nameInWords(name)}: ${valueInWords(value)}`)
    .join("; ");
}

/**
 * An entry's details for reading: `messages: msg_1, msg_2; thread: thr_1; withheld: 0`, by name. Null where it has none.
 * The entry itself is what holds them exactly.
 */
export function detailsInWords({ details }: Pick<AuditEntry, "details">): string | null {
  return details === undefined || Object.keys(details).length === 0 ? null : pairsInWords(details);
}
