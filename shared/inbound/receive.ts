import type { ChainHead, Write } from "../audit/journal.ts";
import { type ReplyReading, readReply } from "../domain/replies/read-reply.ts";
import type { NumberRecord } from "../numbers/records.ts";
import { planDistress } from "./distress.ts";
import { planHelp } from "./help.ts";
import { openQuestion, planOptInAnswer } from "./opt-in-answer.ts";
import type { Plan, Step } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundMark, InboundText, ReadAs } from "./records.ts";
import { planReply } from "./reply.ts";
import { ACTOR, countingDay, indexOf, readSituation, type Situation } from "./situation.ts";
import { planStop } from "./stop.ts";

/** What became of a text. */
export type ReceiveOutcome =
  | { readonly kind: "received"; readonly readAs: ReadAs }
  | { readonly kind: "ignored"; readonly reason: "duplicate" | "too-many" };

const ATTEMPTS_MAX = 10;
const PAUSE_MS_MAX = 300;
/** What a stranger can make us write in a day. */
const STRANGERS_TEXTS_PER_DAY_MAX = 20;
/** So many where they hint at self-harm or an emergency: a person must see them. */
const STRANGERS_DISTRESS_PER_DAY_MAX = 60;

async function planFor(
  ports: InboundPorts,
  text: InboundText,
  reading: ReplyReading,
  situation: Situation,
): Promise<Plan> {
  const { keyword, revokes, distress } = reading;
  if (revokes !== null) return planStop(ports, text, reading, situation);
  if (distress !== null) return planDistress(ports, text, distress, situation);
  if (keyword === "start") {
    // Seldom, and nobody waits for it: loaded with the first.
    const { planStart } = await import("./start.ts");
    return planStart(ports, text, situation);
  }
  if (keyword === "help") return planHelp(ports, situation);
  if (keyword === "yes" || keyword === "no") {
    const open = openQuestion(situation, text);
    if (open !== null) return planOptInAnswer(ports, keyword, text, situation, open);
  }
  if (keyword === "confirm" || keyword === "yes" || keyword === "change") {
    // Late, as START is: a STOP must not wait for it.
    const { planVisitAnswer } = await import("./visit-answer.ts");
    const plan = await planVisitAnswer(ports, keyword === "change" ? "change" : "confirm", situation);
    if (plan !== null) return plan;
  }
  return planReply(ports, text, reading, situation);
}

/** True where a stranger texted so often that nothing is written any more; a first STOP is heard all the same. */
function isTooMuch({ owners, day, number }: Situation, { revokes, distress }: ReplyReading): boolean {
  if (owners.length > 0 || (revokes !== null && number.stoppedAt === null)) return false;
  const max = distress === null ? STRANGERS_TEXTS_PER_DAY_MAX : STRANGERS_DISTRESS_PER_DAY_MAX;
  return (day?.texts ?? 0) >= max;
}

/**
 * Deals with a text of a patient or of anybody else: reads it, writes down what it means, and asks for
 * the answer. Everything about a number is written under the version of its record, so that texts of
 * the same number that come at once are dealt with one after the other.
 */
export function createReceiveText(ports: InboundPorts) {
  const { journal, inbound, numbers, messages } = ports;

  /** Writes a plan; false where something had changed since it was made. */
  async function carryOut(
    plan: Plan,
    text: InboundText,
    situation: Situation,
    requestId: string,
  ): Promise<boolean> {
    const { at, day, language } = situation;
    let number: NumberRecord = { ...situation.number, ...plan.first, language };
    const heads = new Map<string, ChainHead>();

    async function commit(step: Step, mark: InboundMark, more: readonly Write[]): Promise<boolean> {
      number = { ...number, version: number.version + 1 };
      const { concerns, purpose, details, writes } = step;
      const id = concerns?.patient.id;
      // A chain that this plan has written to already goes on from there.
      const known = id === undefined ? undefined : (heads.get(id) ?? concerns?.head);
      const outcome = await journal.commit(
        {
          action: "text.received",
          actor: ACTOR,
          role: "function",
          ...(id === undefined ? {} : { patientId: id }),
          ...(purpose === undefined ? {} : { purpose }),
          requestId,
          details: { inboundId: text.id, readAs: plan.readAs, numberId: number.id, ...details },
        },
        [...writes, numbers.setNumber(number), inbound.setMark(text.id, mark, at), ...more],
        known,
      );
      if (outcome.kind === "conflict") return false;
      if (id !== undefined) heads.set(id, outcome.entry);
      return true;
    }

    for (const step of plan.before) {
      if (!(await commit(step, { stage: "begun", answer: plan.answer }, []))) return false;
    }
    number = { ...number, ...plan.atLast };
    const isVisitAnswer = plan.answer === "visit-confirmed" || plan.answer === "change-asked";
    const counted = {
      texts: (day?.texts ?? 0) + 1,
      distressAnswers: (day?.distressAnswers ?? 0) + (plan.answersDistress ? 1 : 0),
      visitAnswers: (day?.visitAnswers ?? 0) + (isVisitAnswer ? 1 : 0),
    };
    return commit(plan.last, { stage: "done" }, [
      inbound.setDay(number.index, countingDay(at), counted),
      ...plan.alerts.flatMap((alert) => messages.addAlert(alert)),
    ]);
  }

  async function attempt(
    text: InboundText,
    index: string,
    reading: ReplyReading,
    requestId: string,
  ): Promise<ReceiveOutcome | undefined> {
    const situation = await readSituation(ports, text, index);
    if (situation === undefined) return { kind: "ignored", reason: "duplicate" };
    if (isTooMuch(situation, reading)) return { kind: "ignored", reason: "too-many" };
    const plan = await planFor(ports, text, reading, situation);
    if (!(await carryOut(plan, text, situation, requestId))) return undefined;
    // Only what stands may be asked for.
    await Promise.all(plan.alerts.map((alert) => ports.requestAlert(alert)));
    return { kind: "received", readAs: plan.readAs };
  }

  return async (text: InboundText, requestId: string): Promise<ReceiveOutcome> => {
    const reading = readReply(text.body);
    const index = await indexOf(ports, text);
    for (let count = 1; count <= ATTEMPTS_MAX; count += 1) {
      const outcome = await attempt(text, index, reading, requestId);
      if (outcome !== undefined) return outcome;
      // Without a pause of random length, texts that come at once would meet again and again.
      const pauseMs = Math.random() * Math.min(PAUSE_MS_MAX, 10 * 2 ** count);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    throw new Error("the number stayed contended; the text was not dealt with");
  };
}
