import { BadRow } from "../domain/imports/kinds.ts";
import { identifierValues, objectOf, objectsOf, recordNumberOf, textOf } from "./fhir-resources.ts";

type Json = Readonly<Record<string, unknown>>;

/** Resources that an Appointment can point to. */
const TYPES = ["Patient", "Location", "Practitioner", "PractitionerRole"] as const;
type ActorType = (typeof TYPES)[number];

/** What of such a resource an Appointment needs. */
type Summary =
  | { readonly type: "Patient"; readonly recordNumber: string }
  | { readonly type: "Patient"; readonly problem: BadRow }
  | { readonly type: Exclude<ActorType, "Patient">; readonly names: readonly string[]; readonly next?: Json };

/** Named by a reference that fits two of a Bundle's resources. */
const SEVERAL = "several";

/** Who takes part in a visit, as far as a file tells. */
export type Actor =
  | { readonly type: "Patient"; readonly recordNumber: string }
  /** `unknown`: the file does not tell whether it is a place or a person. */
  | { readonly type: "Location" | "Practitioner" | "unknown"; readonly names: readonly string[] };

/** The kind of identifier that is a record number (HL7 table 0203). */
const RECORD_NUMBER_CODE = "MR";

function isActorType(type: string): type is ActorType {
  return TYPES.some((known) => known === type);
}

function summaryOf(resource: Json, now: Date): Summary | undefined {
  const type = textOf(resource["resourceType"]);
  if (!isActorType(type)) return undefined;
  if (type === "Patient") {
    try {
      return { type, recordNumber: recordNumberOf(resource, now) };
    } catch (error) {
      if (error instanceof BadRow) return { type, problem: error };
      throw error;
    }
  }
  const names = [...identifierValues(resource, now), textOf(resource["id"]), ...wordsOf(type, resource)];
  return {
    type,
    names: names.filter((name) => name !== ""),
    ...(type === "PractitionerRole" ? { next: objectOf(resource["practitioner"]) } : {}),
  };
}

function wordsOf(type: ActorType, resource: Json): readonly string[] {
  if (type === "Location") {
    const { alias } = resource;
    return [textOf(resource["name"]), ...(Array.isArray(alias) ? alias.map(textOf) : [])];
  }
  return objectsOf(resource["name"]).flatMap(({ text, prefix, given, family }) => {
    const parts = (value: unknown) => (Array.isArray(value) ? value.map(textOf) : [textOf(value)]);
    const whole = [...parts(given), textOf(family)].join(" ").trim();
    return [textOf(text), [...parts(prefix), whole].join(" ").trim(), whole];
  });
}

/** A patient, where the identifier that stands in a reference is a record number. */
function typeOfIdentifier(actor: Json): ActorType | undefined {
  const { coding } = objectOf(objectOf(actor["identifier"])["type"]);
  return objectsOf(coding).some(({ code }) => code === RECORD_NUMBER_CODE) ? "Patient" : undefined;
}

/** A reference without the version that it may name. */
function withoutVersion(reference: string): string {
  return reference.replace(/\/_history\/[^/]*$/u, "");
}

/**
 * The resources of a Bundle by all that can point to them (https://hl7.org/fhir/R4/bundle.html#references): the entry's
 * fullUrl, and type and id. Keeps numbers and names for looking up, and nothing else.
 */
export class BundleReferences {
  readonly #byName = new Map<string, Summary | typeof SEVERAL>();
  readonly #now: Date;

  constructor(now: Date) {
    this.#now = now;
  }

  /** Notes an entry's resource, if an Appointment can point to it. */
  add(entry: Json): void {
    const resource = objectOf(entry["resource"]);
    const summary = summaryOf(resource, this.#now);
    if (summary === undefined) return;
    const fullUrl = withoutVersion(textOf(entry["fullUrl"]));
    const id = textOf(resource["id"]);
    if (fullUrl !== "") this.#note(fullUrl, summary);
    if (id !== "") this.#note(`${summary.type}/${id}`, summary);
  }

  /**
   * The actor of a participant: a resource of this Appointment or of the Bundle, else what the reference itself says of it.
   * Undefined for an actor of another type. `base` is the fullUrl of the Appointment.
   */
  actor(participant: Json, appointment: Json, base: string): Actor | undefined {
    const actor = objectOf(participant["actor"]);
    const reference = withoutVersion(textOf(actor["reference"]));
    const found = this.#find(reference, appointment, base);
    const type = found?.type ?? typeOf(reference, textOf(actor["type"])) ?? typeOfIdentifier(actor);
    const said = [textOf(objectOf(actor["identifier"])["value"]), textOf(actor["display"])];
    if (type === "Patient") {
      if (found?.type === "Patient") {
        if ("problem" in found) throw found.problem;
        return found;
      }
      // A display is a name; nobody is found by it.
      const [recordNumber = ""] = said;
      if (recordNumber === "") throw new BadRow("reference_unresolved", "patient");
      return { type, recordNumber };
    }
    if (type === undefined) {
      // One that is of another type says so; one that says nothing may be named by the directory.
      const isUntold = reference === "" && textOf(actor["type"]) === "";
      return isUntold && said.some((name) => name !== "") ? { type: "unknown", names: said } : undefined;
    }
    const names = found !== undefined && found.type !== "Patient" ? this.#namesOf(found, base) : [];
    const id = /(?:^|\/)[A-Za-z]+\/([^/]+)$/u.exec(reference)?.[1] ?? "";
    return { type: type === "Location" ? type : "Practitioner", names: [...names, ...said, id] };
  }

  /** Names of a practitioner's role, with those of the practitioner. */
  #namesOf(found: Exclude<Summary, { readonly type: "Patient" }>, base: string): readonly string[] {
    if (found.next === undefined) return found.names;
    const person = this.#find(withoutVersion(textOf(found.next["reference"])), {}, base);
    const said = [textOf(objectOf(found.next["identifier"])["value"]), textOf(found.next["display"])];
    return [...found.names, ...(person !== undefined && "names" in person ? person.names : []), ...said];
  }

  #find(reference: string, appointment: Json, base: string): Summary | undefined {
    if (reference === "") return undefined;
    if (reference.startsWith("#")) {
      const contained = objectsOf(appointment["contained"]).find(({ id }) => `#${textOf(id)}` === reference);
      return contained === undefined ? undefined : summaryOf(contained, this.#now);
    }
    const server = /^(https?:\/\/.+?\/)[A-Za-z]+\/[^/]+$/u.exec(base)?.[1];
    const isRelative = /^[A-Za-z]+\/[^/]+$/u.test(reference);
    // Relative to the server that the Appointment is of, then to anything in the Bundle.
    const ways = isRelative && server !== undefined ? [`${server}${reference}`, reference] : [reference];
    for (const way of ways) {
      const found = this.#byName.get(way);
      if (found === SEVERAL) throw new BadRow("reference_unresolved", "patient");
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #note(name: string, summary: Summary): void {
    const before = this.#byName.get(name);
    const isSame = before === undefined || JSON.stringify(before) === JSON.stringify(summary);
    this.#byName.set(name, isSame ? summary : SEVERAL);
  }
}

/** The type that a reference says, by its form or by its own field. */
function typeOf(reference: string, said: string): ActorType | undefined {
  const written = /(?:^|\/)([A-Za-z]+)\/[^/]+$/u.exec(reference)?.[1] ?? said;
  return isActorType(written) ? written : undefined;
}
