import { isDisowned, languageFor } from "../consent/preferences.ts";
import type { ConsentRecord } from "../consent/records.ts";
import { newestTemplateName } from "../domain/alerts/template-names.ts";
import type { AlertStatus } from "../domain/words.ts";
import { newOptInText, secondsAfter } from "../messaging/new-alert.ts";
import type { OptInQuestion } from "../numbers/records.ts";
import { STARTED_SECONDS } from "./answers.ts";
import { type Plan, simplePlan } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundText } from "./records.ts";
import type { Owner, Situation } from "./situation.ts";

/** A question that stands longer is no question any more. */
const OPEN_MS = 72 * 60 * 60 * 1000;

/** States of a text that reached the phone, or may have. */
const ASKED: readonly AlertStatus[] = ["sending", "unknown", "sent", "delivered"];

/** The question that YES or NO answers now, with the patient whom it was about and who still has the number. */
export function openQuestion(
  { number, owners, question: asked }: Situation,
  text: InboundText,
): { readonly question: OptInQuestion; readonly owner: Owner } | null {
  const question = number.asked;
  if (question === null || question.answeredAt !== null || number.stoppedAt !== null) return null;
  // Nobody can agree to what was never asked.
  if (asked === undefined || !ASKED.includes(asked.status)) return null;
  if (text.receivedAt.getTime() > Date.parse(question.askedAt) + OPEN_MS) return null;
  const owner = owners.find(({ patient }) => patient.id === question.patientId);
  // Who said in the portal that the number is not the patient's cannot agree for the patient.
  if (owner === undefined || isDisowned(owner.patient.numberId, "sms", owner.preferences)) return null;
  return { question, owner };
}

/** YES grants exactly what was asked, to the patient who was asked; NO is on record and changes nothing. */
export async function planOptInAnswer(
  ports: InboundPorts,
  answer: "yes" | "no",
  text: InboundText,
  situation: Situation,
  { question, owner }: { readonly question: OptInQuestion; readonly owner: Owner },
): Promise<Plan> {
  const { consents, newId } = ports;
  const { at } = situation;
  const { patient, states } = owner;
  const { purpose, language } = question;
  const agrees = answer === "yes";
  const consentId = newId("con", at);
  const record: ConsentRecord = {
    consentId,
    patientId: patient.id,
    purpose,
    channel: "sms",
    decision: agrees ? "granted" : "declined",
    since: at.toISOString(),
    contactId: patient.numberId,
    ended: null,
    method: "text",
    wording: newestTemplateName(`opt-in-${purpose}`),
    language,
    acknowledgements: agrees ? { unsecuredText: true, numberConfirmed: true, optOutAnytime: true } : null,
    recordedBy: `patient:${patient.id}`,
    recordedAt: at.toISOString(),
    ...(await ports.sealEvidence(patient.id, consentId, text.body)),
  };
  const confirmation = newOptInText({
    id: newId("alr", at),
    kind: "opt-in-confirmed",
    patientId: patient.id,
    purpose,
    consentId,
    language: languageFor(patient, owner.preferences),
    at,
    expiresAt: secondsAfter(at, STARTED_SECONDS),
  });
  const before = states.find((state) => state.purpose === purpose);
  return simplePlan(
    answer,
    {
      concerns: owner,
      purpose,
      details: { consentIds: [consentId], askedConsentId: question.consentId },
      writes: consents.append(record, before),
    },
    {
      atLast: { asked: { ...question, answeredAt: at.toISOString() } },
      ...(agrees ? { alerts: [confirmation], answer: "opt-in-confirmed" } : {}),
    },
  );
}
