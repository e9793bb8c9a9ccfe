import type { AlertKind } from "../alerts/kinds.ts";
import type { LintCode } from "./lint-codes.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";
import type { WrittenSlot } from "./parse.ts";
import { sentencesOf } from "./sentences.ts";

/** How STOP is offered (CTIA Messaging Principles 5.1). Letters are small and without accents but for the word itself. */
const OPT_OUTS: readonly RegExp[] = [
  /(?<!\p{L})(?:reply|text|send|with|responda|responde|envie|escriba|mande|conteste|con)\s(?:with\s|con\s)?["']?stop(?!\p{L})/u,
  /(?<!\p{L})stop["']?\sto\s(?:end|stop|opt[ -]?out|cancel|quit|unsubscribe)(?!\p{L})/u,
  /(?<!\p{L})stop["']?\spara\s(?:salir|terminar|cancelar|parar|acabar|no\srecibir|darse\sde\sbaja)(?!\p{L})/u,
  /(?<!\p{L})stop:\s(?:salir|terminar|end)(?!\p{L})/u,
  /(?<!\p{L})para\sno\srecibir(?:\s\p{L}+){0,2}:\sstop(?!\p{L})/u,
];
const EMERGENCIES: readonly RegExp[] = [
  /(?<!\p{L})(?:call|dial|llame\sal?|marque(?:\sel)?)\s911(?!\d)/u,
  /(?<!\p{L})(?:emergency|emergencies|emergencia|emergencias|peligro):\s911(?!\d)/u,
];
/** Just before what a sentence offers: then it offers it not. */
const DENIED = /(?<!\p{L})(?:never|not|don't|cannot|can't|without|nunca|jamas|sin|no)\s(?:\p{L}+\s)?$/u;

/** Whether some sentence says it and does not say the contrary. `written` tells whether the words stand as they must. */
function says(
  { plain, words }: Draft,
  forms: readonly RegExp[],
  written: (words: string) => boolean,
): boolean {
  return sentencesOf(plain).some(({ start, end }) => {
    const sentence = plain.slice(start, end);
    return forms.some((form) => {
      const match = form.exec(sentence);
      if (match === null) return false;
      const at = start + match.index;
      return written(words.slice(at, at + match[0].length)) && !DENIED.test(sentence.slice(0, match.index));
    });
  });
}

/** Whether a text says how to end texts, with STOP in capitals. */
export function saysHowToEnd(draft: Draft): boolean {
  return says(draft, OPT_OUTS, (words) => words.includes("STOP"));
}

function missingOf(slots: readonly WrittenSlot[]): string {
  return (["date", "time"] as const)
    .filter((needed) => !slots.some(({ slot }) => slot === needed))
    .map((needed) => `{${needed}}`)
    .join(" and ");
}

/** What a text of a use cannot go without, beside practice, phone and STOP: the time of a visit, and where help is. */
export function findMissing(
  draft: Draft,
  slots: readonly WrittenSlot[],
  use: AlertKind,
): readonly LintFinding[] {
  const whole = (code: LintCode, explanation: string): LintFinding => {
    return { code, start: 0, end: draft.text.length, explanation };
  };
  switch (use) {
    case "reminder":
    case "reminder-several":
    case "visit-booked":
    case "visit-moved":
    case "visit-cancelled":
      return missingOf(slots) === ""
        ? []
        : [whole("slot-missing", `The text does not say when the visit is: it lacks ${missingOf(slots)}.`)];
    case "received":
    case "received-closed":
      if (says(draft, EMERGENCIES, () => true)) return [];
      return [
        whole(
          "emergency-missing",
          "Nobody has read yet what this text answers: it must say to call 911 in an emergency.",
        ),
      ];
    default:
      return [];
  }
}
