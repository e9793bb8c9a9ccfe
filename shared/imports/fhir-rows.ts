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
import { leniently, notesOf, readAll } from "./row-faults.ts";
import type { AppointmentRow, PatientReference, PatientRow, ReadRow } from "./rows.ts";
import { birthDay, instantOf } from "./start-time.ts";
import { zoneNamed } from "./time-zones.ts";
import {
  emailAddress,
  isPatientId,
  keptText,
  languageNamed,
  mobilePhone,
  otherId,
  plainCell,
  saysNothing,
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
    if (error instanceof BadRow) return { line, what: "bad", notes: notesOf(error, warnings) };
    throw error;
  }
}

function needed(value: string, field: Field): string {
  const text = plainCell(value, field);
  if (saysNothing(text)) throw new BadRow("missing", field);
  return text;
}

function name(value: string, field: Field): string {
  const text = plainCell(value, field);
  if (text === "") throw new BadRow("missing", field);
  return keptText(text, field, NAME_LENGTH_MAX);
}

function told<Value>(
  value: string | undefined,
  field: Field,
  read: (text: string) => Value,
): Value | undefined {
  const text = plainCell(value ?? "", field);
  return saysNothing(text) ? undefined : read(text);
}

function zoneOf(resource: Json): string | undefined {
  return told(zoneExtension(resource), "timeZone", (text) => {
    const zone = zoneNamed(text);
    if (zone === undefined) throw new BadRow("bad_time_zone", "timeZone");
    return zone;
  });
}

function wholeBirthDay(born: string, now: Date): string {
  if (/^\d{4}(?:-\d{2})?$/u.test(born)) throw new BadRow("partial_date", "birthDate");
  return birthDay(born, now);
}

function startOf(resource: Json): Date {
  if (textOf(resource["start"]) === "") throw new BadRow("missing", "start");
  const start = instantOf(resource["start"]);
  if (start === undefined) throw new BadRow("bad_time", "start");
  return start;
}

function statusOf(resource: Json): VisitStatus {
  const word = textOf(resource["status"]);
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) throw new BadRow("bad_value", "status");
  return status;
}

function patientRow(resource: Json, { now }: ReadContext, warnings: RowNote[]): PatientRow {
  const { deceasedBoolean, deceasedDateTime, active } = resource;
  if (deceasedBoolean === true || textOf(deceasedDateTime) !== "") throw new Skipped("deceased");
  if (active === false) throw new Skipped("inactive");
  const { given, family } = nameOf(resource, now);
  const optional = <Value>(
    code: RowCode,
    column: Field,
    value: string | undefined,
    read: (text: string) => Value,
  ) => leniently({ code, column }, warnings, () => told(value, column, read));
  const phone = optional(
    "bad_phone",
    "mobilePhone",
    contactOf(resource, "phone", "mobile", now),
    mobilePhone,
  );
  const email = optional("bad_email", "email", contactOf(resource, "email", undefined, now), emailAddress);
  const language = optional("unknown_language", "language", languageCode(resource), languageNamed);
  const timeZone = leniently({ code: "unknown_time_zone", column: "timeZone" }, warnings, () =>
    zoneOf(resource),
  );
  return {
    kind: "patients",
    ...readAll({
      externalId: () => otherId(needed(recordNumberOf(resource, now), "externalId"), "externalId"),
      givenName: () => name(given, "givenName"),
      familyName: () => name(family, "familyName"),
      birthDate: () => wholeBirthDay(needed(textOf(resource["birthDate"]), "birthDate"), now),
    }),
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
  const { startsAt, status, actors, ...row } = readAll({
    externalId: () => visitId(needed(identifier, "externalId")),
    actors: () => actorsOf(resource, base, references),
    startsAt: () => startOf(resource),
    timeZone: () => zoneOf(resource) ?? null,
    status: () => statusOf(resource),
  });
  const names = (type: "Location" | "Practitioner") =>
    actors.all.flatMap((actor) => (actor.type === type ? actor.names : []));
  const untold = { location: [] as string[], provider: [] as string[] };
  for (const actor of actors.all) {
    if (actor.type !== "unknown") continue;
    // A place where the directory has one of the name, else a person: whom nobody knows, a warning tells.
    const isPlace = inDirectory(context, "location", actor.names, []).id !== null;
    untold[isPlace ? "location" : "provider"].push(...actor.names);
  }
  return {
    kind: "appointments",
    ...row,
    patient: actors.patient,
    startsAt: startsAt.toISOString(),
    locationId: inDirectory(context, "location", [...names("Location"), ...untold.location], warnings).id,
    providerId: inDirectory(context, "provider", [...names("Practitioner"), ...untold.provider], warnings).id,
    status: isDeletion ? "cancelled" : status,
    confirmed: false,
    reminderOffsets: null,
    sourceVersion: sourceVersionOf(resource),
  };
}

function actorsOf(resource: Json, base: string, references: BundleReferences) {
  const all = objectsOf(resource["participant"]).flatMap((participant) => {
    const actor = references.actor(participant, resource, base);
    return actor === undefined ? [] : [actor];
  });
  const recordNumbers = all.flatMap((actor) => (actor.type === "Patient" ? [actor.recordNumber] : []));
  return { all, patient: patientOf(recordNumbers) };
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
