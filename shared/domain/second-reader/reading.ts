import type { Reason } from "../classification/categories.ts";
import type { Answer } from "./answer.ts";
import { QUESTION_VERSION } from "./question.ts";

/** Why the second reader said nothing of a text; the local verdict then stands. */
export type Silence =
  /** No agreement with its vendor is in force: it was not asked. */
  | "no_agreement"
  /** It failed several times in a row just now: it was not asked. */
  | "paused"
  | "timeout"
  | "throttled"
  /** This deployment may not use the model. */
  | "denied"
  /** The model, its filter or a guardrail would not answer. */
  | "refused"
  | "malformed"
  | "unavailable";

/** What came of asking the second reader. */
export type Reading =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "silent"; readonly why: Silence };

/** A verdict that can be raised; `Kept` is the form of the reasons that it has already. */
type Raisable<Kept> = { readonly tier: 1 | 2 | 3; readonly reasons: readonly Kept[] };

/** Rule of every reason that the second reader gives. */
export const READER_RULE = "second-reader";

const EXPLANATION = "The second reader takes the wording here for more than the other voices do.";

/** The reason for an answer: its quote where that stands in the text, else the whole text. */
function reasonFor({ category, quote }: Answer, text: string): Reason {
  const found = quote.trim() === "" ? -1 : text.indexOf(quote);
  return {
    rule: READER_RULE,
    category,
    start: found < 0 ? 0 : found,
    end: found < 0 ? text.length : found + quote.length,
    explanation: EXPLANATION,
    via: "reader",
  };
}

/**
 * A verdict on `text` together with what the second reader said of it: at least as high, and with every reason that it
 * had. There is no way down here, so nothing that a text talks a reader into lowers anything.
 */
export function raise<Kept>(
  verdict: Raisable<Kept>,
  text: string,
  reading: Reading,
): Raisable<Kept | Reason> {
  if (reading.kind === "silent" || reading.answer.tier <= verdict.tier) return verdict;
  return { tier: reading.answer.tier, reasons: [...verdict.reasons, reasonFor(reading.answer, text)] };
}

/** What receipts call the second reader: the question's and answer's form, and the model. */
export function readerVersion(modelId: string): string {
  return `reader-${QUESTION_VERSION}/${modelId}`;
}

/**
 * The classifier's version as it stands in a receipt: alone where the second reader had no part, with the reader's where
 * it answered, and with the reason besides where it was silent.
 */
export function versionWith(classifierVersion: string, reader: string, reading: Reading): string {
  const base = `${classifierVersion}+${reader}`;
  return reading.kind === "answered" ? base : `${base}/${reading.why}`;
}
