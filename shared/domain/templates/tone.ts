import type { Language } from "../words.ts";
import { type Draft, findAll, type LintFinding } from "./lint-finding.ts";

function wordings(list: readonly string[]): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${list.join("|")})(?![\p{L}\p{N}])`, "gu");
}

/** Both languages are looked for in both: a text may mix them. Written in small letters without accents. */
const URGENT: Readonly<Record<Language, RegExp>> = {
  en: wordings([
    "urgent(?:ly)?",
    "immediate(?:ly)?",
    "right (?:away|now)",
    "(?:call|reply|respond|answer|pay|come)(?: us)? at once",
    "as soon as possible",
    "act (?:now|fast|today|immediately)",
    "(?:call|reply|respond|click|pay|tap|read) (?:it )?now",
    "hurry(?: up)?",
    "(?:final|last|second|third) (?:notice|chance|warning|reminder|call|day)",
    "deadline",
    "overdue",
    "past due",
    "(?:do not|don't|dont) (?:delay|wait|ignore|miss)",
    "time[- ]sensitive",
    "important (?:message|notice|information|update|news)",
    "(?:your )?attention (?:is )?(?:required|needed|please)",
    "attention(?=[:!])",
    "warning",
    "expir(?:es|ed|ing|e)",
    "within (?:the next )?\\d{1,3} ?(?:hours?|minutes?|hrs?|mins?)",
    "or else",
    "legal action",
    "(?:sent|go|goes|going|turned over) to collections?",
    "you must",
    "immediate action",
    "today only",
    "failure to",
    "important(?=[:!])",
    "\\d(?:st|nd|rd|th) (?:notice|reminder|warning)",
    "before it(?:'s| is) too late",
    "(?:to )?avoid (?:an? |the |any )?(?:late |extra |further )?(?:fees?|charges?|interruption|penalt(?:y|ies)|cancellation|collections?)",
  ]),
  es: wordings([
    "urgentes?",
    "urgentemente",
    "inmediat[oa]s?",
    "inmediatamente",
    "de inmediato",
    "ahora mismo",
    "ya mismo",
    "cuanto antes",
    "lo antes posible",
    "lo mas pronto posible",
    "actue (?:ya|ahora|hoy)",
    "(?:llame|responda|conteste|pague|lea) (?:ya|ahora)",
    "(?:apurese|apresurese|dese prisa)",
    "(?:ultim[oa]s?|segundo) (?:aviso|oportunidad|advertencia|recordatorio|llamado|dia|dias)",
    "fecha limite",
    "(?:saldo|pago|cuenta|factura) vencid[oa]",
    "no (?:espere|demore|ignore|tarde|pierda|se demore|deje pasar)",
    "(?:aviso|mensaje|noticia|informacion) importante",
    "atencion(?=[:!])",
    "advertencia",
    "alerta",
    "(?:vence|caduca|expira)(?:n|ra)?",
    "en las proximas \\d{1,3} horas",
    "accion legal",
    "(?:debe|tiene que) (?:llamar|pagar|responder|actuar)",
    "solo (?:por )?hoy",
    "importante(?=[:!])",
    "antes de que sea tarde",
    "(?:para )?evitar? (?:un |una |el |la )?(?:cargos?|multas?|recargos?|suspension|interrupcion|cobros?)",
    "de lo contrario",
  ]),
};

const PHISHING: Readonly<Record<Language, RegExp>> = {
  en: wordings([
    "(?:verify|confirm|validate|update|restore|unlock) your (?:account|identity|details|information|password|payment|billing|card|bank|date of birth|birth date|social security|ssn)(?: \\p{L}{1,15})?",
    "(?:account|access|card|profile) (?:has been |is |was |will be )?(?:locked|suspended|limited|blocked|disabled|restricted|deactivated)",
    "(?:unusual|suspicious) activity",
    "security (?:alert|notice)",
    "passwords?",
    "ssn",
    "social security(?: number)?",
    "credit card",
    "debit card",
    "card number",
    "bank account",
    "routing number",
    "gift cards?",
    "prizes?",
    "winners?",
    "you(?:'ve| have)? won",
    "congratulations",
    "claim your",
    "refunds?",
    "rewards?",
    "free (?:gift|money|trial|offer|iphone|prize|sample|visit|consultation)s?",
    "click (?:here|below|now|this|the|on)",
    "tap (?:here|below|now|this)",
    "log[ -]?in(?: now)? to",
    "sign[ -]?in to",
    "bitcoin",
    "crypto",
    "lottery",
    "limited time",
    "special offer",
    "\\d{1,3} ?% off",
    "discounts?",
    "wire transfer",
  ]),
  es: wordings([
    "(?:verifi(?:que|car)|confirm(?:e|ar)|valid(?:e|ar)|actuali(?:ce|zar)|recuper(?:e|ar)|desbloque(?:e|ar)) (?:su|sus) (?:cuenta|identidad|datos|informacion|contrasena|clave|pago|tarjeta|banco|fecha de nacimiento|seguro social)",
    "(?:cuenta|tarjeta|acceso) (?:ha sido |esta |fue |sera )?(?:bloquead|suspendid|cancelad|restringid|desactivad|limitad)[oa]",
    "actividad (?:inusual|sospechosa)",
    "alerta de seguridad",
    "contrasenas?",
    "numero de tarjeta",
    "tarjeta de (?:credito|debito|regalo)",
    "cuenta bancaria",
    "seguro social",
    "premios?",
    "ganador(?:a|es)?",
    "(?:ha|usted) (?:ganado|gano)",
    "felicidades",
    "felicitaciones",
    "reclam(?:e|ar) su",
    "reembolsos?",
    "recompensas?",
    "gratis",
    "(?:haga|haz|hacer|de|dar) clic",
    "(?:pulse|toque|presione) (?:aqui|este|el enlace)",
    "inici(?:e|ar) sesion",
    "(?:ingres(?:e|ar)|entr(?:e|ar)|acced(?:a|er)) a su cuenta",
    "criptomonedas?",
    "loteria",
    "oferta especial",
    "tiempo limitado",
    "descuentos?",
  ]),
};

const MARKS = /!{2,}|\?{2,}|(?:[!?]){3,}|(?<=![^!]{1,200})!/gu;
/** Whole words in capitals, but for what carriers and replies write so. */
const SHOUTED =
  /(?<![\p{L}\p{N}])(?!(?:STOP|HELP|START|YES|AYUDA|ALTO|BAJA|INICIO|CANCEL|CONFIRM|UNSTOP)(?!\p{L}))\p{Lu}{4,30}(?![\p{L}\p{N}])/gu;
const SHOUTED_SHORT = /(?<![\p{L}\p{N}])(?:NOW|DUE|PAY|ACT|WIN|WON|YA|HOY|PAGUE)(?![\p{L}\p{N}])/gu;

/** What sounds like alarm or like those who fish for accounts. Patients must be able to tell our texts from theirs. */
export function findTone({ plain, words }: Draft): readonly LintFinding[] {
  const urgency =
    "This presses the reader. A text says what waits, and the practice calls where it is urgent.";
  const shouting = "Capitals and repeated marks read as alarm.";
  const phishing = "Texts that steal data or sell sound like this.";
  return [
    ...Object.values(URGENT).flatMap((pattern) => findAll(plain, pattern, "urgency", urgency)),
    ...[MARKS, SHOUTED, SHOUTED_SHORT].flatMap((pattern) => findAll(words, pattern, "urgency", shouting)),
    ...Object.values(PHISHING).flatMap((pattern) => findAll(plain, pattern, "phishing", phishing)),
  ];
}
