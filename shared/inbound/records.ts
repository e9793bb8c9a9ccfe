import type { AlertKind } from "../domain/alerts/kinds.ts";

/** A text as it came to the practice's number. */
export interface InboundText {
  /** The provider's id of it; the same id twice is the same text. */
  readonly id: string;
  /** Who texted, E.164. */
  readonly from: string;
  readonly body: string;
  /** When the provider passed it on. */
  readonly receivedAt: Date;
  /** The provider's id of our text that it answers, where the provider knows. */
  readonly answers: string | null;
}

/**
 * How far a text has been dealt with. `begun`: several patients have the number, and some of them are
 * done; `answer` is what it gets in the end, decided when it began.
 */
export type InboundMark =
  | { readonly stage: "begun"; readonly answer: AlertKind | null }
  | { readonly stage: "done" };

/** What came from one number on one day (UTC). */
export interface NumberDay {
  readonly texts: number;
  /** Answers to texts of distress. */
  readonly distressAnswers: number;
  /** Answers to C and 2. */
  readonly visitAnswers: number;
}

/** What a text was taken for, as records say it: nothing clinical, so distress is `urgent`. */
export type ReadAs =
  | "urgent"
  | "stop"
  | "stop-outdated"
  | "start"
  | "help"
  | "yes"
  | "no"
  | "confirm"
  | "change"
  | "reply";
