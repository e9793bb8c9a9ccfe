import type { Language, Purpose } from "#shared/domain/words.ts";
import { FIRST_WORDS, type FirstWords } from "./first-words.ts";

/** Names of the words that are one text. */
export type TextName = Exclude<keyof Words, "purposes" | "language">;

/** Every word of the portal's pages in one language; the rules that they are written by stand with the first ones. */
export interface Words extends FirstWords {
  readonly newLinkTitle: string;
  readonly newLinkHelp: string;
  readonly newLinkNone: string;
  readonly wrongPersonTitle: string;
  readonly wrongPersonHelp: string;
  readonly wrongPersonDelete: string;
  readonly wrongPersonMistake: string;
  readonly messages: string;
  readonly tools: string;
  readonly print: string;
  readonly settings: string;
  readonly lock: string;
  readonly exit: string;
  readonly exitHint: string;
  readonly openNow: string;
  /** Before a time. */
  readonly openNowUntil: string;
  readonly closed: string;
  readonly opens: string;
  /** Before the name of a day. */
  readonly onDay: string;
  /** Before a time. */
  readonly atTime: string;
  readonly tomorrow: string;
  readonly today: string;
  readonly yesterday: string;
  readonly you: string;
  readonly byText: string;
  readonly sent: string;
  readonly seen: string;
  readonly noMessages: string;
  readonly earlier: string;
  readonly toNewest: string;
  readonly toMessages: string;
  readonly checkNew: string;
  readonly newMessage: string;
  readonly moreNeedsProof: string;
  readonly stepUp: string;
  readonly reply: string;
  readonly replyPlaceholder: string;
  readonly replyHint: string;
  readonly send: string;
  readonly sending: string;
  readonly replySent: string;
  readonly replyFailed: string;
  readonly replyEmpty: string;
  readonly replyTooLong: string;
  readonly replyFileNotReady: string;
  readonly replyTooMany: string;
  readonly lettersLeft: string;
  readonly emergencyTitle: string;
  readonly emergencyNow: string;
  readonly call911: string;
  readonly crisis: string;
  readonly call988: string;
  readonly files: string;
  readonly filesToSend: string;
  readonly photo: string;
  readonly pdf: string;
  readonly fileReady: string;
  readonly fileWaiting: string;
  readonly fileChecking: string;
  readonly fileRefused: string;
  readonly remove: string;
  readonly attach: string;
  readonly attachTitle: string;
  readonly attachMeans: string;
  readonly attachStep1: string;
  readonly attachStep2: string;
  readonly fileKind: string;
  readonly fileJpeg: string;
  readonly filePng: string;
  readonly filePdf: string;
  readonly fileName: string;
  readonly fileNameHint: string;
  readonly fileChoose: string;
  readonly fileMinute: string;
  readonly fileUpload: string;
  readonly checkFiles: string;
  readonly uploading: string;
  readonly uploadFailed: string;
  readonly fileType: string;
  readonly fileTooLarge: string;
  readonly fileTooMany: string;
  readonly fileNameProblem: string;
  readonly settingsTitle: string;
  readonly save: string;
  readonly saved: string;
  readonly languageTitle: string;
  readonly consentsTitle: string;
  readonly consentsMean: string;
  readonly byTexts: string;
  readonly byEmails: string;
  readonly noNumber: string;
  readonly noEmail: string;
  readonly consentsProblem: string;
  readonly agreeTitle: string;
  readonly agreeUnsecured: string;
  readonly agreeMine: string;
  readonly agreeStop: string;
  readonly agreeProblem: string;
  readonly nothingChosen: string;
  readonly quietHoursTitle: string;
  readonly quietHoursMean: string;
  readonly from: string;
  readonly to: string;
  readonly quietHoursOff: string;
  readonly quietHoursProblem: string;
  readonly pinTitle: string;
  readonly pinChangeTitle: string;
  readonly pinMeans: string;
  readonly presentPin: string;
  readonly newPin: string;
  readonly newPinAgain: string;
  readonly pinRemove: string;
  readonly pinFormProblem: string;
  readonly pinDifferent: string;
  readonly pinWeak: string;
  readonly pinHeld: string;
  readonly pinPresentWrong: string;
  readonly devicesTitle: string;
  readonly devicesMean: string;
  readonly devicesNone: string;
  readonly deviceThis: string;
  readonly deviceSince: string;
  readonly deviceUsed: string;
  readonly deviceForget: string;
  readonly devicesForget: string;
  readonly textsTitle: string;
  readonly stopTexts: string;
  readonly stopTextsMeans: string;
  readonly stopTextsConfirm: string;
  readonly noTexts: string;
  readonly textsAgain: string;
  readonly idleTitle: string;
  readonly idleHelp: string;
  /** Where the session is an hour old. */
  readonly idleLast: string;
  readonly secondsLeft: string;
  readonly stay: string;
  readonly lockNow: string;
  readonly unsubscribeTitle: string;
  readonly unsubscribeMeans: string;
  readonly unsubscribe: string;
  readonly unsubscribedTitle: string;
  readonly unsubscribedHelp: string;
  readonly locksItself: string;
  readonly realTitle: string;
  readonly realIntro: string;
  readonly realName: string;
  readonly realPhone: string;
  readonly realNumbers: string;
  readonly realHost: string;
  readonly realEmail: string;
  readonly realNeverTitle: string;
  readonly realNever1: string;
  readonly realNever2: string;
  readonly realNever3: string;
  readonly realDoubtTitle: string;
  readonly realDoubt: string;
  readonly purposes: Readonly<Record<Purpose, string>>;
}

