import type { Analysis } from "./analysis.ts";

/**
 * The words of greetings, thanks, sign-offs and the notices that close many texts. A sentence of nothing but these
 * tells nothing about anybody.
 */
const COURTESY_WORDS = new Set(
  `hi hello hey there dear good morning afternoon evening day night weekend thank thanks you your youre u ty thx for us we our
  the a an is are it its this that be at in on of to and or by from with if any all again very so much more most as
  please pls kindly note reminder fyi quick just here patient patients everyone all team staff
  front desk office practice clinic reception doctor doctors message notice update alert automated auto
  have has had great nice wonderful lovely happy safe see soon then later today tomorrow tonight next week
  call text email reply answer stop end help yes no ok okay opt out msg data rates may apply unsubscribe
  question questions concern concerns need needs help know let feel free time times welcome
  open close closed hours hour opens closes monday tuesday wednesday thursday friday saturday sunday mon tue tues wed
  thu thur thurs fri sat sun am pm until till through parking lot park building behind garage street
  best regards sincerely warmly respectfully cheers bye goodbye take care choosing patience understanding
  always appreciate appreciated business visit website online number phone contact reach
  hola buenos buenas dias dia tardes noches tarde noche feliz estimado estimada querido paciente pacientes
  gracias muchas mil por para su sus tu tus usted ustedes le les nos nosotros nuestro nuestra la el los las lo un una
  de del y o con en al que tenga tengan ten lindo linda bonito bonita buen buena bien excelente
  aviso recordatorio favor nota mensaje oficina consultorio clinica recepcion equipo doctor doctora
  saludos cordiales atentamente cordialmente adios hasta luego pronto vemos manana hoy escribimos escribe
  llame llamenos llamar salir pregunta preguntas duda dudas responda conteste si no alto ayuda
  abierto abiertos cerrado horario estacionamiento gratis lunes martes miercoles jueves viernes sabado domingo
  estamos estoy somos soy es esta este esto aqui cualquier preferirnos elegirnos confianza paciencia comprension bendiga dios`.split(
    /\s+/,
  ),
);
/** After these words a name stands. */
const BEFORE_NAME = new Set("dr dra mr mrs ms sr sra srta from its is soy de".split(" "));
/** Words at which a closing begins that no sign parts from what stands before it. */
const CLOSING_STARTS = new Set(
  "thank thanks thx ty gracias muchas saludos best sincerely regards atentamente reply responda have see bye que nos please parking our".split(
    " ",
  ),
);
const CLAUSE_END = /[.!?;:,()]|\s-\s/;

/** The tokens `[from, to)` of a text without the courtesies at its beginning and end: none when there is nothing else. */
export function withoutCourtesies({ tokens, entries, folding }: Analysis): [number, number] {
  const isCourteous = (index: number): boolean => {
    const word = tokens[index]?.word ?? "";
    if (COURTESY_WORDS.has(word) || /^\d+$/.test(word)) return true;
    const entry = entries[index];
    return (
      (entry === undefined || entry.strength === "ordinary") && BEFORE_NAME.has(tokens[index - 1]?.word ?? "")
    );
  };
  const ends = (index: number): boolean => {
    const previous = tokens[index - 1];
    const next = tokens[index];
    return (
      previous === undefined ||
      next === undefined ||
      CLAUSE_END.test(folding.folded.slice(previous.end, next.start))
    );
  };
  let from = 0;
  let all = true;
  for (let i = 0; i < tokens.length; i++) {
    if (i > 0 && ends(i)) from = i;
    if (isCourteous(i)) continue;
    all = false;
    break;
  }
  if (all) return [0, 0];
  let to = tokens.length;
  for (let i = tokens.length - 1; i > from && isCourteous(i); i--)
    if (ends(i) || CLOSING_STARTS.has(tokens[i]?.word ?? "")) to = i;
  return [from, to];
}
