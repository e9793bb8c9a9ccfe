import type { Language } from "../domain/words.ts";
import type { OpenSpan } from "../practice/records.ts";

/** A photo or document of a message, as its patient sees it. */
export interface ShownAttachment {
  readonly id: string;
  readonly name: string;
  readonly kind: "photo" | "pdf";
  readonly sizeBytes: number;
  /** `waiting`: not uploaded yet. `checking`: not looked at yet. Only `ready` can be opened. */
  readonly state: "waiting" | "checking" | "ready" | "refused";
}

/** A message as its patient sees it. */
export interface ShownMessage {
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** `patient`: what the patient wrote here or texted. */
  readonly from: "patient" | "practice";
  readonly via: "portal" | "text";
  readonly subject: string | null;
  readonly body: string;
  readonly attachments: readonly ShownAttachment[];
  /** Of a message of the patient's own: when the practice first opened the thread after it; null: not yet. */
  readonly seenAt: string | null;
}

/** A page of a thread as its patient sees it. */
export interface ShownThread {
  /** Oldest first. */
  readonly messages: readonly ShownMessage[];
  /** The message that the page before this one ends before; null: there is nothing older. */
  readonly earlier: string | null;
  /** True on the page of the newest messages, where the patient writes. */
  readonly newest: boolean;
  /** Another number whenever something of the thread changed. */
  readonly version: number;
  /** Something in the thread needs more proof than this session gave. */
  readonly moreNeedsProof: boolean;
  /** Some text may still come: there is something to stop. */
  readonly getsTexts: boolean;
  /** The patient's language. */
  readonly language: Language;
  /** IANA name. */
  readonly timeZone: string;
  /** Weekday (`monday` …) to open spans in that zone; a missing day is closed. */
  readonly officeHours: Readonly<Record<string, readonly OpenSpan[]>>;
  /** Somebody is at the practice now. */
  readonly openNow: boolean;
  /** Uploaded in this session and not sent yet. */
  readonly pending: readonly ShownAttachment[];
}

/** Why a reply was not taken; the page shows it again with everything that was written. */
export type ReplyProblem = "empty" | "too-long" | "attachment-not-ready" | "too-many";
