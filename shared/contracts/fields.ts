import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { CHANNELS, LANGUAGES, PURPOSES } from "../domain/words.ts";
import { expected } from "./expected.ts";

/** Ids as this system gives them out. */
export const PatientId = z
  .string()
  .regex(idPattern("pat"), expected("a patient's id, pat_ and 26 characters"))
  .meta({ id: "PatientId" });
export const MessageId = z.string().regex(idPattern("msg")).meta({ id: "MessageId" });
export const ThreadId = z.string().regex(idPattern("thr")).meta({ id: "ThreadId" });

export const AttachmentId = z.string().regex(idPattern("att")).meta({ id: "AttachmentId" });

/** What a message or consent is for. */
export const PurposeField = z.enum(PURPOSES).meta({ id: "Purpose" });

/** How a patient is reached. */
export const ChannelField = z.enum(CHANNELS).meta({ id: "Channel" });

/** The language of alerts and pages. */
export const LanguageField = z.enum(LANGUAGES).meta({ id: "Language" });

/** 1 administrative, 2 notification, 3 clinical. */
export const TierField = z.literal([1, 2, 3]).meta({ id: "Tier" });

/** A moment, ISO 8601 in UTC. */
export const Time = z.iso
  .datetime(expected("a time in UTC such as 2026-11-22T17:00:00Z"))
  .meta({ id: "Time" });

/** UTC, or a place: letters such as EST are a fixed offset to computers, the year round, and Etc/GMT+5 has the other sign. */
const PLACE = /^(?:UTC|[A-Z][A-Za-z]+(?:\/[A-Za-z0-9_+-]+)+)$/;

/** A name that the runtime's time-zone data knows, and that follows the clocks of a place. */
export const TimeZone = z
  .string()
  .max(64)
  .refine((name) => {
    if (!PLACE.test(name) || /^Etc\/GMT[+-]/.test(name)) return false;
    try {
      new Intl.DateTimeFormat("en-US", { timeZone: name });
      return true;
    } catch {
      return false;
    }
  })
  .meta({ id: "TimeZone", description: "IANA time zone, such as America/Chicago." });

/** Text without control characters (a lone surrogate is refused too). */
export function plainText(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && /[^\p{Z}\p{C}]/u.test(text) && !/\p{Cc}/u.test(text));
}

/** Text that may have line breaks and tabs but no other control characters. */
export function bodyText(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && text.trim() !== "" && !/[^\P{Cc}\n\r\t]/u.test(text));
}
