import { loneKeyword } from "./keywords.ts";
import { deniesName } from "./names.ts";
import { finderOf } from "./phrase-tables.ts";
import { markEdges, withoutEdges } from "./phrases.ts";
import { plainWords } from "./plain-words.ts";
import { replyFeatures } from "./reply-features.ts";
import { type ReplyHead, type ReplyModel, readReplyModel, scoreOf } from "./reply-model.ts";
import { hasTellingWord } from "./word-kinds.ts";

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

const automaticAnswer = finderOf("automatic");
const figuresOfSpeech = finderOf("figuresOfSpeech");
const selfHarm = finderOf("selfHarm");
const emergency = finderOf("emergency");
const cancelsTexts = finderOf("cancelsTexts");
const cancelsVisit = finderOf("cancelsVisit");
const wrongNumberEnglish = finderOf("wrongNumberEnglish");
const wrongNumberSpanish = finderOf("wrongNumberSpanish");
const notAnOrder = finderOf("notAnOrder");
const wantsTexts = finderOf("wantsTexts");

/** "Make it stop" is a cry for help, unless it is about texts. */
const MENTIONS_TEXTS = / (?:texts|texting|text|spam|reminders|mensajes|emailed|emails) /;
const MAKE_IT_STOP = / make (?:it|this|them|these) (?:all )?stop /g;
/** Stands for a stretch that was set aside; no phrase holds it. */
const ASIDE = "_ ";
/** "Please cancel", without anything that could be cancelled. */
const CANCEL_ONLY =
  /^(?: (?:[.,?]|ok|okay|thanks|thank|you|gracias|now|already|ya)){0,40} (?:cancel|cancelar|cancela|cancele|cancelen)(?: (?:[.,?]|ok|okay|thanks|thank|you|gracias|now|already|ya)){0,40} $/;
const HAS_WORDS = /[a-z]/;
/** A single word that is left beside words of distress belongs to them ("quiero morir ya"). */
const HAS_TWO_WORDS = / [a-z]\S* (?:\S+ )*?[a-z]/;

/** Log-odds that must come on top of the threshold, by what else stands in the text. */
const MARGINS = {
  /** Words about ending are likely to be about something else than texts. */
  distress: 0.5,
  /** A machine's words about STOP are for others. */
  automatic: 4,
  /** "No more calls, texts only": what is to end is something else. */
  wantsTexts: 4,
  /** "And another thing": no word of it is about texts, numbers, stopping, or who is meant. */
  nothingTelling: 2,
  /** Said to be the wrong number, by a phrase. */
  wrongNumber: -2,
};

/** Reads replies by `model`: pure, of linear time, never throws; the first 1,600 characters (the most a text can carry). */
export function replyReader(model: ReplyModel): (text: string) => ReplyReading {
  return (text) => {
    const { words: said, letters, capitalised } = plainWords(text);
    const keyword = loneKeyword(text, letters);
    if (keyword !== null) {
      const revokes = keyword === "stop" || keyword === "cancel" ? "keyword" : null;
      return { keyword, revokes, wrongNumber: false, cancelsVisit: false, distress: null, automatic: false };
    }
    const words = markEdges(MENTIONS_TEXTS.test(said) ? said.replace(MAKE_IT_STOP, " stop this ") : said);
    const serious = figuresOfSpeech.setAside(words, ASIDE);
    const withoutSelfHarm = selfHarm.setAside(serious, ASIDE);
    const withoutDistress = emergency.setAside(withoutSelfHarm, ASIDE);
    const told = withoutEdges(serious);
    const toldFeatures = replyFeatures(told);
    const danger = (head: ReplyHead): boolean =>
      HAS_WORDS.test(told) && scoreOf(head, toldFeatures) > head.threshold;
    const hintsAtSelfHarm = withoutSelfHarm !== serious || danger(model.selfHarm);
    const emergencyNow = withoutDistress !== withoutSelfHarm || danger(model.emergency) ? "emergency" : null;
    const distress = hintsAtSelfHarm ? "self-harm" : emergencyNow;

    const automatic = automaticAnswer.isIn(words);
    const orders = notAnOrder.setAside(distress === null ? words : withoutDistress, ASIDE);
    const plain = withoutEdges(orders);
    const notThisNumber =
      wrongNumberEnglish.isIn(orders) || wrongNumberSpanish.isIn(orders) || deniesName(plain, capitalised);
    const cancelOnly = CANCEL_ONLY.test(plain);
    const needed =
      model.revokes.threshold +
      (distress === null ? 0 : MARGINS.distress) +
      (automatic ? MARGINS.automatic : 0) +
      (wantsTexts.isIn(orders) ? MARGINS.wantsTexts : 0) +
      (hasTellingWord(plain.split(" ")) ? 0 : MARGINS.nothingTelling) +
      (notThisNumber ? MARGINS.wrongNumber : 0);
    const says = distress === null ? HAS_WORDS : HAS_TWO_WORDS;
    const revokes =
      cancelOnly ||
      (says.test(plain) &&
        scoreOf(model.revokes, plain === told ? toldFeatures : replyFeatures(plain)) > needed);
    return {
      keyword: null,
      revokes: revokes ? "words" : null,
      wrongNumber: revokes && notThisNumber,
      cancelsVisit: !cancelOnly && cancelsVisit.isIn(cancelsTexts.setAside(withoutDistress, ASIDE)),
      distress,
      automatic,
    };
  };
}

let readByShippedModel: ((text: string) => ReplyReading) | undefined;

/** Reads a reply by the model that is deployed beside the code, which is loaded for the first one. */
export function readReply(text: string): ReplyReading {
  readByShippedModel ??= replyReader(readReplyModel());
  return readByShippedModel(text);
}