const en = {
  ...FIRST_WORDS.en,
  newLinkTitle: "Check your phone",
  newLinkHelp:
    "If this link was ours, a new one is on its way to the number or email that we have on file. It can take a few minutes.",
  newLinkNone: "Nothing after 10 minutes? Please call us.",
  wrongPersonTitle: "Thank you for telling us",
  wrongPersonHelp:
    "If the link was ours, it no longer works, and we stop texting this number. Our office will look into it.",
  wrongPersonDelete: "Please delete the text. You do not have to do anything else.",
  wrongPersonMistake: "Pressed by mistake? Call us.",
  messages: "Your messages",
  tools: "Tools",
  print: "Print",
  settings: "Settings",
  lock: "Lock",
  exit: "Leave now",
  exitHint: "Closes your messages and opens a weather page. You can also press the Escape key three times.",
  openNow: "Open now",
  openNowUntil: "Open now until",
  closed: "Closed.",
  opens: "Opens",
  onDay: "on",
  atTime: "at",
  tomorrow: "tomorrow",
  today: "Today",
  yesterday: "Yesterday",
  you: "You",
  byText: "by text",
  sent: "Sent",
  seen: "Seen",
  noMessages: "There is nothing to show here now.",
  earlier: "Earlier messages",
  toNewest: "Back to the newest messages",
  toMessages: "Back to messages",
  checkNew: "Check for new messages",
  newMessage: "New message",
  moreNeedsProof: "There is more to read that needs one more check.",
  stepUp: "Show me the rest",
  reply: "Your message",
  replyPlaceholder: "Write a message",
  replyHint: "Read during office hours. Emergency: call 911.",
  send: "Send",
  sending: "Sending…",
  replySent: "Message sent",
  replyFailed: "Your message was not sent. Check your connection and press Send again.",
  replyEmpty: "Please write a message first.",
  replyTooLong: "This message is too long. Please make it shorter.",
  replyFileNotReady: "A file is not ready yet. Wait a moment and press Send again, or take the file away.",
  replyTooMany: "You have sent many messages. Please wait a while, or call us.",
  lettersLeft: "letters left",
  emergencyTitle: "Do you need help right now?",
  emergencyNow: "We may not read your message at once. In an emergency, call 911.",
  call911: "Call 911 now",
  crisis: "If you think about hurting yourself, call or text 988 at any time, day or night. It is free.",
  call988: "Call 988 now",
  files: "Files",
  filesToSend: "Files to send",
  photo: "Photo",
  pdf: "PDF file",
  fileReady: "ready",
  fileWaiting: "not uploaded, will not be sent",
  fileChecking: "being checked",
  fileRefused: "cannot be opened",
  remove: "Take away",
  attach: "Add a photo or PDF",
  attachTitle: "Add a photo or PDF",
  attachMeans: "A file can have up to 25 MB. We remove the place where a photo was taken.",
  attachStep1: "Step 1 of 2",
  attachStep2: "Step 2 of 2",
  fileKind: "What kind of file is it?",
  fileJpeg: "Photo from a phone or camera (JPEG)",
  filePng: "Screenshot or picture (PNG)",
  filePdf: "Document (PDF)",
  fileName: "A name for it",
  fileNameHint: "For example: insurance card. You can leave this empty.",
  fileChoose: "Choose the file",
  fileMinute: "Please do this within one minute. If it fails, go back and start again.",
  fileUpload: "Upload",
  checkFiles: "Check if they are ready",
  uploading: "Uploading",
  uploadFailed: "This file was not added. It must be a JPEG, PNG or PDF of up to 25 MB.",
  fileType: "Please choose a JPEG, PNG or PDF file.",
  fileTooLarge: "This file is larger than 25 MB.",
  fileTooMany: "A message can have up to 10 files. Send these first.",
  fileNameProblem: "Please use a shorter or simpler name.",
  settingsTitle: "Your settings",
  save: "Save",
  saved: "Saved",
  languageTitle: "Language",
  consentsTitle: "What may we write to you about?",
  consentsMean:
    "Our texts and emails only say that something is waiting for you here. Other people may see them on your phone. You can change this at any time. Your care does not depend on it.",
  byTexts: "Texts",
  byEmails: "Emails",
  noNumber: "We have no phone number that we may text. Call us to add one.",
  noEmail: "We have no email address for you. Call us to add one.",
  consentsProblem: "We have no number or email that we may use for this. Please call us.",
  agreeTitle: "To turn something on, check all three:",
  agreeUnsecured: "I know that texts and emails are not fully secure.",
  agreeMine: "The phone number and email that you have are mine.",
  agreeStop: "I know that I can stop this at any time.",
  agreeProblem: "Not turned on yet. Please check all three boxes below the list.",
  nothingChosen: "Nothing was turned on: choose what for.",
  quietHoursTitle: "Quiet hours",
  quietHoursMean:
    "We do not text you between these times. Answers that you ask for, like a code, still come at once.",
  from: "From",
  to: "To",
  quietHoursOff: "Turn off quiet hours",
  quietHoursProblem: "Please enter two times that leave at least two hours a day for our messages.",
  pinTitle: "Set a PIN",
  pinChangeTitle: "Change your PIN",
  pinMeans:
    "A PIN takes the place of your date of birth. After that, your date of birth no longer opens your messages. If you forget the PIN, call us. It has 6 to 8 digits and is harder for others to guess. Do not use your birthday or numbers in a row, like 123456.",
  presentPin: "The PIN that you have now",
  newPin: "New PIN",
  newPinAgain: "New PIN once more",
  pinRemove: "Remove my PIN",
  pinFormProblem: "A PIN has 6 to 8 digits.",
  pinDifferent: "The two PINs are not the same. Please enter them again.",
  pinWeak: "This PIN is too easy to guess. Please choose another one.",
  pinPresentWrong: "This is not the PIN that you have now. Please try again, or call us.",
  pinHeld:
    "Your number or date of birth was changed a short time ago. Your PIN can be changed one day after that.",
  devicesTitle: "Devices that we remember",
  devicesMean: "On these we ask for a code less often. Did you lose one? Forget it here.",
  devicesNone: "We do not remember any device.",
  deviceThis: "This device",
  deviceSince: "Remembered since",
  deviceUsed: "Last used",
  deviceForget: "Forget",
  devicesForget: "Forget all devices",
  textsTitle: "Stop all texts",
  stopTexts: "Stop all texts",
  stopTextsMeans:
    "We will not text you any more, not even to tell you of a new message or to send you a code. Messages that need a code cannot be opened then. You can still call us.",
  stopTextsConfirm: "Yes, stop all texts",
  noTexts: "We do not text you.",
  textsAgain: "Would you like to get texts from us? Turn them on in Settings, or call us.",
  idleTitle: "Are you still there?",
  idleHelp: "To keep your messages private, this page locks itself soon.",
  idleLast: "It was open for an hour. Please finish, or open your link again for more time.",
  secondsLeft: "seconds left",
  stay: "Stay",
  lockNow: "Lock now",
  unsubscribeTitle: "Stop our emails?",
  unsubscribeMeans:
    "We will not email you any more when there is something new for you. You can still call us.",
  unsubscribe: "Stop all emails",
  unsubscribedTitle: "We will not email you any more",
  unsubscribedHelp: "Would you like to get emails again, or does one still arrive? Please call us.",
  locksItself: "This page locks itself after 10 minutes.",
  realTitle: "Is this text real?",
  realIntro:
    "Our texts are short. Most only say who we are and that something is waiting for you. They never say what it is about.",
  realName: "Our texts start with",
  realPhone: "They give this number to call",
  realNumbers: "Our texts come from",
  realHost: "Every link in them begins with",
  realEmail: "Our emails come from",
  realNeverTitle: "What our texts and pages never ask for",
  realNever1: "A Social Security number",
  realNever2: "A password",
  realNever3: "A card or bank number",
  realDoubtTitle: "Are you not sure?",
  realDoubt: "Do not tap the link. Call us at the number that you know, or the one on this page.",
  purposes: {
    scheduling: "Appointments",
    portal: "Messages from our office",
    billing: "Bills and payments",
    pharmacy: "Pharmacy",
    survey: "Questions about your visit",
    announcement: "News from the office",
  },
} as const satisfies Words;

