import type { ConsentRecord } from "../consent/records.ts";
import { isUndoneByStart, restoreStopped, stoppedGrants } from "../consent/stop.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import { startedAt } from "../numbers/started.ts";
import {
  ANSWER_SECONDS,
  answerTo,
  mayAnswerStart,
  mayTellHelp,
  STARTED_SECONDS,
  toldHelp,
} from "./answers.ts";
import { type Plan, type Step, simplePlan } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundText } from "./records.ts";
import { type Owner, onlyOwner, type Situation } from "./situation.ts";
import { inboundTask } from "./store-words.ts";

/** Ledger entries that restore what a STOP of this number ended for a patient. */
async function restorationOf(ports: InboundPorts, text: InboundText, owner: Owner, at: Date): Promise<Step> {
  const { read, consents } = ports;
  const { patient, states } = owner;
  const restorable = states.filter((state) => stoppedGrants([state], patient.numberId).length > 0);
  const entries: readonly (ConsentRecord | undefined)[] = await read(
    ...restorable.map(({ consentId }) => consents.entry(patient.id, consentId)),
    ...stoppedGrants(restorable, patient.numberId).map((id) => consents.entry(patient.id, id)),
  );
  // Nothing that somebody asked for otherwise.
  const undone = restorable.filter((_state, index) => isUndoneByStart(entries[index]?.method ?? ""));
  const { writes, consentIds } = await restoreStopped(
    ports,
    patient.id,
    undone,
    entries.slice(restorable.length),
    {
      channel: "sms",
      method: "text",
      evidence: text.body,
      recordedBy: `patient:${patient.id}`,
      language: patient.language,
      at,
    },
  );
  return { concerns: owner, details: { consentIds }, writes };
}

/** What is said to START; null for nothing. */
function startAnswer(ports: InboundPorts, situation: Situation, restores: boolean): AlertKind | null {
  const { mark, number } = situation;
  if (mark?.stage === "begun") return mark.answer;
  // The network lifts its block and says so itself.
  if (ports.rules.optOuts === "carrier") return null;
  // The answer is also what takes the number off the list, so a number that was stopped always has one.
  const lifts = number.stoppedAt !== null;
  if (restores) return lifts || mayAnswerStart(situation) ? "started" : null;
  return lifts || mayTellHelp(situation) ? "help" : null;
}

/**
 * A START from before the stop lifts nothing. Of a stop that was learnt from the carrier nobody knows
 * here when it was sent: a person finds out which of the two came last.
 */
function planOutdated(ports: InboundPorts, situation: Situation): Plan {
  const concerns = onlyOwner(situation);
  const about = { patientId: concerns?.patient.id ?? null, reason: "start_before_stop" };
  const isKnown = situation.number.stoppedBy === "text";
  const tasks = isKnown ? [] : [inboundTask(ports, "number-not-lifted", situation, about)];
  return simplePlan("start", {
    concerns,
    details: { outdated: true, taskId: tasks[0]?.id ?? null },
    writes: tasks.map((task) => ports.tasks.addTask(task)),
  });
}

/** When its newest START was sent. Whatever clock said so, a STOP that comes from now on is newer. */
function startSentAt({ number, at }: Situation, { receivedAt }: InboundText): string {
  const sentAt = (receivedAt < at ? receivedAt : at).toISOString();
  return number.startSentAt !== null && number.startSentAt > sentAt ? number.startSentAt : sentAt;
}

/** START: the number takes texts again, and what its STOP had ended holds again. */
export async function planStart(ports: InboundPorts, text: InboundText, situation: Situation): Promise<Plan> {
  const { number, owners, at } = situation;
  const only = onlyOwner(situation);
  if (number.stoppedAt !== null && text.receivedAt.getTime() < Date.parse(number.stoppedAt)) {
    return planOutdated(ports, situation);
  }
  const steps = await Promise.all(owners.map((owner) => restorationOf(ports, text, owner, at)));
  const restoring = steps.filter(({ writes }) => writes.length > 0);
  const answer = startAnswer(ports, situation, restoring.length > 0);
  const lasting = answer === "started" ? STARTED_SECONDS : ANSWER_SECONDS;
  const lifts = answer === "started" || number.stoppedAt !== null;
  const alerts =
    answer === null
      ? []
      : [
          answerTo(ports, situation, answer, {
            expiresAt: secondsAfter(at, lasting),
            optOutList: lifts ? "lift" : null,
          }),
        ];
  return simplePlan(
    "start",
    {
      concerns: only,
      details: only === null ? {} : { ...restoring[0]?.details },
      writes: only === null ? [] : restoring.flatMap(({ writes }) => writes),
    },
    {
      before: only === null ? restoring : [],
      atLast: {
        startSentAt: startSentAt(situation, text),
        ...(lifts ? startedAt(at) : {}),
        ...(answer === "started" ? { startAnsweredAt: at.toISOString() } : {}),
        ...(answer === "help" ? toldHelp(situation) : {}),
      },
      alerts,
      answer,
    },
  );
}
