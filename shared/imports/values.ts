import { idPattern } from "../domain/ids.ts";
import { BadRow, type Field, type RowNote } from "../domain/imports/kinds.ts";
import { isVisitExternalId } from "../domain/visits/external-id.ts";
import { durationHours, OFFSET_HOURS_MAX, OFFSETS_MAX, sortedOffsets } from "../domain/visits/offsets.ts";
import { type SaidStatus, type VisitStatus, visitStatusOf } from "../domain/visits/words.ts";
import { CHANNELS, type Channel, type Language, PURPOSES, type Purpose } from "../domain/words.ts";

const PATIENT_ID = idPattern("pat");
/** Signs that turn the order of what is shown, and signs that are not shown at all. */
const HIDDEN = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u;
/** How spreadsheets keep the zeros of a number: ="00123". */
const GUARDED = /^="([^"]*)"$/u;
const FORMULA = /^(?:[=@]|[+-](?!\d))/u;
const ID_LENGTH_MAX = 100;

/** What a cell says, with its blanks (also those that do not break) made plain; empty where it says nothing. */
export function plainCell(cell: string, column: Field): string {
  const text = (GUARDED.exec(cell.trim())?.[1] ?? cell)
    .normalize("NFC")
    .replaceAll(/\p{Z}+/gu, " ")
    .trim();
  if (!text.isWellFormed() || text.includes("\ufffd")) throw new BadRow("undecodable", column);
  if (/\p{Cc}/u.test(text)) throw new BadRow("control_character", column);
  if (HIDDEN.test(text)) throw new BadRow("hidden_character", column);
  return text;
}

/** What people write where they have nothing to say, as {@link wordOf} has it; signs alone say nothing either. */
const NOTHING = new Set([
  "",
  "na",
  "none",
  "null",
  "nil",
  "unknown",
  "unk",
  "notapplicable",
  "notavailable",
  "notprovided",
  "ninguno",
  "ninguna",
  "desconocido",
  "desconocida",
  "noaplica",
  "notiene",
]);

/** Whether a cell is as good as empty. Not to be asked of names: Null is one. */
export function saysNothing(text: string): boolean {
  return NOTHING.has(wordOf(text));
}

/** Words that are kept: no formula for whoever opens an export in a spreadsheet. */
export function keptText(text: string, column: Field, lengthMax: number): string {
  if (FORMULA.test(text)) throw new BadRow("formula", column);
  if (text.length > lengthMax) throw new BadRow("too_long", column);
  // As the API takes it: something that can be seen.
  if (!/[^\p{Z}\p{C}]/u.test(text)) throw new BadRow("missing", column);
  return text;
}