const es = {
  ...FIRST_WORDS.es,
  newLinkTitle: "Revise su teléfono",
  newLinkHelp:
    "Si este enlace era nuestro, uno nuevo va en camino al número o correo que tenemos registrado. Puede tardar unos minutos.",
  newLinkNone: "¿No llega nada en 10 minutos? Llámenos.",
  wrongPersonTitle: "Gracias por avisarnos",
  wrongPersonHelp:
    "Si el enlace era nuestro, ya no funciona y dejaremos de enviar mensajes a este número. Nuestro consultorio lo revisará.",
  wrongPersonDelete: "Por favor borre el mensaje. No tiene que hacer nada más.",
  wrongPersonMistake: "¿Fue por error? Llámenos.",
  messages: "Sus mensajes",
  tools: "Herramientas",
  print: "Imprimir",
  settings: "Ajustes",
  lock: "Bloquear",
  exit: "Salir ya",
  exitHint:
    "Cierra sus mensajes y abre una página del clima. También puede pulsar la tecla Escape tres veces.",
  openNow: "Abierto ahora",
  openNowUntil: "Abierto ahora, hasta las",
  closed: "Cerrado.",
  opens: "Abre",
  onDay: "el",
  atTime: "a las",
  tomorrow: "mañana",
  today: "Hoy",
  yesterday: "Ayer",
  you: "Usted",
  byText: "por mensaje de texto",
  sent: "Enviado",
  seen: "Visto",
  noMessages: "No hay nada que mostrar aquí por ahora.",
  earlier: "Mensajes anteriores",
  toNewest: "Volver a los mensajes más recientes",
  toMessages: "Volver a los mensajes",
  checkNew: "Ver si hay mensajes nuevos",
  newMessage: "Mensaje nuevo",
  moreNeedsProof: "Hay más por leer que requiere otra verificación.",
  stepUp: "Mostrar lo demás",
  reply: "Su mensaje",
  replyPlaceholder: "Escriba aquí",
  replyHint: "Se lee en horario de atención. Emergencia: llame al 911.",
  send: "Enviar",
  sending: "Enviando…",
  replySent: "Mensaje enviado",
  replyFailed: "Su mensaje no se envió. Revise su conexión y pulse Enviar otra vez.",
  replyEmpty: "Primero escriba un mensaje.",
  replyTooLong: "Este mensaje es demasiado largo. Acórtelo, por favor.",
  replyFileNotReady:
    "Un archivo aún no está listo. Espere un momento y pulse Enviar otra vez, o quite el archivo.",
  replyTooMany: "Ha enviado muchos mensajes. Espere un poco o llámenos.",
  lettersLeft: "letras restantes",
  emergencyTitle: "¿Necesita ayuda ahora mismo?",
  emergencyNow: "Quizás no leamos su mensaje de inmediato. En una emergencia, llame al 911.",
  call911: "Llamar al 911 ahora",
  crisis: "Si piensa en hacerse daño, llame o envíe un mensaje de texto al 988 a cualquier hora. Es gratis.",
  call988: "Llamar al 988 ahora",
  files: "Archivos",
  filesToSend: "Archivos para enviar",
  photo: "Foto",
  pdf: "Archivo PDF",
  fileReady: "listo",
  fileWaiting: "no se ha subido, no se enviará",
  fileChecking: "en revisión",
  fileRefused: "no se puede abrir",
  remove: "Quitar",
  attach: "Agregar una foto o PDF",
  attachTitle: "Agregue una foto o PDF",
  attachMeans: "Un archivo puede tener hasta 25 MB. Quitamos de la foto el lugar donde fue tomada.",
  attachStep1: "Paso 1 de 2",
  attachStep2: "Paso 2 de 2",
  fileKind: "¿Qué tipo de archivo es?",
  fileJpeg: "Foto de un teléfono o cámara (JPEG)",
  filePng: "Captura de pantalla o imagen (PNG)",
  filePdf: "Documento (PDF)",
  fileName: "Un nombre para el archivo",
  fileNameHint: "Por ejemplo: tarjeta del seguro. Puede dejarlo vacío.",
  fileChoose: "Elija el archivo",
  fileMinute: "Hágalo en un minuto, por favor. Si falla, vuelva atrás y empiece otra vez.",
  fileUpload: "Subir",
  checkFiles: "Ver si están listos",
  uploading: "Subiendo",
  uploadFailed: "Este archivo no se agregó. Debe ser JPEG, PNG o PDF de hasta 25 MB.",
  fileType: "Elija un archivo JPEG, PNG o PDF, por favor.",
  fileTooLarge: "Este archivo pesa más de 25 MB.",
  fileTooMany: "Un mensaje puede tener hasta 10 archivos. Envíe estos primero.",
  fileNameProblem: "Use un nombre más corto o más simple, por favor.",
  settingsTitle: "Sus ajustes",
  save: "Guardar",
  saved: "Guardado",
  languageTitle: "Idioma",
  consentsTitle: "¿Sobre qué podemos escribirle?",
  consentsMean:
    "Nuestros mensajes y correos solo dicen que algo le espera aquí. Otras personas podrían verlos en su teléfono. Puede cambiar esto en cualquier momento. Su atención no depende de ello.",
  byTexts: "Mensajes de texto",
  byEmails: "Correos",
  noNumber: "No tenemos un número al que podamos enviarle mensajes de texto. Llámenos para agregarlo.",
  noEmail: "No tenemos su correo electrónico. Llámenos para agregarlo.",
  consentsProblem: "No tenemos un número o correo que podamos usar para esto. Llámenos, por favor.",
  agreeTitle: "Para activar algo, marque las tres casillas:",
  agreeUnsecured: "Sé que los mensajes de texto y los correos no son del todo seguros.",
  agreeMine: "El número de teléfono y el correo que ustedes tienen son míos.",
  agreeStop: "Sé que puedo dejar de recibirlos en cualquier momento.",
  agreeProblem: "Aún no está activado. Marque las tres casillas debajo de la lista, por favor.",
  nothingChosen: "No se activó nada: elija para qué.",
  quietHoursTitle: "Horas de silencio",
  quietHoursMean:
    "No le enviamos mensajes entre estas horas. Lo que usted pide, como una clave, llega de inmediato.",
  from: "Desde",
  to: "Hasta",
  quietHoursOff: "Quitar las horas de silencio",
  quietHoursProblem: "Escriba dos horas que dejen al menos dos horas al día para nuestros mensajes.",
  pinTitle: "Cree un PIN",
  pinChangeTitle: "Cambie su PIN",
  pinMeans:
    "Un PIN reemplaza su fecha de nacimiento. Después, su fecha de nacimiento ya no abre sus mensajes. Si olvida el PIN, llámenos. Tiene de 6 a 8 dígitos y es más difícil de adivinar. No use su cumpleaños ni una serie como 123456.",
  presentPin: "El PIN que tiene ahora",
  newPin: "PIN nuevo",
  newPinAgain: "PIN nuevo otra vez",
  pinRemove: "Quitar mi PIN",
  pinFormProblem: "Un PIN tiene de 6 a 8 dígitos.",
  pinDifferent: "Los dos PIN no son iguales. Escríbalos otra vez.",
  pinWeak: "Este PIN es muy fácil de adivinar. Elija otro, por favor.",
  pinPresentWrong: "Este no es el PIN que tiene ahora. Inténtelo otra vez o llámenos.",
  pinHeld:
    "Su número o su fecha de nacimiento se cambió hace poco. Podrá cambiar su PIN un día después de ese cambio.",
  devicesTitle: "Dispositivos que recordamos",
  devicesMean: "En estos pedimos la clave con menos frecuencia. ¿Perdió alguno? Olvídelo aquí.",
  devicesNone: "No recordamos ningún dispositivo.",
  deviceThis: "Este dispositivo",
  deviceSince: "Recordado desde",
  deviceUsed: "Último uso",
  deviceForget: "Olvidar",
  devicesForget: "Olvidar todos",
  textsTitle: "Dejar de recibir mensajes de texto",
  stopTexts: "No recibir más mensajes de texto",
  stopTextsMeans:
    "Ya no le enviaremos mensajes de texto, ni siquiera para avisarle de un mensaje nuevo o enviarle una clave. Los mensajes que necesitan una clave no se podrán abrir. Puede llamarnos cuando quiera.",
  stopTextsConfirm: "Sí, no quiero más mensajes de texto",
  noTexts: "No le enviamos mensajes de texto.",
  textsAgain: "¿Quiere recibir mensajes de texto de nosotros? Actívelos en Ajustes o llámenos.",
  idleTitle: "¿Sigue ahí?",
  idleHelp: "Para proteger sus mensajes, esta página se bloquea pronto.",
  idleLast: "Lleva una hora abierta. Termine, por favor, o abra su enlace otra vez para tener más tiempo.",
  secondsLeft: "segundos restantes",
  stay: "Seguir aquí",
  lockNow: "Bloquear ahora",
  unsubscribeTitle: "¿No quiere más correos nuestros?",
  unsubscribeMeans:
    "Ya no le enviaremos correos electrónicos cuando haya algo nuevo para usted. Puede llamarnos cuando quiera.",
  unsubscribe: "No recibir más correos",
  unsubscribedTitle: "Ya no le enviaremos correos",
  unsubscribedHelp: "¿Quiere recibir correos otra vez, o todavía le llega alguno? Llámenos.",
  locksItself: "Esta página se bloquea sola después de 10 minutos.",
  realTitle: "¿Es verdadero este mensaje?",
  realIntro:
    "Nuestros mensajes son cortos. La mayoría solo dice quiénes somos y que algo le espera. Nunca dicen de qué se trata.",
  realName: "Nuestros mensajes empiezan con",
  realPhone: "Dan este número para llamar",
  realNumbers: "Nuestros mensajes vienen de",
  realHost: "Cada enlace empieza con",
  realEmail: "Nuestros correos vienen de",
  realNeverTitle: "Lo que nuestros mensajes y páginas nunca piden",
  realNever1: "Un número de Seguro Social",
  realNever2: "Una contraseña",
  realNever3: "Un número de tarjeta o de banco",
  realDoubtTitle: "¿Tiene dudas?",
  realDoubt: "No toque el enlace. Llámenos al número que usted conoce o al de esta página.",
  purposes: {
    scheduling: "Citas",
    portal: "Mensajes de nuestro consultorio",
    billing: "Cuentas y pagos",
    pharmacy: "Farmacia",
    survey: "Preguntas sobre su visita",
    announcement: "Noticias del consultorio",
  },
} as const satisfies Words;

/** The pages' words by language. */
export const WORDS: Readonly<Record<Language, Words>> = { en, es };
