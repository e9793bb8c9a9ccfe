import type { Write } from "../audit/journal.ts";
import { isDisowned, PREFERENCES_DEFAULT } from "../consent/preferences.ts";
import { endedPurposes } from "../consent/scope.ts";
import { type LedgerWrites, revokeAll } from "../consent/stop.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { ReplyReading } from "../domain/replies/read-reply.ts";
import type { TaskKind } from "../domain/task-kinds.ts";
import type { Purpose } from "../domain/words.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import type { NumberRecord } from "../numbers/records.ts";
import { answerTo, CONFIRMATION_SECONDS, mayAnswerDistress, takesAnswers } from "./answers.ts";
import { distressAnswer } from "./distress.ts";
import { type Plan, type Step, simplePlan } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundText } from "./records.ts";
import { answeredPurpose, type Owner, onlyOwner, type Situation, writerOf } from "./situation.ts";
import { inboundTask, type StoredWords, storeWords, wordsDetails } from "./store-words.ts";

/** What the text ends: everything, unless the stage may and does narrow it to the purpose that it answers. */
function endedBy(
  { rules }: InboundPorts,
  reading: ReplyReading,
  situation: Situation,
): readonly Purpose[] | "all" {
  // Who is not the patient agreed to nothing, and the network blocks a number as a whole.
  if (reading.wrongNumber || rules.optOuts === "carrier") return "all";
  return endedPurposes(rules.optOutScope, answeredPurpose(situation), situation.at);
}

/** Ledger entries that end what the patient had agreed to. */
async function revocationsOf(
  ports: InboundPorts,
  { patient, states }: Owner,
  text: InboundText,
  reading: ReplyReading,
  ended: readonly Purpose[] | "all",
  at: Date,
): Promise<LedgerWrites> {
  return revokeAll(
    ports,
    patient.id,
    ended === "all" ? states : states.filter(({ purpose }) => ended.includes(purpose)),
    {
      channel: "sms",
      method: "text",
      evidence: text.body,
      recordedBy: `patient:${patient.id}`,
      language: patient.language,
      at,
      // START from a number that is not the patient's must restore nothing of theirs.
      final: reading.wrongNumber,
    },
  );
}

/** The one confirmation, or what stands in its place; null where none is due. */
function confirmationOf(
  ports: InboundPorts,
  reading: ReplyReading,
  situation: Situation,
  ended: readonly Purpose[] | "all",
): AlertKind | null {
  if (situation.mark?.stage === "begun") return situation.mark.answer;
  if (ended !== "all") {
    return reading.distress !== null && takesAnswers(situation) && mayAnswerDistress(situation)
      ? distressAnswer(reading.distress)
      : null;
  }
  // A repeated STOP is recorded and not answered.
  if (situation.number.stoppedAt !== null) return null;
  if (reading.distress !== null) return distressAnswer(reading.distress);
  if (ports.rules.optOuts === "carrier") return null;
  return reading.keyword === "cancel" ? "stopped-cancel" : "stopped";
}

/** What staff are asked to do about it. */
function taskKinds(reading: ReplyReading, { owners }: Situation, changes: boolean): readonly TaskKind[] {
  const kinds: TaskKind[] = reading.distress === null ? [] : ["urgent-reply"];
  if (owners.length === 0 || !changes) return kinds;
  if (owners.length > 1) kinds.push("shared-number");
  if (reading.wrongNumber) kinds.push("wrong-number");
  else if (reading.revokes === "words") kinds.push("opt-out-review");
  return kinds;
}

function taskWrites(
  ports: InboundPorts,
  kinds: readonly TaskKind[],
  situation: Situation,
  words: StoredWords | null,
): readonly Write[] {
  const about = {
    patientId: (words === null ? writerOf(situation) : words.writer)?.patient.id ?? null,
    messageId: words?.message.id ?? null,
    threadId: words?.message.threadId ?? null,
  };
  return kinds.map((kind) => {
    // It concerns everybody who has the number.
    const patientId = kind === "shared-number" ? null : about.patientId;
    return ports.tasks.addTask(inboundTask(ports, kind, situation, { ...about, patientId }));
  });
}

/** What is noted of a number that wants no more texts: since when, and that nothing is asked of it any more. */
function stopped({ number }: Situation, { receivedAt }: InboundText): Partial<NumberRecord> {
  const at = receivedAt.toISOString();
  const { stoppedAt, stoppedBy, asked } = number;
  return {
    // The newest STOP counts: a START from before it lifts nothing.
    ...(stoppedAt !== null && stoppedAt > at
      ? { stoppedAt, stoppedBy }
      : { stoppedAt: at, stoppedBy: "text" }),
    asked: asked === null || asked.answeredAt !== null ? asked : { ...asked, answeredAt: at },
  };
}

