import type { Language } from "#shared/domain/words.ts";

/** Every word of the portal's pages in one language. */
export interface Words {
  /** BCP 47, for dates and times. */
  readonly locale: string;
  readonly call: string;
  readonly otherLanguage: string;
  readonly confirmTitle: string;
  readonly confirmIntro: string;
  readonly birthDate: string;
  readonly birthDateHint: string;
  readonly birthDateFormat: string;
  readonly continue: string;
  readonly neverAsked: string;
  readonly notYours: string;
  readonly failedTitle: string;
  readonly failedHelp: string;
  readonly codeTitle: string;
  readonly codeIntro: string;
  readonly code: string;
  readonly codeHint: string;
  readonly codeFormat: string;
  readonly codeWrongTitle: string;
  readonly codeWrongHelp: string;
  readonly noCode: string;
  readonly newCode: string;
  readonly startOver: string;
  readonly messages: string;
  readonly lock: string;
  readonly you: string;
  readonly byText: string;
  readonly noMessages: string;
  readonly moreNeedsProof: string;
  readonly stopTexts: string;
  readonly stopTextsMeans: string;
  readonly stopTextsConfirm: string;
  readonly noTexts: string;
  readonly textsAgain: string;
  readonly unsubscribeTitle: string;
  readonly unsubscribeMeans: string;
  readonly unsubscribe: string;
  readonly unsubscribedTitle: string;
  readonly unsubscribedHelp: string;
  readonly locksItself: string;
  readonly emergency: string;
  readonly unavailableTitle: string;
  readonly unavailableHelp: string;
}

const en: Words = {
  locale: "en-US",
  call: "Call",
  otherLanguage: "Español",
  confirmTitle: "Confirm it’s you",
  confirmIntro: "To keep this private, please enter your date of birth.",
  birthDate: "Date of birth",
  birthDateHint: "Month, day, year. For example 05/17/1980 or 05171980.",
  birthDateFormat: "Month, day and year, for example 05/17/1980",
  continue: "Continue",
  neverAsked: "We never ask for a Social Security number, a password or a card number here.",
  notYours: "Not meant for you? Please close this page and delete the text.",
  failedTitle: "That did not work",
  failedHelp:
    "Check your date of birth and try again. A link stops working after a few days and after several wrong tries. If it keeps failing, please call us.",
  codeTitle: "Enter your code",
  codeIntro: "We are texting a 6-digit code to the phone number on file. It works for 10 minutes.",
  code: "6-digit code",
  codeHint: "It can take a minute to arrive.",
  codeFormat: "The 6 digits from our text",
  codeWrongTitle: "That did not work",
  codeWrongHelp: "Check the newest text from us and enter its code, or ask for a new one.",
  noCode: "No text after a minute?",
  newCode: "Send a new code",
  startOver: "Start over",
  messages: "Your messages",
  lock: "Lock",
  you: "You",
  byText: "by text",
  noMessages: "There is nothing to show here now.",
  moreNeedsProof:
    "There is more to read that needs one more check. Press Lock, then confirm again that it’s you.",
  stopTexts: "Stop all texts",
  stopTextsMeans:
    "We will not text you any more, also not to tell you of a new message or to send you a code. You can still call us.",
  stopTextsConfirm: "Yes, stop all texts",
  noTexts: "We do not text you.",
  textsAgain: "Would you like to get texts from us? Please call us.",
  unsubscribeTitle: "Stop our emails?",
  unsubscribeMeans:
    "We will not email you any more when there is something new for you. You can still call us.",
  unsubscribe: "Stop all emails",
  unsubscribedTitle: "We will not email you any more",
  unsubscribedHelp: "Would you like to get emails again, or does one still arrive? Please call us.",
  locksItself: "This page locks itself after 10 minutes.",
  emergency: "In an emergency call 911.",
  unavailableTitle: "Please try again later",
  unavailableHelp: "We cannot show this page right now. Wait a few minutes and open your link again.",
};

const es: Words = {
  locale: "es-US",
  call: "Llamar",
  otherLanguage: "English",
  confirmTitle: "Confirme que es usted",
  confirmIntro: "Para proteger su privacidad, escriba su fecha de nacimiento.",
  birthDate: "Fecha de nacimiento",
  birthDateHint: "Mes, día, año. Por ejemplo 05/17/1980 o 05171980.",
  birthDateFormat: "Mes, día y año, por ejemplo 05/17/1980",
  continue: "Continuar",
  neverAsked: "Aquí nunca pedimos número de Seguro Social, contraseñas ni tarjetas.",
  notYours: "¿No es para usted? Cierre esta página y borre el mensaje de texto.",
  failedTitle: "No funcionó",
  failedHelp:
    "Revise su fecha de nacimiento e intente de nuevo. Un enlace deja de funcionar después de unos días y tras varios intentos fallidos. Si sigue sin funcionar, llámenos.",
  codeTitle: "Escriba su código",
  codeIntro:
    "Le estamos enviando un código de 6 dígitos al teléfono que tenemos registrado. Sirve por 10 minutos.",
  code: "Código de 6 dígitos",
  codeHint: "Puede tardar un minuto en llegar.",
  codeFormat: "Los 6 dígitos de nuestro mensaje de texto",
  codeWrongTitle: "No funcionó",
  codeWrongHelp: "Revise el mensaje más reciente que le enviamos y escriba su código, o pida uno nuevo.",
  noCode: "¿No llega después de un minuto?",
  newCode: "Enviar un código nuevo",
  startOver: "Empezar de nuevo",
  messages: "Sus mensajes",
  lock: "Bloquear",
  you: "Usted",
  byText: "por mensaje de texto",
  noMessages: "No hay nada que mostrar aquí por ahora.",
  moreNeedsProof:
    "Hay más por leer que requiere otra verificación. Pulse Bloquear y confirme de nuevo que es usted.",
  stopTexts: "No recibir más mensajes de texto",
  stopTextsMeans:
    "Ya no le enviaremos mensajes de texto, tampoco para avisarle de un mensaje nuevo ni para enviarle un código. Puede llamarnos cuando quiera.",
  stopTextsConfirm: "Sí, no quiero más mensajes de texto",
  noTexts: "No le enviamos mensajes de texto.",
  textsAgain: "¿Quiere recibir mensajes de texto de nosotros? Llámenos.",
  unsubscribeTitle: "¿No quiere más correos nuestros?",
  unsubscribeMeans:
    "Ya no le enviaremos correos electrónicos cuando haya algo nuevo para usted. Puede llamarnos cuando quiera.",
  unsubscribe: "No recibir más correos",
  unsubscribedTitle: "Ya no le enviaremos correos",
  unsubscribedHelp: "¿Quiere recibir correos otra vez, o todavía le llega alguno? Llámenos.",
  locksItself: "Esta página se bloquea sola después de 10 minutos.",
  emergency: "En una emergencia llame al 911.",
  unavailableTitle: "Intente más tarde",
  unavailableHelp:
    "No podemos mostrar esta página en este momento. Espere unos minutos y abra su enlace otra vez.",
};

/** The pages' words by language. */
export const WORDS: Readonly<Record<Language, Words>> = { en, es };
