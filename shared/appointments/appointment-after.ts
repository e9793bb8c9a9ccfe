import { sortedOffsets } from "../domain/visits/offsets.ts";
import type { VisitStatus } from "../domain/visits/words.ts";
import type { Appointment } from "./records.ts";

/** A visit as a scheduling system or staff tell it. What is left out is as if it had never been told. */
export interface AppointmentFields {
  readonly externalId: string;
  readonly patientId: string;
  /** ISO 8601 with `Z` or an offset. */
  readonly startsAt: string;
  readonly status: VisitStatus;
  /** Staff have the patient's word that the visit stands. */
  readonly confirmed?: boolean | undefined;
  /** Ids or codes of the directory. */
  readonly locationId?: string | undefined;
  readonly providerId?: string | undefined;
  /** IANA name; left out: the location's, else the practice's. */
  readonly timeZone?: string | undefined;
  /** Hours before the start; left out: the practice's. */
  readonly reminderOffsets?: readonly number[] | undefined;
  /** The scheduling system's own version; left out: the one known stays. */
  readonly sourceVersion?: number | undefined;
}

/** What a visit has besides what was told of it. */
interface PutGrounds {
  /** For a new one. */
  readonly id: string;
  readonly externalIndex: string;
  readonly timeZone: string;
  readonly place: Pick<Appointment, "locationId" | "providerId">;
  /** Now, ISO 8601 UTC. */
  readonly at: string;
}

/** The visit after it was put; a new start, and a cancellation and its end, need the patient's word anew. */
export function appointmentAfter(
  fields: AppointmentFields,
  before: Appointment | undefined,
  { id, externalIndex, timeZone, place, at }: PutGrounds,
): Appointment {
  const startsAt = new Date(fields.startsAt).toISOString();
  const isAnother = before?.startsAt !== startsAt;
  const isOff = (status: VisitStatus | undefined) => status === "cancelled";
  const asksAnew = isAnother || isOff(before?.status) || isOff(fields.status);
  const said = asksAnew ? "none" : (before?.confirmation ?? "none");
  const confirmation = fields.confirmed === true ? "confirmed" : said;
  const isSame = !asksAnew && confirmation === before?.confirmation;
  const kept = isSame ? (before?.confirmedAt ?? null) : at;
  return {
    id: before?.id ?? id,
    externalIndex,
    startsAt,
    timeZone,
    locationId: place.locationId,
    providerId: place.providerId,
    reminderOffsets: fields.reminderOffsets === undefined ? null : sortedOffsets(fields.reminderOffsets),
    status: fields.status,
    confirmation,
    confirmedAt: confirmation === "none" ? null : kept,
    sourceVersion: fields.sourceVersion ?? before?.sourceVersion ?? null,
    changedAt: isAnother || before?.status !== fields.status ? at : before.changedAt,
    version: (before?.version ?? 0) + 1,
  };
}

/** True where nothing that was put differs from what is stored. */
export function isUnchanged(before: Appointment, after: Appointment): boolean {
  const facts = ({ version: _version, changedAt: _at, confirmedAt: _confirmedAt, ...rest }: Appointment) =>
    JSON.stringify(Object.entries(rest).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return facts(before) === facts(after);
}
