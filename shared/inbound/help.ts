import { answerTo, mayTellHelp, takesAnswers, toldHelp } from "./answers.ts";
import { type Plan, simplePlan } from "./plan.ts";
import type { InboundPorts } from "./ports.ts";
import { onlyOwner, type Situation } from "./situation.ts";

/** HELP: who texts, how to reach a person, how to end it (CTIA Messaging Principles 5.1), unless texts are unwelcome. */
export function planHelp(ports: InboundPorts, situation: Situation): Plan {
  const tells = takesAnswers(situation) && mayTellHelp(situation);
  return simplePlan(
    "help",
    { concerns: onlyOwner(situation), details: {}, writes: [] },
    tells
      ? { atLast: toldHelp(situation), alerts: [answerTo(ports, situation, "help")], answer: "help" }
      : {},
  );
}
