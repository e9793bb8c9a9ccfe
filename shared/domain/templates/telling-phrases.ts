import type { Language } from "../words.ts";
import { BLANK, type Draft, type LintFinding } from "./lint-finding.ts";
import { sentencesOf } from "./sentences.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Plain words that tell something together: how old a child is, how long ago an operation was, when a dose is due. */
const SPAN_OF_TIME = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a few|first|second|third|un|una|dos|tres|` +
    "cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|primer|primera|segunda|tercera)[ -](?:weeks?|months?|years?|semanas?|mes|meses|anos?)" +
    String.raw`(?![\p{L}\p{N}])|(?<!\p{L})(?:weekly|daily|monthly|yearly|annual|mensual|semanal|diari[oa]|anual)(?=\s(?:visits?|appointments?|time))|` +
    String.raw`(?<=citas?\s)(?:weekly|mensual(?:es)?|semanal(?:es)?|diari[oa]s?|anual(?:es)?)(?!\p{L})`,
  "gu",
);
/** Words that lead to what somebody has, or to what comes of it. */
const HINTS = new RegExp(
  [
    String.raw`(?<!\p{L})(?:your|the) (?:numbers|counts|due date)(?!\p{L})|(?<!\p{L})sus numeros(?!\p{L})`,
    String.raw`(?<!\p{L})(?:good|bad|great) news(?!\p{L})|(?<!\p{L})(?:buenas|malas) noticias(?!\p{L})`,
    String.raw`(?<!\p{L})(?:bring|with) (?:someone|somebody|anyone|another person|a person|your person)(?!\p{L})`,
    String.raw`(?<!\p{L})(?:traiga a|venga con|viene con|acompanad[oa] de) (?:alguien|otra persona|una persona)(?!\p{L})`,
  ].join("|"),
  "gu",
);
/** What is to be done or left before a visit, or after it, prepares for something. */
const PREPARES = new RegExp(
  [
    String.raw`(?<!\p{L})(?:do not|don't|dont|never|only|no|nothing|take|use|stop|skip|hold)(?!\p{L})[^.!?;\n]{0,60}?\s(?:before|after|until|the day of|on the day of) (?:your|the) (?:visit|appointment)`,
    String.raw`(?<!\p{L})(?:before|after) (?:your|the) (?:visit|appointment),? (?:do not|don't|dont|never|only|no|nothing|take|use|stop|skip|hold)(?!\p{L})`,
    String.raw`(?<!\p{L})(?:no|nunca|solo|nada|tome|use|deje|pare)(?!\p{L})[^.!?;\n]{0,60}?\s(?:antes de|despues de|hasta|el dia de) (?:su|la) (?:cita|visita)`,
    String.raw`(?<!\p{L})(?:antes|despues) de (?:su|la) (?:cita|visita),? (?:no|nunca|solo|nada|tome|use|deje|pare)(?!\p{L})`,
  ].join("|"),
  "gu",
);
/** What may stand in front of "visit" beside what says whose or when. */
const BEFORE_VISIT = words(
  `a an the this that your our my his her their next new first last each every any all no another other video phone
   telephone telehealth online office upcoming missed cancelled canceled changed booked scheduled confirmed earlier later
   early late coming recent past open own of for to from with about at on in by before after during until between book
   need have has want and or if is was are were as more one two same different please confirm cancel change reschedule move
   moved today's tomorrow's monday tuesday wednesday thursday friday saturday sunday patient patients make see start join
   end attend`,
);
const VISIT = /(?<![\p{L}\p{N}'-])([\p{L}\p{N}][\p{L}\p{N}'-]*)\s(visits?|appointments?)(?![\p{L}\p{N}-])/gu;
/** What may follow "cita de" and the like. */
const AFTER_CITA = words(
  `a al antes de del el la los las un una su sus video videollamada telefono hoy manana lunes martes miercoles jueves viernes sabado domingo
   otra otro nueva nuevo proxima es esta fue era sera usted linea internet favor en y o que cambiar confirmar cancelar
   reprogramar hacer pedir llame vea entre`,
);
const CITA =
  /(?<!\p{L})(?:cita|citas|visita|visitas|consulta|consultas)\s(?:de|del|para|por|sobre|con)\s(?:(?:el|la|los|las|su|un|una|usted)\s)*([\p{L}\p{N}]+)/gu;
/** A result waits, and nothing is said of it. */
const OF_RESULTS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: words(
    `a an your our the is are has have been came result results ready available here in new now online portal on at today
     we you can get got for from see read open view them it please call with waiting there you'll see and to not yet
     reply stop end phone office posted back`,
  ),
  es: words(
    `resultado resultados su sus el la los un en esta estan listo listos disponible disponibles nuevo nuevos ya hay tiene llego llegaron aqui portal linea
     vea lea ver leer abra lo los puede por favor hoy de para y a tel stop salir responda llame al`,
  ),
};
const RESULT: Readonly<Record<Language, RegExp>> = {
  en: /(?<!\p{L})results?(?!\p{L})/u,
  es: /(?<!\p{L})resultados?(?!\p{L})/u,
};

const KIND = "These words tell what kind of visit it is, or when something is due.";
const HINT = "These words hint at what somebody has, or at what will be done.";
const PREPARATION =
  "What is to be done or left before a visit tells what will be done there. The page can say it.";
const ABOUT_RESULT = "A text may say that a result waits, and nothing about it.";

/** Words that are harmless one by one and tell something together. */
export function findTellingPhrases({ plain }: Draft, language: Language): readonly LintFinding[] {
  const found: LintFinding[] = [];
  const tell = (start: number, length: number, explanation: string) =>
    found.push({ code: "clinical-words", start, end: start + length, explanation });
  for (const { index, 0: phrase } of plain.matchAll(SPAN_OF_TIME)) tell(index, phrase.length, KIND);
  for (const { index, 0: phrase } of plain.matchAll(HINTS)) tell(index, phrase.length, HINT);
  for (const { index, 0: phrase } of plain.matchAll(PREPARES)) tell(index, phrase.length, PREPARATION);
  for (const { index, 1: before = "", 2: visits = "" } of plain.matchAll(VISIT)) {
    if (!BEFORE_VISIT.has(before) && !(/^\d$/.test(before) && visits.endsWith("s")))
      tell(index, before.length, KIND);
  }
  for (const { index, 0: phrase, 1: after = "" } of plain.matchAll(CITA)) {
    if (!AFTER_CITA.has(after) && !/^\d{1,2}$/.test(after))
      tell(index + phrase.length - after.length, after.length, KIND);
  }
  for (const { start, end } of sentencesOf(plain)) {
    const sentence = plain.slice(start, end);
    if (!RESULT[language].test(sentence)) continue;
    for (const { index, 0: word } of sentence.replaceAll(BLANK, " ").matchAll(/[\p{L}\p{N}'-]+/gu)) {
      if (!OF_RESULTS[language].has(word)) tell(start + index, word.length, ABOUT_RESULT);
    }
  }
  return found;
}
