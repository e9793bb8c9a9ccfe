import type { NumberRecord } from "./records.ts";

/** The number as one that no text reaches, since `at`. */
export function undeliverable(number: NumberRecord, reason: string, at: Date): NumberRecord {
  return {
    ...number,
    undeliverable: { reason, since: at.toISOString() },
    version: number.version + 1,
  };
}

/** The number as one that takes texts again, once the patient has confirmed it; undefined where nothing stood against it. */
export function deliverableAgain(number: NumberRecord | undefined): NumberRecord | undefined {
  if (number === undefined || number.undeliverable === null) return undefined;
  return { ...number, undeliverable: null, version: number.version + 1 };
}
