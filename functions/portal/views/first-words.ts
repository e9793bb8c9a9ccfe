import type { Language } from "#shared/domain/words.ts";

// Read against these rules, in both languages: short sentences and everyday words (US school grade 6 at
// most), no idioms, no abbreviations but PIN, PDF, JPEG and PNG; nothing tells what kind of care it is;
// what a button is called in a sentence is what stands on it. Spanish says usted, leaves out words that
// only one region uses, and does not guess the reader's gender.

/** Words of the pages that stand before a proof, in one language; no start of the portal loads more of them. */
export interface FirstWords {
  readonly language: Language;
  /** BCP 47, for dates and times. */
  readonly locale: string;
  /** The language in its own words. */
  readonly ownName: string;
  readonly call: string;
  readonly otherLanguage: string;
  readonly confirmTitle: string;
  readonly confirmIntro: string;
  readonly birthDate: string;
  readonly birthDateHint: string;
  readonly continue: string;
  readonly neverAsked: string;
  readonly usePin: string;
  readonly pin: string;
  readonly pinHint: string;
  readonly pinFormat: string;
  readonly continueWithPin: string;
  readonly linkHelp: string;
  readonly newLinkMeans: string;
  readonly newLink: string;
  readonly notYours: string;
  readonly wrongPersonMeans: string;
  readonly wrongPersonSure: string;
  readonly wrongPerson: string;
  readonly isReal: string;
  readonly failedTitle: string;
  readonly failedHelp: string;
  readonly codeTitle: string;
  readonly codeIntro: string;
  readonly codeSent: string;
  readonly codesSpent: string;
  readonly code: string;
  readonly codeHint: string;
  readonly codeFormat: string;
  readonly codeWrongTitle: string;
  readonly codeWrongHelp: string;
  readonly deviceQuestion: string;
  readonly deviceOwn: string;
  readonly deviceOwnMeans: string;
  readonly deviceShared: string;
  readonly deviceSharedMeans: string;
  readonly noCode: string;
  readonly textsStopped: string;
  readonly newCode: string;
  readonly startOver: string;
  readonly heldTitle: string;
  readonly heldHelp: string;
  readonly emergency: string;
  readonly unavailableTitle: string;
  readonly unavailableHelp: string;
  readonly errorTitle: string;
  readonly error403: string;
  readonly error404: string;
  readonly error413: string;
  readonly error415: string;
  readonly errorHelp: string;
}

const en = {
  language: "en",
  locale: "en-US",
  ownName: "English",
  call: "Call",
  otherLanguage: "Español",
  confirmTitle: "Confirm it’s you",
  confirmIntro: "To keep this private, please enter your date of birth.",
  birthDate: "Date of birth",
  birthDateHint: "Month, day, 4-digit year. For example 05/17/1980 or 05171980.",
  continue: "Continue",
  neverAsked: "We never ask for a Social Security number, a password or a card number here.",
  usePin: "I use a PIN",
  pin: "Your PIN",
  pinHint: "The 6 to 8 digits that you chose.",
  pinFormat: "6 to 8 digits",
  continueWithPin: "Continue with PIN",
  linkHelp: "My link does not work",
  newLinkMeans:
    "We can text or email you a new link. It goes only to the number or email that we have on file.",
  newLink: "Send me a new link",
  notYours: "This is not meant for me",
  wrongPersonMeans:
    "Did you get a text that is not for you? Tell us, and we stop texting this number. Nobody can use this link after that.",
  wrongPersonSure: "Yes, this text was not for me.",
  wrongPerson: "I am not this person",
  isReal: "Is this text real?",
  failedTitle: "That did not work",
  failedHelp:
    "Check what you entered and try again. Write all 4 digits of the year. If you set a PIN, use the PIN. A link stops working after a few days and after several wrong tries. If it keeps failing, ask for a new link below or call us.",
  codeTitle: "Enter your code",
  codeIntro: "We are texting a 6-digit code to the phone number on file. It works for 10 minutes.",
  codeSent:
    "We sent you a code not long ago. Enter it below. If you used it or it has not come, wait one minute, then ask again.",
  codesSpent: "We sent many codes in the last hour. Use the newest one, ask again in an hour, or call us.",
  code: "6-digit code",
  codeHint: "It can take a minute to arrive.",
  codeFormat: "The 6 digits from our text",
  codeWrongTitle: "That did not work",
  codeWrongHelp: "Check the newest text from us and enter its code, or ask for a new one.",
  deviceQuestion: "Who uses this phone or computer?",
  deviceOwn: "Only me",
  deviceOwnMeans: "We will ask for a code less often here, for 30 days.",
  deviceShared: "Other people too",
  deviceSharedMeans: "We will not remember this device.",
  noCode: "No text after a minute?",
  textsStopped: "Did you stop our texts? Then no code can come. Please call us.",
  newCode: "Send a new code",
  startOver: "Start over",
  heldTitle: "Please come back tomorrow",
  heldHelp:
    "Your phone number or date of birth was changed with us not long ago. To keep you safe, your messages open 24 hours after that. If you cannot wait, please call us.",
  emergency: "In an emergency call 911.",
  unavailableTitle: "Please try again later",
  unavailableHelp: "We cannot show this page right now. Wait a few minutes and open your link again.",
  errorTitle: "That did not work",
  error403: "This did not come from our page",
  error404: "There is no page here",
  error413: "That was too large",
  error415: "We cannot read that",
  errorHelp:
    "Nothing was changed. Go back and try again, or open the link in our text once more. If it keeps failing, please call us.",
} as const satisfies FirstWords;

