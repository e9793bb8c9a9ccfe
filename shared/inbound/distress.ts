import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { ReplyReading } from "../domain/replies/read-reply.ts";
import { answerTo, mayAnswerDistress, takesAnswers } from "./answers.ts";
import { type Plan, simplePlan } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundText } from "./records.ts";
import type { Situation } from "./situation.ts";
import { inboundTask, storeWords, wordsDetails } from "./store-words.ts";

/** Which words answer a text of distress: 911 alone, or 988 with it. */
export function distressAnswer(distress: NonNullable<ReplyReading["distress"]>): AlertKind {
  return distress === "self-harm" ? "crisis" : "emergency";
}

/** A text that hints at self-harm or an emergency: answered at once with whom to call, and read by a person at once. */
export async function planDistress(
  ports: InboundPorts,
  text: InboundText,
  distress: NonNullable<ReplyReading["distress"]>,
  situation: Situation,
): Promise<Plan> {
  const words = await storeWords(ports, text, situation, null);
  const { message, writer } = words;
  const task = inboundTask(ports, "urgent-reply", situation, {
    patientId: writer?.patient.id ?? null,
    messageId: message.id,
    threadId: message.threadId,
  });
  const kind = distressAnswer(distress);
  const answers = takesAnswers(situation) && mayAnswerDistress(situation);
  return simplePlan(
    "urgent",
    {
      concerns: writer,
      purpose: message.purpose,
      details: wordsDetails(words),
      writes: [...words.writes, ports.tasks.addTask(task)],
    },
    answers ? { alerts: [answerTo(ports, situation, kind)], answer: kind, answersDistress: true } : {},
  );
}
