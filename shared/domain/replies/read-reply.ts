import { AUTOMATIC } from "./automatic-phrases.ts";
import { DISTRESS, EMERGENCY, FIGURES_OF_SPEECH, SELF_HARM } from "./distress-phrases.ts";
import {
  ENGLISH,
  ENGLISH_HARMLESS,
  ENGLISH_LONE,
  ENGLISH_PLAIN,
  ENGLISH_REVOKING,
  ENGLISH_WRONG_NUMBER,
} from "./english-phrases.ts";
import { loneKeyword } from "./keywords.ts";
import { deniesName } from "./names.ts";
import { markEdges, phraseFinder, withoutEdges } from "./phrases.ts";
import { plainWords } from "./plain-words.ts";
import {
  SPANISH,
  SPANISH_HARMLESS,
  SPANISH_LONE,
  SPANISH_REVOKING,
  SPANISH_WRONG_NUMBER,
} from "./spanish-phrases.ts";
import { CANCELS_TEXTS, CANCELS_VISIT, VISIT } from "./visit-phrases.ts";

/** What a patient's text says to the machine. */
export interface ReplyReading {
  /** The whole text is nothing but this word (any case, punctuation, emoji, spacing, obvious typo); null otherwise. */
  readonly keyword: "stop" | "cancel" | "start" | "help" | "yes" | "no" | "confirm" | "change" | null;
  /** The patient wants no more texts: by a keyword ("stop" family, bare "cancel") or in free language. */
  readonly revokes: "keyword" | "words" | null;
  /** Says that this is not the person or the number that the practice means. Implies revokes. */
  readonly wrongNumber: boolean;
  /** "cancel" (or equivalent) stands next to an appointment: a scheduling reply, not a revocation. */
  readonly cancelsVisit: boolean;
  /** Hints at self-harm, or at a medical emergency now. */
  readonly distress: "self-harm" | "emergency" | null;
  /** Looks like the answer of a machine (out of office, "I'm driving", another auto-responder). */
  readonly automatic: boolean;
}

const figuresOfSpeech = phraseFinder(FIGURES_OF_SPEECH, DISTRESS);
const selfHarm = phraseFinder(SELF_HARM, DISTRESS);
const emergency = phraseFinder(EMERGENCY, DISTRESS);
const automaticAnswer = phraseFinder(AUTOMATIC, {});
const englishHarmless = phraseFinder(ENGLISH_HARMLESS, ENGLISH);
const spanishHarmless = phraseFinder(SPANISH_HARMLESS, SPANISH);
const englishRevoking = phraseFinder(ENGLISH_REVOKING, ENGLISH);
const spanishRevoking = phraseFinder(SPANISH_REVOKING, SPANISH);
const englishWrongNumber = phraseFinder(ENGLISH_WRONG_NUMBER, ENGLISH);
const spanishWrongNumber = phraseFinder(SPANISH_WRONG_NUMBER, SPANISH);
const englishPlain = phraseFinder(ENGLISH_PLAIN, ENGLISH);
const englishLone = phraseFinder(ENGLISH_LONE, ENGLISH);
const spanishLone = phraseFinder(SPANISH_LONE, SPANISH);
const cancelsVisit = phraseFinder(CANCELS_VISIT, VISIT);
const cancelsTexts = phraseFinder(CANCELS_TEXTS, VISIT);

/** "Make it stop" is a cry for help, unless it is about texts. */
const MENTIONS_TEXTS = / (?:texts|texting|text|spam|reminders|mensajes|emailed|emails) /;
const MAKE_IT_STOP = / make (?:it|this|them|these) (?:all )?stop /g;
/** Stands for a stretch that was set aside; no phrase holds it. */
const ASIDE = "_ ";
/** "Please cancel", without anything that could be cancelled. */
const CANCEL_ONLY = onlyWords("cancel|cancelar|cancela|cancele|cancelen");
const END_ONLY = onlyWords(
  "end|revoke|remove|delete|erase|off|mute|pause|block|blocked|no text|no texts|never again|go away|never|nomore|stopped|removed|deleted|spam|end it|quitar|fin|terminar|borrar|para|quiten|quitar numero",
);

/** The whole text is one of `choices`, besides thanks and punctuation. */
function onlyWords(choices: string): RegExp {
  const manners = "(?: (?:[.,?]|ok|okay|thanks|thank|you|gracias|now|already|ya))";
  return new RegExp(`^${manners}{0,40} (?:${choices})${manners}{0,40} $`);
}

/** Reads a reply. Pure, of linear time, never throws; reads the first 1,600 characters (the most a text can carry). */
export function readReply(text: string): ReplyReading {
  const { words: said, letters, capitalised } = plainWords(text);
  const words = markEdges(MENTIONS_TEXTS.test(said) ? said.replace(MAKE_IT_STOP, " stop this ") : said);
  const keyword = loneKeyword(text, letters);
  if (keyword !== null) {
    const revokes = keyword === "stop" || keyword === "cancel" ? "keyword" : null;
    return { keyword, revokes, wrongNumber: false, cancelsVisit: false, distress: null, automatic: false };
  }
  const serious = figuresOfSpeech.setAside(words, ASIDE);
  const withoutSelfHarm = selfHarm.setAside(serious, ASIDE);
  const withoutDistress = emergency.setAside(withoutSelfHarm, ASIDE);
  const hintsAtSelfHarm = withoutSelfHarm !== serious;
  const wanted = spanishHarmless.setAside(englishHarmless.setAside(withoutDistress, ASIDE), ASIDE);
  const bare = withoutEdges(wanted);
  const wrongNumber =
    englishWrongNumber.isIn(wanted) || spanishWrongNumber.isIn(wanted) || deniesName(bare, capitalised);
  const cancelOnly = CANCEL_ONLY.test(bare);
  const revokes =
    wrongNumber ||
    cancelOnly ||
    END_ONLY.test(bare) ||
    englishPlain.isIn(withoutDistress) ||
    englishRevoking.isIn(wanted) ||
    spanishRevoking.isIn(wanted) ||
    (!hintsAtSelfHarm && (englishLone.isIn(wanted) || spanishLone.isIn(wanted)));
  const emergencyNow = withoutDistress !== withoutSelfHarm ? "emergency" : null;
  return {
    keyword: null,
    revokes: revokes ? "words" : null,
    wrongNumber,
    cancelsVisit: !cancelOnly && cancelsVisit.isIn(cancelsTexts.setAside(withoutDistress, ASIDE)),
    distress: hintsAtSelfHarm ? "self-harm" : emergencyNow,
    automatic: automaticAnswer.isIn(words),
  };
}