/** Nothing goes to the number for this patient until staff record that it is theirs; START does not say so. */
function disowning({ consents }: InboundPorts, { patient, preferences }: Owner): readonly Write[] {
  const { id, numberId } = patient;
  if (isDisowned(numberId, "sms", preferences)) return [];
  const before = preferences ?? PREFERENCES_DEFAULT;
  return [consents.setPreferences(id, { ...before, disowned: { ...before.disowned, sms: numberId } })];
}

/**
 * True for a bare keyword that was sent before the newest START and came after it: what it said is
 * undone already. What was said in words is obeyed whenever it comes.
 */
function isOutdated(text: InboundText, reading: ReplyReading, { number, mark }: Situation): boolean {
  if (reading.revokes !== "keyword" || mark !== undefined || number.startSentAt === null) return false;
  return text.receivedAt.getTime() < Date.parse(number.startSentAt);
}

/**
 * No more texts: ends what every patient with the number had agreed to and notes that the number takes
 * none, before anything else is done about it. A number of several patients takes a transaction for
 * each; what was done is not done again when the text is brought a second time.
 */
export async function planStop(
  ports: InboundPorts,
  text: InboundText,
  reading: ReplyReading,
  situation: Situation,
): Promise<Plan> {
  const { number, owners, mark, at } = situation;
  const only = onlyOwner(situation);
  if (isOutdated(text, reading, situation)) {
    return simplePlan("stop-outdated", {
      concerns: only,
      details: { revokes: reading.revokes },
      writes: [],
    });
  }
  const ended = endedBy(ports, reading, situation);
  // START came after it had begun: what is not ended yet stays.
  const lifted = mark?.stage === "begun" && ended === "all" && number.stoppedAt === null;
  const keepsWords = reading.revokes === "words" || reading.distress !== null;
  // The accounting of disclosures finds by it what went to somebody else (45 CFR 164.528).
  const misdirected = (owner: Owner | null) =>
    reading.wrongNumber
      ? { wrongNumber: true, ...(owner === null ? {} : { contactId: owner.patient.numberId }) }
      : {};
  const [words, steps] = await Promise.all([
    keepsWords ? storeWords(ports, text, situation, null) : null,
    lifted
      ? []
      : Promise.all(
          owners.map(async (owner) => {
            const { writes, consentIds } = await revocationsOf(ports, owner, text, reading, ended, at);
            const { patient, marks } = owner;
            const links = reading.wrongNumber
              ? [ports.inbound.revokeLinks(patient.id, at.toISOString(), marks), ...disowning(ports, owner)]
              : [];
            return {
              concerns: owner,
              details: { ...misdirected(owner), consentIds },
              writes: [...writes, ...links],
            } satisfies Step;
          }),
        ),
  ]);
  const revoking = steps.filter(({ writes }) => writes.length > 0);
  const revokes = steps.some(({ details }) => details.consentIds.length > 0);
  const changes = mark !== undefined || revokes || (ended === "all" && number.stoppedAt === null);
  const answer = lifted ? null : confirmationOf(ports, reading, situation, ended);
  const confirms = answer !== null && ended === "all";
  const expiresAt = secondsAfter(text.receivedAt, CONFIRMATION_SECONDS);
  const alert =
    answer === null
      ? []
      : [answerTo(ports, situation, answer, confirms ? { expiresAt, optOutList: "list" } : {})];
  const concerns = only ?? words?.writer ?? null;
  const last: Step = {
    concerns,
    details: {
      revokes: reading.revokes,
      ...misdirected(concerns),
      ...(only === null ? {} : revoking[0]?.details),
      ...(words === null ? {} : wordsDetails(words)),
    },
    writes: [
      ...(only === null ? [] : revoking.flatMap(({ writes }) => writes)),
      ...(words?.writes ?? []),
      ...taskWrites(ports, taskKinds(reading, situation, changes), situation, words),
    ],
  };
  return simplePlan(reading.distress === null ? "stop" : "urgent", last, {
    before: only === null ? revoking : [],
    first: ended === "all" && !lifted ? stopped(situation, text) : {},
    alerts: alert,
    answer,
    answersDistress: answer !== null && reading.distress !== null,
  });
}
