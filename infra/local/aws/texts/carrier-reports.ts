import { type AcceptedText, isLastWord } from "./text-events.ts";

/** What the carrier does by itself with the texts that it gets from now on. */
export const CARRIER_ANSWERS = ["delivered", "nothing"] as const;

/** `delivered` reports acceptance and delivery after 30 seconds; `nothing` stays silent. */
export type CarrierAnswers = (typeof CARRIER_ANSWERS)[number];

/** The reports that will be made without anybody asking, in local time. */
export type CarrierReports = {
  answers(): CarrierAnswers;
  /** Decides what the carrier does with texts that it gets from now on. */
  answerWith(answers: CarrierAnswers): void;
  /** A text was accepted: what will be reported of it is decided now. */
  expect(text: AcceptedText): void;
  /** Something was reported of a text because somebody asked for it. */
  told(text: AcceptedText, eventType: string): void;
  /** Makes every report whose time has come, oldest first. */
  reportDue(nowMs: number): void;
  /** When the next report is due, in milliseconds since the epoch. */
  nextMs(): number | undefined;
};

/** Time to make the carrier report something else first. */
const DELIVERY_DELAY_MS = 30_000;
/** After this time without a final report, the service itself says that it does not know. */
const UNKNOWN_DELAY_MS = 72 * 3_600_000;

type Expected = { readonly dueMs: number; readonly eventTypes: readonly string[] };

/** Plans reports, and makes them through `emit`. */
export function createCarrierReports(emit: (text: AcceptedText, eventType: string) => void): CarrierReports {
  let answers: CarrierAnswers = "delivered";
  const expected = new Map<AcceptedText, Expected>();
  const silence = (text: AcceptedText): Expected => ({
    dueMs: Date.parse(text.sentAt) + UNKNOWN_DELAY_MS,
    eventTypes: ["TEXT_UNKNOWN"],
  });

  return {
    answers: () => answers,
    answerWith: (chosen) => {
      answers = chosen;
    },
    expect(text) {
      const delivered = {
        dueMs: Date.now() + DELIVERY_DELAY_MS,
        eventTypes: ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"],
      };
      expected.set(text, answers === "delivered" ? delivered : silence(text));
    },
    told(text, eventType) {
      if (isLastWord(eventType)) expected.delete(text);
      else if (expected.has(text)) expected.set(text, silence(text));
    },
    reportDue(nowMs) {
      const due = [...expected]
        .filter(([, { dueMs }]) => dueMs <= nowMs)
        .toSorted(([, one], [, other]) => one.dueMs - other.dueMs);
      for (const [text, { eventTypes }] of due) {
        expected.delete(text);
        for (const eventType of eventTypes) emit(text, eventType);
      }
    },
    nextMs() {
      let next: number | undefined;
      for (const { dueMs } of expected.values()) next = next === undefined || dueMs < next ? dueMs : next;
      return next;
    },
  };
}
