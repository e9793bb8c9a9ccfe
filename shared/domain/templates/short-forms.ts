import type { Language } from "../words.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";

const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const TEXT_SPEAK: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: list(
    `u ur urs r b4 l8r l8 gr8 m8 2day 2nite 2morrow 2mrw tmrw tmw tmr tmro 2moro thx thnx tnx tks ty tysm pls plz
     plse msg msgs txt txts cuz coz bc b/c w/ w/o idk omg lol btw imo fyi asap ttyl np nvm rn wanna gonna gotta lemme
     gimme dunno kinda ya yall y'all k kk luv ppl bday 4u 2u 4ever 2c cya c'mon sup wassup hey yo yr yrs nite thru wyd hmu
     gtg brb xoxo`,
  ),
  es: list(
    `q k x xq xk pq porq tb tmb tbn bn xfa xfavor pf porfa d ke kiere msj mnsj msjs txt dnd cdo aki tkm salu2 grax grcs
     gcs ntp npi finde tqm wey muxo bss b7s mñn mnn hta dsd xo`,
  ),
};

const ABBREVIATIONS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: list(
    `appt appts apt apts appnt appmt pt pts hr hrs min mins mo mos wk wks dept depts ofc svc svcs acct accts amt bal
     stmt pmt pymt pymts ins insur rx dx tx hx sx f/u npo prn dob mrn pcp ov eob aob roi phi ehr emr ref req reqd
     resched cnf cnfrm cancld canc rcvd rec'd rcpt pkg addr ext tel ph num nbr approx mgr docs meds vax vacc eta eod
     eow tba tbd n/a attn c/o auth preauth fup prov pharm med sched schd conf subj wkend`,
  ),
  es: list(
    `cta ctas hr hrs min mins lic num pte pcte pac consult cons ced exped dpto depto fact pag resp conf reprog canc
     rx dx tx hx doc docs recep farm med prox aprox`,
  ),
};

/** Written in capitals by carriers, replies and clocks. */
const CLEAR_CAPITALS = list(
  "STOP HELP START YES SI NO OK AM PM US USA ALTO BAJA AYUDA NOW DUE PAY ACT WIN WON YA HOY A.M P.M",
);
/** Titles and the like that everybody reads, though they have no vowel. */
const CLEAR = list("mr mrs ms dr dra sr sra st ste tel jr by my why try y");
/** The carriers' own words for what texts cost (CTIA Messaging Principles 5.1). */
const CARRIER_WORDS = /msg ?(?:&|and) ?data rates may apply|msg frequency (?:varies|may vary)/g;
const ORDINAL_OR_CLOCK = /^\d{1,4}(?:st|nd|rd|th|am|pm|a|p|h|o|ro|do|er)$/;
const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}'/.]*[\p{L}\p{N}/])?/gu;

/** How a word is short: `undefined` where it is not. */
function shortness(
  word: string,
  written: string,
  language: Language,
): "text-speak" | "unclear-abbreviation" | undefined {
  // A letter that is to be replied; nobody means "you" by another.
  if (/^[A-TV-Z]$/.test(written)) return undefined;
  if (TEXT_SPEAK[language].has(word)) return "text-speak";
  if (CLEAR_CAPITALS.has(written) || CLEAR.has(word)) return undefined;
  if (ABBREVIATIONS[language].has(word)) return "unclear-abbreviation";
  if (/^\d+$/.test(word) || ORDINAL_OR_CLOCK.test(word)) return undefined;
  if (/^(?=.*\d)(?=.*[a-z])[a-z\d]+$/.test(word)) return "text-speak";
  if (/^[\p{Lu}]{2,3}$/u.test(written)) return "unclear-abbreviation";
  return /^[b-df-hj-np-tv-xz]{2,}$/.test(word) ? "unclear-abbreviation" : undefined;
}

const EXPLANATIONS = {
  "text-speak": "Text speak: write the word out.",
  "unclear-abbreviation": "Not everybody knows this short form: write the words out.",
} as const;

/** Short forms that patients may not understand, or that sound careless. */
export function findShortForms({ plain, words }: Draft, language: Language): readonly LintFinding[] {
  const clear = [...plain.matchAll(CARRIER_WORDS)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  return [...plain.matchAll(WORD)].flatMap(({ index: start, 0: word }): LintFinding[] => {
    const end = start + word.length;
    if (clear.some((span) => span.start <= start && end <= span.end)) return [];
    const code = shortness(word, words.slice(start, end), language);
    return code === undefined ? [] : [{ code, start, end, explanation: EXPLANATIONS[code] }];
  });
}
