import * as z from "zod";
import type { AppointmentPointer } from "../appointments/records.ts";
import { open, type Place, seal } from "./envelope.ts";
import type { NewDataKey, OpenDataKey } from "./kms/data-keys.ts";

const Sealed = z.object({ externalId: z.string() });

function placeOf(externalIndex: string): Place {
  return {
    table: "Appointments",
    pk: `external#${externalIndex}`,
    sk: "appointment",
    attribute: "sealed",
  };
}

/** Seals a visit's external id under its own data key; the visit's id is the key's use. */
export function createSealExternalId(newDataKey: NewDataKey) {
  return async (
    visit: Pick<AppointmentPointer, "externalIndex" | "patientId" | "appointmentId">,
    externalId: string,
  ): Promise<Pick<AppointmentPointer, "sealed" | "wrappedKey">> => {
    const { externalIndex, patientId, appointmentId } = visit;
    const key = await newDataKey({ patientId, use: appointmentId });
    return { sealed: seal({ externalId }, key.plaintext, placeOf(externalIndex)), wrappedKey: key.wrapped };
  };
}

/** Opens a visit's external id. */
export function createOpenExternalId(openDataKey: OpenDataKey) {
  return async (pointer: AppointmentPointer): Promise<string> => {
    const { externalIndex, patientId, appointmentId, sealed, wrappedKey } = pointer;
    const key = await openDataKey(wrappedKey, { patientId, use: appointmentId });
    return Sealed.parse(open(sealed, key, placeOf(externalIndex))).externalId;
  };
}
