import { BadRow, type Field, type ImportKind, type RowCode, type RowNote } from "../domain/imports/kinds.ts";
import type { VisitStatus } from "../domain/visits/words.ts";
import type { BundleReferences } from "./fhir-references.ts";
import {
  contactOf,
  identifierValues,
  languageCode,
  nameOf,
  objectOf,
  objectsOf,
  recordNumberOf,
  sourceVersionOf,
  textOf,
  zoneExtension,
} from "./fhir-resources.ts";
import { inDirectory, type ReadContext } from "./read-context.ts";
import type { AppointmentRow, PatientReference, PatientRow, ReadRow } from "./rows.ts";
import { birthDay, instantOf } from "./start-time.ts";
import { zoneNamed } from "./time-zones.ts";
import {
  emailAddress,
  isPatientId,
  keptText,
  languageOf,
  mobilePhone,
  otherId,
  plainCell,
  visitId,
} from "./values.ts";

type Json = Readonly<Record<string, unknown>>;

const NAME_LENGTH_MAX = 100;

/** https://hl7.org/fhir/R4/valueset-appointmentstatus.html */
const STATUSES: Readonly<Record<string, VisitStatus>> = {
  proposed: "pending",
  pending: "pending",
  waitlist: "pending",
  booked: "booked",
  arrived: "arrived",
  "checked-in": "arrived",
  fulfilled: "fulfilled",
  noshow: "noshow",
  cancelled: "cancelled",
  "entered-in-error": "cancelled",
};

/** Passed over, and reported with the reason. */
class Skipped extends Error {
  readonly code: RowCode;

  constructor(code: RowCode) {
    super(code);
    this.code = code;
  }
}

/** Reads one entry of a Bundle; what is of another type than asked for is passed over. */
export function readEntry(
  kind: ImportKind,
  line: number,
  value: unknown,
  references: BundleReferences,
  context: ReadContext,
): ReadRow {
  const entry = objectOf(value);
  const resource = objectOf(entry["resource"]);
  const request = objectOf(entry["request"]);
  const isDeletion = request["method"] === "DELETE";
  const wanted = kind === "patients" ? "Patient" : "Appointment";
  const type =
    textOf(resource["resourceType"]) || /(?:^|\/)([A-Za-z]+)\/[^/]+$/u.exec(textOf(request["url"]))?.[1];
  if (type !== wanted) return { line, what: "skipped" };
  const warnings: RowNote[] = [];
  try {
    if (isDeletion && kind === "patients") throw new Skipped("deletion_not_imported");
    if (resource["resourceType"] === undefined) throw new BadRow("deletion_without_resource");
    const row =
      kind === "patients"
        ? patientRow(resource, context, warnings)
        : appointmentRow(entry, isDeletion, references, context, warnings);
    return { line, what: "row", row, version: sourceVersionOf(resource), warnings };
  } catch (error) {
    if (error instanceof Skipped) return { line, what: "skipped", note: { code: error.code } };
    if (error instanceof BadRow) return { line, what: "bad", note: error.note };
    throw error;
  }
}

function needed(value: string, field: Field): string {
  const text = plainCell(value, field);
  if (text === "") throw new BadRow("missing", field);
  return text;
}

function told<Value>(
  value: string | undefined,
  field: Field,
  read: (text: string) => Value,
): Value | undefined {
  const text = plainCell(value ?? "", field);
  return text === "" ? undefined : read(text);
}

function zoneOf(resource: Json): string | undefined {
  return told(zoneExtension(resource), "timeZone", (text) => {
    const zone = zoneNamed(text);
    if (zone === undefined) throw new BadRow("bad_time_zone", "timeZone");
    return zone;
  });
}

function patientRow(resource: Json, { now }: ReadContext, warnings: RowNote[]): PatientRow {
  const { deceasedBoolean, deceasedDateTime, active } = resource;
  if (deceasedBoolean === true || textOf(deceasedDateTime) !== "") throw new Skipped("deceased");
  if (active === false) throw new Skipped("inactive");
  const born = needed(textOf(resource["birthDate"]), "birthDate");
  if (/^\d{4}(?:-\d{2})?$/u.test(born)) throw new BadRow("partial_date", "birthDate");
  const { given, family } = nameOf(resource, now);
  const phone = told(contactOf(resource, "phone", "mobile", now), "mobilePhone", mobilePhone);
  const email = told(contactOf(resource, "email", undefined, now), "email", emailAddress);
  const language = told(languageCode(resource), "language", (text) => {
    const known = languageOf(text);
    if (known === undefined) warnings.push({ code: "unknown_language", column: "language" });
    return known;
  });
  const timeZone = zoneOf(resource);
  return {
    kind: "patients",
    externalId: otherId(needed(recordNumberOf(resource, now), "externalId"), "externalId"),
    givenName: keptText(needed(given, "givenName"), "givenName", NAME_LENGTH_MAX),
    familyName: keptText(needed(family, "familyName"), "familyName", NAME_LENGTH_MAX),
    birthDate: birthDay(born, now),
    ...(phone === undefined ? {} : { mobilePhone: phone }),
    ...(email === undefined ? {} : { email }),
    ...(language === undefined ? {} : { language }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

function appointmentRow(
  entry: Json,
  isDeletion: boolean,
  references: BundleReferences,
  context: ReadContext,
  warnings: RowNote[],
): AppointmentRow {
  const resource = objectOf(entry["resource"]);
  const base = textOf(entry["fullUrl"]);
  const [identifier = textOf(resource["id"])] = identifierValues(resource, context.now);
  const externalId = visitId(needed(identifier, "externalId"));
  const actors = objectsOf(resource["participant"]).flatMap((participant) => {
    const actor = references.actor(participant, resource, base);
    return actor === undefined ? [] : [actor];
  });
  const names = (type: "Location" | "Practitioner") =>
    actors.flatMap((actor) => (actor.type === type ? actor.names : []));
  const word = textOf(resource["status"]);
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) throw new BadRow("bad_value", "status");
  if (textOf(resource["start"]) === "") throw new BadRow("missing", "start");
  const start = instantOf(resource["start"]);
  if (start === undefined) throw new BadRow("bad_time", "start");
  return {
    kind: "appointments",
    externalId,
    patient: patientOf(actors.flatMap((actor) => (actor.type === "Patient" ? [actor.recordNumber] : []))),
    startsAt: start.toISOString(),
    timeZone: zoneOf(resource) ?? null,
    locationId: inDirectory(context, "location", names("Location"), warnings).id,
    providerId: inDirectory(context, "provider", names("Practitioner"), warnings).id,
    status: isDeletion ? "cancelled" : status,
    confirmed: false,
    reminderOffsets: null,
    sourceVersion: sourceVersionOf(resource),
  };
}

function patientOf(recordNumbers: readonly string[]): PatientReference {
  const [only, other] = [...new Set(recordNumbers)];
  if (only === undefined) throw new BadRow("missing", "patient");
  if (other !== undefined) throw new BadRow("several_patients", "patient");
  const recordNumber = needed(only, "patient");
  return isPatientId(recordNumber)
    ? { patientId: recordNumber }
    : { recordNumber: otherId(recordNumber, "patient") };
}
