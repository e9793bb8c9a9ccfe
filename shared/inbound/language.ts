import type { Language } from "../domain/words.ts";

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

/** Words that are a whole text where somebody gives a command in Spanish. */
const SPANISH_COMMANDS = words(
  "alto ayuda baja basta cancela cancelar confirmar confirmo detener eliminar fin iniciar parar pare " +
    "quitar reanudar salir si terminar volver",
);
/** Words that hardly any sentence of a language does without, and that the other language does not have. */
const SPANISH = words(
  "el la los las del que su sus un una por para con se le les lo mi tu es esta este esa eso en al y ya te " +
    "nos hoy manana cita gracias hola como pero cuando donde tiene tienen puede pueden quiero usted muy mas " +
    "fue son soy ser hay porque buenos buenas dias tardes estoy numero mensajes favor",
);
const ENGLISH = words(
  "the an of to and in is it you your for on at with we our this that be are was will have has please my i " +
    "can do from by or if not us call when dont im what how who there thanks thank hello hi texts text stop",
);

/**
 * The language that a text seems to be written in: English, unless it says otherwise. This decides in which words an
 * answer is given and nothing else, so it does without the classifier, which is loaded only where words are kept.
 */
export function languageOf(text: string): Language {
  if (/[ñ¿¡]/iu.test(text)) return "es";
  const found = text
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f'’]/gu, "")
    .split(/[^a-z]+/u)
    .filter((word) => word !== "");
  const [only = "", second] = found;
  if (second === undefined && SPANISH_COMMANDS.has(only)) return "es";
  const count = (known: ReadonlySet<string>) => found.filter((word) => known.has(word)).length;
  return count(SPANISH) > count(ENGLISH) ? "es" : "en";
}
