import type { Draft, LintFinding } from "./lint-finding.ts";
import type { WrittenSlot } from "./parse.ts";
import { isOfCarriers, repliesIn } from "./replies.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";

/** "Reply to this text" asks for an answer as well, in words of the reader's. */
const REPLY_IN_WORDS = /(?<!\p{L})(?:reply|respond)\s(?!stop|help|start|ayuda)\p{L}+/gu;
/** What a text can ask for beside its link and a reply, at the beginning of a clause. */
const VERBS =
  "bring|complete|fill|sign|download|click|tap|visit|pay|book|schedule|come|arrive|log|register|confirm|update|check|review|" +
  "answer|send|mail|email|e-mail|fax|open|upload|submit|return|stop by|watch|follow|join|scan|enter|go|make|take|pick up|finish|" +
  "traiga|complete|llene|firme|descargue|haga|pague|reserve|venga|llegue|ingrese|inicie|registrese|confirme|actualice|" +
  "revise|envie|mande|abra|suba|entregue|devuelva|visite|siga|escanee|vaya|recoja|pase|termine|lea|responda|conteste";
const ASKED = new RegExp(
  String.raw`(?:^\s{0,3}|[.!?;:,\n\uFFFC]\s{0,2}|(?<!\p{L})(?:please|then|and|also|or|y|o|luego|favor|tambien|de)\s)(${VERBS})(?!\p{L})`,
  "gu",
);
/** What says what a phone number is for. */
const CONTACT =
  /(?<!\p{L})(?:call|calling|phone|questions?|help|office|contact|reach|ask|tel|llame|llamar|llamenos|llamando|preguntas?|dudas?|ayuda|oficina|marque|contacte|telefono)(?!\p{L})/u;
/** A word just before a sentence still says what its number is for: "Questions? {phone}". */
const CONTACT_REACH = 20;
/** Where help is at once. */
const EMERGENCY_NUMBER = /(?<!\d)(?:911|988)(?!\d)/;

function within(
  { start, end }: { readonly start: number; readonly end: number },
  sentence: Sentence,
): boolean {
  return sentence.start <= start && end <= sentence.end;
}

function repliesOf(draft: Draft): readonly Sentence[] {
  const all = repliesIn(draft);
  const asked = all.filter((reply) => !isOfCarriers(reply)).map(({ from, end }) => ({ start: from, end }));
  const inWords = [...draft.plain.matchAll(REPLY_IN_WORDS)]
    .map(({ index, 0: { length } }) => ({ start: index, end: index + length }))
    .filter(({ start }) => !all.some(({ from }) => from === start));
  return [...asked, ...inWords].toSorted((one, other) => one.start - other.start);
}

/** Where a sentence asks for something that neither a link nor a reply does. */
function askedIn({ plain }: Draft, sentence: Sentence): readonly Sentence[] {
  return [...plain.slice(sentence.start, sentence.end).trimEnd().matchAll(ASKED)].map((match) => {
    const end = sentence.start + match.index + match[0].length;
    return { start: end - (match[1] ?? "").length, end };
  });
}

/**
 * Whether a text asks for exactly one thing: to open its link, to reply, or something in words. All replies that one text
 * offers are one call (C to confirm, 2 to change). The practice's number is contact and not a second call; a text without
 * any other asks to call it. STOP and HELP are no calls.
 */
export function findCallsToAction(draft: Draft, slots: readonly WrittenSlot[]): readonly LintFinding[] {
  const links = slots.filter(({ slot }) => slot === "link");
  const replies = repliesOf(draft);
  const sentences = sentencesOf(draft.plain);
  const others = sentences
    // A sentence with the phone says what to call for; one with STOP, how to end texts.
    .filter((sentence) => !slots.some((slot) => slot.slot === "phone" && within(slot, sentence)))
    .filter(({ start, end }) => !/(?<!\p{L})stop(?!\p{L})/u.test(draft.plain.slice(start, end)))
    .flatMap((sentence) => {
      // What stands before a link says how to open it: "Fill in the form: {link}".
      const opened = Math.max(0, ...links.filter((link) => within(link, sentence)).map(({ end }) => end));
      return askedIn(draft, sentence).filter(({ start }) => start >= opened);
    })
    .filter((asked) => !replies.some((reply) => within(asked, reply)));
  const calls = [...links, ...replies.slice(0, 1), ...others].toSorted(
    (one, other) => one.start - other.start,
  );
  if (calls.length > 1) {
    return calls.slice(1).map(({ start, end }) => ({
      code: "several-calls-to-action",
      start,
      end,
      explanation:
        "The text asks for more than one thing. Readers do one: leave the others to the page or the call.",
    }));
  }
  const asksToCall = sentences.some((sentence) => {
    const hasPhone = slots.some((slot) => slot.slot === "phone" && within(slot, sentence));
    const words = draft.plain.slice(Math.max(0, sentence.start - CONTACT_REACH), sentence.end);
    return (hasPhone && CONTACT.test(words)) || EMERGENCY_NUMBER.test(words);
  });
  if (calls.length === 1 || asksToCall) return [];
  return [
    {
      code: "no-call-to-action",
      start: 0,
      end: draft.text.length,
      explanation: "The text does not say what to do: open the link, reply, or call the practice.",
    },
  ];
}
