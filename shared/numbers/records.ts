import type { Language, Purpose } from "../domain/words.ts";

/** A mobile number that texted the practice or was asked to opt in. It may be a patient's, several patients', or nobody's. */
export interface NumberRecord {
  /** `nbr_…`; stands in queue messages and audit entries. */
  readonly id: string;
  /** Blind index of the number (KMS HMAC with the key's id). */
  readonly index: string;
  /** The number, sealed under ContactKey for the use `phone`; null until it texted. */
  readonly phone: { readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array } | null;
  /** Since when it wants no texts at all; null while it takes them. */
  readonly stoppedAt: string | null;
  /** Whose word the stop is: a text that came here, or the carrier's. Null while it takes texts. */
  readonly stoppedBy: "text" | "carrier" | null;
  /** Why no text arrives there, as carriers report; null while nothing is known against it. */
  readonly undeliverable: Undeliverable | null;
  /** When it was last answered with a generic pointer. */
  readonly answeredAt: string | null;
  /** When it was last told how to get help, oldest first, at most the last few. */
  readonly helpedAt: readonly string[];
  /** Since when it takes texts again, by our clock: the carrier's list may need a while to let it go. */
  readonly startedAt: string | null;
  /** When its newest START was sent, and never later than it was dealt with. A bare STOP from before says nothing. */
  readonly startSentAt: string | null;
  /** When START was last answered. */
  readonly startAnsweredAt: string | null;
  /** The opt-in question that was asked last. */
  readonly asked: OptInQuestion | null;
  /** The language of its last text. */
  readonly language: Language;
  readonly version: number;
}

/** What carriers say of a number that no text reaches; staff lift it by confirming or changing the number. */
export interface Undeliverable {
  /** `invalid_number`, `blocked`, or `content_refused` after three refusals in a row for what texts say. */
  readonly reason: string;
  readonly since: string;
}

/** A question whether a patient may be texted about a purpose. */
export interface OptInQuestion {
  readonly patientId: string;
  readonly purpose: Purpose;
  readonly consentId: string;
  readonly alertId: string;
  readonly language: Language;
  readonly askedAt: string;
  /** When YES or NO came, or an opt-out that makes it idle; null while it is open. */
  readonly answeredAt: string | null;
}