/** An id of another system; the mark by which spreadsheets keep zeros is not part of it. */
export function otherId(text: string, column: Field): string {
  return keptText(text.replace(/^'(?=\d)/u, ""), column, ID_LENGTH_MAX);
}

/** A scheduler's id of a visit, as the API takes it in a path. */
export function visitId(text: string): string {
  const id = otherId(text, "externalId");
  if (!isVisitExternalId(id)) throw new BadRow("bad_value", "externalId");
  return id;
}

/** Whether a text is a patient's id of this system. */
export function isPatientId(text: string): boolean {
  return PATIENT_ID.test(text);
}

/** A mobile number of the North American plan in E.164, from what people write; an extension cannot be texted. */
export function mobilePhone(text: string): string {
  const digits = text.normalize("NFKC").replaceAll(/[\s().\-‐‑–/]/gu, "");
  const number = /^(?:\+?1)?([2-9]\d{9})$/u.exec(digits)?.[1];
  // One digit alone fills a field that must not be empty.
  if (number === undefined || /^(.)\1+$/u.test(number)) throw new BadRow("bad_phone", "mobilePhone");
  return `+1${number}`;
}

const EMAIL =
  /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/u;

/** An e-mail address. */
export function emailAddress(text: string): string {
  if (text.length > 254 || !EMAIL.test(text)) throw new BadRow("bad_email", "email");
  return text;
}

/** A language that texts come in. */
export function languageNamed(text: string): Language {
  const word = wordOf(text);
  if (/^(?:en|eng|english|ingles)$|^en(?:us|gb|ca)$/u.test(word)) return "en";
  if (/^(?:es|spa|spanish|espanol|castellano|castilian)$|^spanish|^es(?:us|mx|pr|es|419)$/u.test(word))
    return "es";
  throw new BadRow("unknown_language", "language");
}

/**
 * What the API's own words do not cover: other schedulers' and Spanish ones, without blanks and signs, `canceled` written
 * `cancelled`. What waits for the patient's word is booked; what waits for the practice's is pending.
 */
const STATUS_WORDS: Readonly<Record<VisitStatus, readonly string[]>> = {
  booked: [
    ...["active", "reserved", "unconfirmed", "notconfirmed", "pendingconfirmation"],
    ...["confirmationpending", "awaitingconfirmation", "leftmessage", "lm", "remindersent"],
    ...["programada", "agendada", "reservada", "sinconfirmar", "porconfirmar"],
  ],
  pending: ["waitlisted", "waitinglist", "requested", "onhold", "hold", "pendiente", "listadeespera"],
  arrived: [
    ...["checkedin", "checkin", "here", "inlobby", "inreception", "waiting", "ready", "roomed", "inroom"],
    ...["inexamroom", "chair", "withprovider", "inprogress", "insession", "llego", "ensala"],
  ],
  fulfilled: [
    ...["complete", "checkedout", "checkout", "seen", "kept", "closed", "done", "departed", "discharged"],
    ...["completada", "atendida", "realizada"],
  ],
  noshow: [
    ...["noshow", "noshowed", "missed", "didnotattend", "didnotshow", "dna", "leftwithoutbeingseen"],
    ...["leftwithoutseen", "lwbs", "noasistio", "nosepresento"],
  ],
  cancelled: [
    ...["cancelledbypatient", "cancelledbyprovider", "cancelledbypractice", "cancelledbyoffice"],
    ...["cancelledbyclinic", "cancelledbystaff", "patientcancelled", "providercancelled"],
    ...["officecancelled", "latecancelled", "cancelledlate", "latecancel", "latecancellation", "cancel"],
    ...["cancellation", "deleted", "removed", "void", "voided", "bumped", "broken", "declined", "rejected"],
    ...["enteredinerror", "cancelada", "anulada", "eliminada"],
  ],
};
const STATUS_OF = new Map(
  Object.entries(STATUS_WORDS).flatMap(([status, words]) =>
    words.map((word) => [word, status as VisitStatus] as const),
  ),
);
const CONFIRMED = new Set(["confirmada", "patientconfirmed", "confirmedbypatient"]);
/** Schedulers leave the old slot behind under this word; the new one has an id and a status of its own. */
const RESCHEDULED = new Set(["rescheduled", "reschedule", "rs", "reprogramada", "reagendada"]);

/** A visit's status in the words of schedulers, and whether they say that it is confirmed. */
export function visitStatus(text: string, warnings: RowNote[]): SaidStatus {
  const word = wordOf(text).replaceAll("canceled", "cancelled");
  const said = visitStatusOf(text) ?? visitStatusOf(word);
  if (said !== undefined) return said;
  if (CONFIRMED.has(word)) return { status: "booked", confirmed: true };
  if (RESCHEDULED.has(word)) {
    warnings.push({ code: "taken_as_cancelled", column: "status" });
    return { status: "cancelled", confirmed: false };
  }
  const status = STATUS_OF.get(word);
  if (status === undefined) throw new BadRow("bad_value", "status");
  return { status, confirmed: false };
}

const PURPOSE_WORDS: Readonly<Record<string, Purpose>> = {
  appointments: "scheduling",
  appointment: "scheduling",
  appointmentreminder: "scheduling",
  appointmentreminders: "scheduling",
  recordatoriodecitas: "scheduling",
  citas: "scheduling",
  cita: "scheduling",
};

/** What a consent is for. */
export function purposeOf(text: string): Purpose {
  const word = wordOf(text);
  const purpose = PURPOSES.find((known) => wordOf(known) === word) ?? PURPOSE_WORDS[word];
  if (purpose === undefined) throw new BadRow("bad_value", "purpose");
  return purpose;
}

const CHANNEL_WORDS: Readonly<Record<string, Channel>> = {
  text: "sms",
  texts: "sms",
  textmessage: "sms",
  mensajedetexto: "sms",
  correo: "email",
  correoelectronico: "email",
};

/** By which channel. */
export function channelOf(text: string): Channel {
  const word = wordOf(text);
  const channel = CHANNELS.find((known) => known === word) ?? CHANNEL_WORDS[word];
  if (channel === undefined) throw new BadRow("bad_value", "channel");
  return channel;
}

const YES = new Set(["yes", "y", "true", "t", "1", "x", "si", "s", "verdadero"]);
const NO = new Set(["no", "n", "false", "f", "0", "", "falso"]);
const GRANTED = new Set([
  "granted",
  "grant",
  "optin",
  "optedin",
  "consented",
  "otorgado",
  "aceptado",
  ...YES,
]);
const REVOKED = new Set(["revoked", "revoke", "optout", "optedout", "declined", "revocado", "rechazado"]);

/** Whether a decision is a grant, as far as it can be read. */
export function isGranted(text: string): boolean {
  return GRANTED.has(wordOf(text));
}

/** What the patient decided; a bare no is one, nothing at all is none. */
export function decisionOf(text: string): "granted" | "revoked" {
  const word = wordOf(text);
  if (isGranted(text)) return "granted";
  if (REVOKED.has(word) || (word !== "" && NO.has(word))) return "revoked";
  throw new BadRow(word === "" ? "missing" : "bad_value", "decision");
}

/** Whether something was acknowledged; nothing is no. */
export function acknowledged(text: string, column: Field): boolean {
  const word = wordOf(text);
  if (YES.has(word)) return true;
  if (NO.has(word)) return false;
  throw new BadRow("bad_value", column);
}

/** Hours before a visit: `72, 24`, `PT24H` or `P3D`; null where nothing is said. */
export function reminderOffsets(text: string): readonly number[] | null {
  const parts = text.split(/[\s,;|/]+/u).filter((part) => part !== "");
  if (parts.length === 0) return null;
  const hours = sortedOffsets(parts.map(hoursOf));
  if (hours.length > OFFSETS_MAX) throw new BadRow("bad_value", "reminderOffsets");
  return hours;
}

function hoursOf(part: string): number {
  const plain = /^(\d{1,3})h?$/iu.exec(part)?.[1];
  const hours = plain === undefined ? (durationHours(part.toUpperCase()) ?? 0) : Number(plain);
  if (hours < 1 || hours > OFFSET_HOURS_MAX) throw new BadRow("bad_value", "reminderOffsets");
  return hours;
}

/** A version as a scheduler counts it. */
export function versionNumber(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new BadRow("bad_value", "version");
  return Number(text);
}

/** A word without case, accents, blanks and signs: how names of columns and values are compared. */
export function wordOf(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "");
}
