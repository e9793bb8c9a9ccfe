import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { ReplyReading } from "../domain/replies/read-reply.ts";
import type { NumberRecord } from "../numbers/records.ts";
import { isOpen } from "../tasks/due.ts";
import { answerTo, mayAnswerInGeneral, mayTellHelp, takesAnswers, toldHelp } from "./answers.ts";
import { type Plan, simplePlan } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundText } from "./records.ts";
import { type Situation, writerOf } from "./situation.ts";
import { storeWords, wordsDetails } from "./store-words.ts";

/** How a reply is answered, and what is then noted of the number. */
function answerOf(
  situation: Situation,
  reading: ReplyReading,
): { readonly kind: AlertKind; readonly noted: Partial<NumberRecord> } | null {
  if (reading.automatic || !takesAnswers(situation) || !mayAnswerInGeneral(situation)) return null;
  const noted = { answeredAt: situation.at.toISOString() };
  if (writerOf(situation) === null) {
    return mayTellHelp(situation) ? { kind: "help", noted: { ...noted, ...toldHelp(situation) } } : null;
  }
  if (reading.cancelsVisit) return { kind: "ask-cancel", noted };
  return { kind: isOpen(situation.at, situation.officeHours) ? "received" : "received-closed", noted };
}

/** Anything that is no command: kept for staff to answer, and answered in general terms once in 24 hours. */
export async function planReply(
  ports: InboundPorts,
  text: InboundText,
  reading: ReplyReading,
  situation: Situation,
): Promise<Plan> {
  const kind = situation.owners.length === 0 ? "unknown-sender" : "shared-number";
  const words = await storeWords(ports, text, situation, writerOf(situation) === null ? kind : "reply");
  const answer = answerOf(situation, reading);
  const alerts = answer === null ? [] : [answerTo(ports, situation, answer.kind)];
  return simplePlan(
    "reply",
    {
      concerns: words.writer,
      purpose: words.message.purpose,
      details: wordsDetails(words),
      writes: words.writes,
    },
    { atLast: answer?.noted ?? {}, alerts, answer: answer?.kind ?? null },
  );
}
