import type { AlertKind } from "#shared/domain/alerts/kinds.ts";
import type { Language, Purpose } from "#shared/domain/words.ts";

const USES: Readonly<Record<AlertKind, string>> = {
  message: "tells that something waits in the portal",
  nudge: "tells once more of what nobody has read",
  code: "carries the code that a patient asked for",
  reminder: "reminds of a visit",
  "reminder-several": "reminds of several visits on a day",
  "visit-booked": "tells that a visit was booked",
  "visit-moved": "tells that a visit was moved",
  "visit-cancelled": "tells that a visit was cancelled",
  "opt-in-confirmed": "confirms what a patient signed up for",
  stopped: "confirms a STOP",
  "stopped-cancel": "confirms a STOP that may have been meant for a visit",
  started: "confirms a START",
  help: "answers HELP",
  received: "answers a text in office hours",
  "received-closed": "answers a text outside of office hours",
  emergency: "answers a text that tells of an emergency",
  crisis: "answers a text that tells of a crisis",
  "ask-cancel": "asks what is to be cancelled, a visit or texts",
  "visit-confirmed": "answers C to a reminder",
  "change-asked": "answers 2 to a reminder",
  "opt-in-scheduling": "asks for consent to texts about visits",
  "opt-in-portal": "asks for consent to texts about messages in the portal",
  "opt-in-billing": "asks for consent to texts about bills",
  "opt-in-pharmacy": "asks for consent to texts about the pharmacy",
  "opt-in-survey": "asks for consent to texts about surveys",
  "opt-in-announcement": "asks for consent to news of the office",
};

const PURPOSES: Readonly<Record<Purpose, string>> = {
  scheduling: "visits",
  portal: "messages in the portal",
  billing: "bills",
  pharmacy: "the pharmacy",
  survey: "surveys",
  announcement: "news of the office",
};

/** What a text is for, as the end of a sentence about it. */
export function useInWords(use: string): string {
  return Object.entries(USES).find(([kind]) => kind === use)?.[1] ?? use;
}

/** What a text is about, in words. */
export function purposeInWords(purpose: Purpose): string {
  return PURPOSES[purpose];
}

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", es: "Spanish" };

/** A language's English name. */
export function languageName(language: Language): string {
  return LANGUAGE_NAMES[language];
}
