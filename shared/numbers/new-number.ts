import type { Language } from "../domain/words.ts";
import type { NumberRecord } from "./records.ts";

/** The record of a number that nothing is known of yet, before its first version. */
export function newNumber(id: string, index: string, language: Language): NumberRecord {
  return {
    id,
    index,
    phone: null,
    stoppedAt: null,
    stoppedBy: null,
    undeliverable: null,
    answeredAt: null,
    helpedAt: [],
    startedAt: null,
    startSentAt: null,
    startAnsweredAt: null,
    asked: null,
    language,
    version: 0,
  };
}
