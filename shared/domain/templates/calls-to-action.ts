import type { Draft, LintFinding } from "./lint-finding.ts";
import type { WrittenSlot } from "./parse.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";

/** Replies that end texts, begin them again or ask for help: every text may offer those. */
const OF_CARRIERS = new Set(["stop", "help", "ayuda", "end", "salir", "alto", "baja", "unsubscribe"]);
const REPLY =
  /(?<!\p{L})(?:reply|respond|answer|responda|responde|conteste|contesta)\s(?:with\s|con\s|back\s)?["']?([\p{L}\p{N}]{1,12})/gu;
/** What is to be texted stands in capitals or as a number: "text back" alone is no call to anything. */
const TEXT_BACK = /(?<!\p{L})(?:text|send|envie|escriba|mande)\s["']?(\p{Lu}{1,10}|\d)(?![\p{L}\p{N}])/giu;
/** What a text can ask for beside its link and a reply, at the beginning of a clause. */
const VERBS =
  "bring|complete|fill|sign|download|click|tap|visit|pay|book|schedule|come|arrive|log|register|confirm|update|check|review|" +
  "send|mail|email|e-mail|fax|open|upload|submit|return|stop by|watch|follow|join|scan|enter|go|make|take|pick up|finish|" +
  "traiga|complete|llene|firme|descargue|haga|pague|reserve|venga|llegue|ingrese|inicie|registrese|confirme|actualice|" +
  "revise|envie|mande|abra|suba|entregue|devuelva|visite|siga|escanee|vaya|recoja|pase|termine|lea";
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

function repliesIn({ plain, words }: Draft): readonly Sentence[] {
  const spans = (matches: Iterable<RegExpExecArray>) =>
    [...matches]
      .filter(([, keyword = ""]) => !OF_CARRIERS.has(keyword.toLowerCase()))
      .map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
  const capitals = [...words.matchAll(TEXT_BACK)].filter(
    ([, keyword = ""]) => keyword === keyword.toUpperCase(),
  );
  return [...spans(plain.matchAll(REPLY)), ...spans(capitals)];
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
  const replies = repliesIn(draft);
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