const es = {
  language: "es",
  locale: "es-US",
  ownName: "Español",
  call: "Llamar",
  otherLanguage: "English",
  confirmTitle: "Confirme que es usted",
  confirmIntro: "Para proteger su privacidad, escriba su fecha de nacimiento.",
  birthDate: "Fecha de nacimiento",
  birthDateHint: "Mes, día, año de 4 dígitos. Por ejemplo 05/17/1980 o 05171980.",
  continue: "Continuar",
  neverAsked: "Aquí nunca pedimos número de Seguro Social, contraseñas ni tarjetas.",
  usePin: "Uso un PIN",
  pin: "Su PIN",
  pinHint: "Los 6 a 8 dígitos que usted eligió.",
  pinFormat: "De 6 a 8 dígitos",
  continueWithPin: "Continuar con PIN",
  linkHelp: "Mi enlace no funciona",
  newLinkMeans: "Podemos enviarle un enlace nuevo. Llega solo al número o correo que tenemos registrado.",
  newLink: "Enviarme un enlace nuevo",
  notYours: "Esto no es para mí",
  wrongPersonMeans:
    "¿Recibió un mensaje que no es para usted? Avísenos y dejaremos de enviar mensajes a este número. Después nadie podrá usar este enlace.",
  wrongPersonSure: "Sí, este mensaje no era para mí.",
  wrongPerson: "No soy esta persona",
  isReal: "¿Es verdadero este mensaje?",
  failedTitle: "No funcionó",
  failedHelp:
    "Revise lo que escribió e intente de nuevo. Escriba los 4 dígitos del año. Si creó un PIN, use el PIN. Un enlace deja de funcionar después de unos días y tras varios intentos fallidos. Si sigue sin funcionar, pida un enlace nuevo abajo o llámenos.",
  codeTitle: "Escriba su clave",
  codeIntro:
    "Le estamos enviando una clave de 6 dígitos al teléfono que tenemos registrado. Vale 10 minutos.",
  codeSent:
    "Hace poco le enviamos una clave. Escríbala abajo. Si ya la usó o no le ha llegado, espere un minuto y pida otra.",
  codesSpent:
    "Enviamos muchas claves en la última hora. Use la más reciente, pida otra en una hora o llámenos.",
  code: "Clave de 6 dígitos",
  codeHint: "Puede tardar un minuto en llegar.",
  codeFormat: "Los 6 dígitos de nuestro mensaje de texto",
  codeWrongTitle: "No funcionó",
  codeWrongHelp: "Revise el mensaje más reciente que le enviamos y escriba su clave, o pida una nueva.",
  deviceQuestion: "¿Quién usa este teléfono o computadora?",
  deviceOwn: "Solo yo",
  deviceOwnMeans: "Aquí pediremos la clave con menos frecuencia, por 30 días.",
  deviceShared: "También otras personas",
  deviceSharedMeans: "No recordaremos este dispositivo.",
  noCode: "¿No llega después de un minuto?",
  textsStopped:
    "¿Dejó de recibir nuestros mensajes de texto? Entonces no puede llegar ninguna clave. Llámenos.",
  newCode: "Enviar una clave nueva",
  startOver: "Empezar de nuevo",
  heldTitle: "Vuelva mañana",
  heldHelp:
    "Hace poco se cambió su número de teléfono o su fecha de nacimiento. Para su seguridad, sus mensajes se abren 24 horas después del cambio. Si no puede esperar, llámenos.",
  emergency: "En una emergencia llame al 911.",
  unavailableTitle: "Intente más tarde",
  unavailableHelp:
    "No podemos mostrar esta página en este momento. Espere unos minutos y abra su enlace otra vez.",
  errorTitle: "No funcionó",
  error403: "Esto no vino de nuestra página",
  error404: "Aquí no hay ninguna página",
  error413: "Eso era demasiado grande",
  error415: "No podemos leer eso",
  errorHelp:
    "No se cambió nada. Vuelva atrás e intente de nuevo, o abra otra vez el enlace de nuestro mensaje. Si sigue sin funcionar, llámenos.",
} as const satisfies FirstWords;

/** The words before a proof, by language. */
export const FIRST_WORDS = { en, es } as const satisfies Readonly<Record<Language, FirstWords>>;
