import * as z from "zod";
import type { ConsentRecord } from "../consent/records.ts";
import { open, type Place, seal } from "./envelope.ts";
import type { NewDataKey, OpenDataKey } from "./kms/data-keys.ts";

const Evidence = z.object({ evidence: z.string().nullable() });

function placeOf(patientId: string, consentId: string): Place {
  return { table: "Consents", pk: patientId, sk: `event#${consentId}`, attribute: "sealed" };
}

/** Seals a consent's evidence under its own data key, which outlives the patient's erasure. */
export function createSealEvidence(newDataKey: NewDataKey) {
  return async (
    patientId: string,
    consentId: string,
    evidence: string | null,
  ): Promise<Pick<ConsentRecord, "sealed" | "wrappedKey">> => {
    const key = await newDataKey({ patientId, use: consentId });
    return {
      sealed: seal({ evidence }, key.plaintext, placeOf(patientId, consentId)),
      wrappedKey: key.wrapped,
    };
  };
}

/** Opens a consent's evidence. */
export function createOpenEvidence(openDataKey: OpenDataKey) {
  return async ({ patientId, consentId, sealed, wrappedKey }: ConsentRecord) => {
    const key = await openDataKey(wrappedKey, { patientId, use: consentId });
    return Evidence.parse(open(sealed, key, placeOf(patientId, consentId))).evidence;
  };
}
