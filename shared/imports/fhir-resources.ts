import { BadRow } from "../domain/imports/kinds.ts";

/** Anything that JSON can hold, looked into with care: a Bundle may hold what it likes. */
type Json = Readonly<Record<string, unknown>>;

/** What a value is as an object; empty where it is none. */
export function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The objects of a list; FHIR has none that is null. */
export function objectsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** A text without blanks around it; empty where it is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

/** Whether a Period holds now: what it does not say, it does not limit. A day ends with itself. */
export function isCurrent(period: unknown, now: Date): boolean {
  const { start, end } = objectOf(period);
  const today = now.toISOString();
  const starts = textOf(start);
  const ends = textOf(end);
  return (starts === "" || starts <= today) && (ends === "" || ends >= today.slice(0, ends.length));
}

/** Items of a list that are in use: not old, not in error, and of now. */
export function inUse(value: unknown, now: Date): readonly Json[] {
  return objectsOf(value).filter(
    ({ use, period }) => use !== "old" && use !== "temp" && isCurrent(period, now),
  );
}

/** How well an item's use fits, by the first of `uses` that it has. */
function useOrder(uses: readonly string[]) {
  return ({ use }: Json): number => {
    const at = uses.indexOf(textOf(use));
    return at === -1 ? uses.length : at;
  };
}

function isRecordNumber(identifier: Json): boolean {
  return objectsOf(objectOf(identifier["type"])["coding"]).some(({ code }) => code === "MR");
}

function hasOtherType(identifier: Json): boolean {
  return objectsOf(objectOf(identifier["type"])["coding"]).some(({ code }) => textOf(code) !== "");
}

const IDENTIFIER_USES = ["usual", "official", "", "secondary"];

/** Values of the identifiers in use, best first. */
export function identifierValues(resource: Json, now: Date): readonly string[] {
  const order = useOrder(IDENTIFIER_USES);
  return inUse(resource["identifier"], now)
    .toSorted((one, two) => order(one) - order(two))
    .map(({ value }) => textOf(value))
    .filter((value) => value !== "");
}

/**
 * The record number of a Patient: the identifier of type MR, else the one that has no type. Where there are several, the
 * one whose use is usual or official; where that does not settle it, nobody guesses.
 */
export function recordNumberOf(resource: Json, now: Date): string {
  const identifiers = inUse(resource["identifier"], now).filter(({ value }) => textOf(value) !== "");
  const typed = identifiers.filter(isRecordNumber);
  const candidates = typed.length > 0 ? typed : identifiers.filter((one) => !hasOtherType(one));
  const order = useOrder(IDENTIFIER_USES);
  const best = Math.min(...candidates.map(order));
  const values = new Set(candidates.filter((one) => order(one) === best).map(({ value }) => textOf(value)));
  const [only, other] = [...values];
  if (only === undefined) throw new BadRow("missing", "externalId");
  if (other !== undefined) throw new BadRow("several_record_numbers", "externalId");
  return only;
}

/** Given and family name of a Patient, of the name that is used: official, usual, or without a use. */
export function nameOf(resource: Json, now: Date): { readonly given: string; readonly family: string } {
  const order = useOrder(["official", "usual", ""]);
  const [best] = inUse(resource["name"], now)
    .filter(({ use }) => !["nickname", "anonymous", "maiden"].includes(textOf(use)))
    .toSorted((one, two) => order(one) - order(two));
  const given = Array.isArray(best?.["given"]) ? best["given"].map(textOf).join(" ").trim() : "";
  return { given, family: textOf(best?.["family"]) };
}

/** The best contact of a system: of now, with the lowest rank, of the wanted use where one is wanted. */
export function contactOf(
  resource: Json,
  system: "phone" | "email",
  use: "mobile" | undefined,
  now: Date,
): string | undefined {
  const rankOf = ({ rank }: Json) => (typeof rank === "number" ? rank : Number.MAX_SAFE_INTEGER);
  const [best] = inUse(resource["telecom"], now)
    .filter((contact) => contact["system"] === system && (use === undefined || contact["use"] === use))
    .filter(({ value }) => textOf(value) !== "")
    .toSorted((one, two) => rankOf(one) - rankOf(two));
  return best === undefined ? undefined : textOf(best["value"]).replace(/^(?:tel|mailto):/iu, "");
}

/** The language that a Patient prefers, as it is coded; empty where none is told. */
export function languageCode(resource: Json): string {
  const communications = objectsOf(resource["communication"]);
  const preferred = communications.find(({ preferred: isPreferred }) => isPreferred === true);
  const { coding, text } = objectOf((preferred ?? communications[0])?.["language"]);
  const code = objectsOf(coding)
    .map((one) => textOf(one["code"]))
    .find((one) => one !== "");
  return code ?? textOf(text);
}

/** A version that grows: the resource's version where it is a number, else when it was last changed. */
export function sourceVersionOf(resource: Json): number | null {
  const { versionId, lastUpdated } = objectOf(resource["meta"]);
  if (/^\d{1,15}$/u.test(textOf(versionId))) return Number(textOf(versionId));
  const at = Date.parse(textOf(lastUpdated));
  return Number.isNaN(at) || at < 0 ? null : at;
}

/** The zone of a resource by HL7's own extension; empty where it has none. */
export function zoneExtension(resource: Json): string {
  const extension = objectsOf(resource["extension"]).find(
    ({ url }) => url === "http://hl7.org/fhir/StructureDefinition/timezone",
  );
  return textOf(extension?.["valueCode"]) || textOf(extension?.["valueString"]);
}
