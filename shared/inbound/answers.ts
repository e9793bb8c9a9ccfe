import type { AlertKind } from "../domain/alerts/kinds.ts";
import { newAnswer, secondsAfter } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { InboundPorts } from "./ports.ts";
import { type Owner, onlyOwner, type Situation } from "./situation.ts";

const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** An opt-out is confirmed within five minutes or not at all (47 CFR 64.1200(a)(12)). */
export const CONFIRMATION_SECONDS = 5 * 60;
/** After this an answer would puzzle more than it helps. */
export const ANSWER_SECONDS = HOUR_SECONDS;
/** As long as a grant's own text may wait. */
export const STARTED_SECONDS = DAY_SECONDS;

const HELP_PER_DAY_MAX = 3;
const STRANGERS_HELP_SECONDS = 30 * DAY_SECONDS;
const GENERIC_SECONDS = DAY_SECONDS;
const HELP_TIMES_KEPT = 5;
/** More in one day are two machines that answer each other. */
const DISTRESS_ANSWERS_PER_DAY_MAX = 3;
/** Who goes on changing between C and 2 knows the answers by then. */
const VISIT_ANSWERS_PER_DAY_MAX = 3;

function within(time: string, seconds: number, now: Date): boolean {
  return Date.parse(time) > now.getTime() - seconds * 1000;
}

/** True where the number may be told how to get help: a patient's three times a day, a stranger's once in 30 days. */
export function mayTellHelp({ number, owners, at }: Situation): boolean {
  if (owners.length === 0) return !number.helpedAt.some((time) => within(time, STRANGERS_HELP_SECONDS, at));
  return number.helpedAt.filter((time) => within(time, DAY_SECONDS, at)).length < HELP_PER_DAY_MAX;
}

/** What is noted of a number that is told how to get help. */
export function toldHelp({ number, at }: Situation): Pick<NumberRecord, "helpedAt"> {
  return { helpedAt: [...number.helpedAt, at.toISOString()].slice(-HELP_TIMES_KEPT) };
}

/** True where nobody answered the number in general terms within 24 hours. */
export function mayAnswerInGeneral({ number, at }: Situation): boolean {
  return number.answeredAt === null || !within(number.answeredAt, GENERIC_SECONDS, at);
}

/** True where START was not answered within 24 hours. */
export function mayAnswerStart({ number, at }: Situation): boolean {
  return number.startAnsweredAt === null || !within(number.startAnsweredAt, GENERIC_SECONDS, at);
}

/** True while texts of distress of the day may still be answered. */
export function mayAnswerDistress({ day }: Situation): boolean {
  return (day?.distressAnswers ?? 0) < DISTRESS_ANSWERS_PER_DAY_MAX;
}

/** True while C and 2 of the day may still be answered; they are heard all the same. */
export function mayAnswerVisits({ day }: Situation): boolean {
  return (day?.visitAnswers ?? 0) < VISIT_ANSWERS_PER_DAY_MAX;
}

/** True for a patient who wants no texts: said so of everything that was agreed to, or is never to be texted. */
function wantsNone({ patient, states }: Owner): boolean {
  if (patient.constraints.neverText === true) return true;
  return states.length > 0 && states.every(({ decision }) => decision === "revoked");
}

/** True where an answer obeys everything that the number and its patients said about texts. */
export function takesAnswers({ number, owners }: Situation): boolean {
  return number.stoppedAt === null && (owners.length === 0 || !owners.every(wantsNone));
}

/** An answer to the number, not yet stored. */
export function answerTo(
  { newId }: Pick<InboundPorts, "newId">,
  situation: Situation,
  kind: AlertKind,
  {
    expiresAt = secondsAfter(situation.at, ANSWER_SECONDS),
    optOutList = null,
  }: Partial<Pick<AlertRecord, "optOutList">> & { readonly expiresAt?: string } = {},
): AlertRecord {
  const { number, language, at } = situation;
  return newAnswer({
    id: newId("alr", at),
    kind,
    numberId: number.id,
    numberIndex: number.index,
    concerns: onlyOwner(situation)?.patient.id ?? null,
    language,
    at,
    expiresAt,
    optOutList,
  });
}
