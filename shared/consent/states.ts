import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import { CHANNELS, type Channel, PURPOSES, type Purpose } from "../domain/words.ts";
import type { PatientRecord } from "../patients/records.ts";
import type { ConsentState } from "./records.ts";

/** Where states are looked up. */
export interface StateLookups {
  state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
}

/** What holds of a patient for every purpose of `channels`, read at one moment. */
export async function readStates(
  read: ReadSnapshot,
  consents: StateLookups,
  patientId: string,
  channels: readonly Channel[] = CHANNELS,
): Promise<readonly ConsentState[]> {
  const lookups = channels.flatMap((channel) =>
    PURPOSES.map((purpose) => consents.state(patientId, purpose, channel)),
  );
  return (await read(...lookups)).filter((state) => state !== undefined);
}

/** The opaque name of what a patient is reached at by a channel; null for nothing. */
export function contactOf(
  patient: Pick<PatientRecord, "numberId" | "addressId">,
  channel: Channel,
): string | null {
  return channel === "sms" ? patient.numberId : patient.addressId;
}

/**
 * True for a grant that was given for another number or address than the patient has now: it allows
 * nothing until the new one is confirmed (47 CFR 64.1200(a)(1)(iii): the called party's own consent).
 */
export function isSuspended(
  { decision, channel, contactId }: ConsentState,
  patient: Pick<PatientRecord, "numberId" | "addressId">,
): boolean {
  return decision === "granted" && contactId !== contactOf(patient, channel);
}
