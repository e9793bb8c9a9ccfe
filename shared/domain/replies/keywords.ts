import { isOneSlipApart } from "./typing-slips.ts";

export type Keyword = "stop" | "cancel" | "start" | "help" | "yes" | "no" | "confirm" | "change";

/**
 * The words that are an answer by themselves, run together without spaces. "stop" holds the opt-out keywords of AWS
 * End User Messaging SMS (ARRET, CANCEL, END, OPT-OUT, OPTOUT, QUIT, REMOVE, STOP, TD, UNSUBSCRIBE) and the words of
 * 47 CFR 64.1200(a)(10); a bare CANCEL is told apart because next to an appointment it means the appointment.
 */
const LONE_WORDS: Readonly<Record<Keyword, string>> = {
  stop:
    "stop stopall stops stopit stopnow end quit revoke optout optmeout unsubscribe unsub remove removeme td arret " +
    "arreter halt cease desist exit unenroll deregister desubscribe unsuscribe stahp dnc stopend endall quitall " +
    "parar pare paren para termino parenle parale parele alto basta yabasta baja darmedebaja dardebaja denmedebaja dardemebaja " +
    "debaja salir terminar termina termine terminen fin nomas yanomas detener detente detenga detengan quitar quitarme parenya paraya yaparen " +
    "quitenme eliminar eliminarme borrar borrarme borrenme eliminenme desuscribir desuscribirme desinscribir " +
    "suspender anular finalizar revocar fuera desactivar desafiliar remover yano",
  cancel: "cancel cancelar cancela cancele cancelen cancell cancelled cancelall cansel kancel canselar",
  start:
    "start unstop resume restart subscribe optin optmein begin startall continue volver reanudar iniciar inicio " +
    "empezar comenzar suscribir suscribirme suscribirse activar reactivar alta darmedealta",
  help: "help info ayuda information informacion infohelp",
  yes: "yes y yeah yep yup yea yess si sii ye yas yah sip yesplease siporfavor yesthanks yesthankyou sigracias",
  no: "no n nope nah nop nel noo nothanks nothankyou nogracias",
  confirm:
    "c 1 confirm confirmed confirmo confirmar confirmado confirmada confirma confirming yesconfirm siconfirmo " +
    "yesconfirmed yesiconfirm iconfirm one uno",
  change:
    "2 r reschedule resched rescheduling change reprogramar reagendar cambiar cambio rs reprogramacion two dos " +
    "reagendo reschedual recschedule rescedule",
};

const meanings = new Map<string, Keyword>();
for (const [keyword, list] of Object.entries(LONE_WORDS)) {
  for (const word of list.split(" ")) meanings.set(word, keyword as Keyword);
}

/** Keywords in which a slip of the finger is looked for, each with real words one slip away. */
const SLIPS: readonly (readonly [word: string, keyword: Keyword, realWords: string])[] = [
  ["stop", "stop", "step shop top atop stoop slop strop swop sop stow stomp stoup estop stope scop slot"],
  ["quit", "stop", "quiet quite quilt suit quip quid unit quito quita quint"],
  ["stopall", "stop", ""],
  ["unsubscribe", "stop", ""],
  ["optout", "stop", "output"],
  ["revoke", "stop", "evoke"],
  ["remove", "stop", "remote"],
  ["cancel", "cancel", "cancer chancel"],
  ["cancelar", "cancel", "cancelara"],
  ["parar", "stop", "separar para parara pagar pasar"],
  ["basta", "stop", "pasta bastan hasta"],
  ["salir", "stop", "salio salid sali"],
  ["terminar", "stop", "terminal"],
  ["detener", "stop", "tener"],
  ["eliminar", "stop", ""],
  ["start", "start", "star stat tart smart stark stare stars sart"],
  ["unstop", "start", ""],
  ["resume", "start", "presume"],
  ["help", "help", "heap helm hemp held hell yelp kelp heal whelp helps hello hep"],
  ["ayuda", "help", "ayudar ayudan ayudas"],
  ["confirm", "confirm", "conform"],
  ["confirmar", "confirm", "conformar"],
  ["reschedule", "change", "rescheduled schedule"],
];

const squeezed = (word: string): string => word.replace(/(.)\1+/g, "$1");
const squeezedMeanings = new Map([...meanings].map(([word, meaning]) => [squeezed(word), meaning] as const));

const LONGEST = 24;
const REPEATED = /^(?:(stop|quit|end|unsubscribe|basta|alto|no)\1{0,4})$/;
const STOP_SIGNS = /^[^\p{L}\p{N}]*[\u{1F6D1}\u26D4\u{1F6AB}][^\p{L}\p{N}]*$/u;

/**
 * What a text says that is nothing but one keyword, whatever its case, spacing, punctuation or pictures.
 * @param letters - the folded letters and digits of the whole text, run together
 */
export function loneKeyword(text: string, letters: string): Keyword | null {
  if (letters === "") return STOP_SIGNS.test(text) ? "stop" : null;
  if (letters.length > LONGEST * 2) return null;
  const keyword = meaningOf(letters);
  // A question is no consent, and agrees to nothing.
  if ((keyword === "yes" || keyword === "confirm") && /[?\u00bf]/.test(text)) return null;
  return keyword;
}

function meaningOf(letters: string): Keyword | null {
  const exact = meanings.get(letters);
  if (exact !== undefined) return exact;
  const plain = /[a-z]/.test(letters)
    ? letters
        .replace(/0/g, "o")
        .replace(/1/g, "i")
        .replace(/3/g, "e")
        .replace(/4/g, "a")
        .replace(/5/g, "s")
        .replace(/7/g, "t")
    : letters;
  const told = meanings.get(plain) ?? (plain.length > 1 ? squeezedMeanings.get(squeezed(plain)) : undefined);
  if (told !== undefined && !(plain !== letters && plain.length <= 2)) return told;
  const [, repeated] = REPEATED.exec(plain) ?? [];
  if (repeated !== undefined) return meanings.get(repeated) ?? null;
  const word = squeezed(plain).length >= 3 ? plain.replace(/(.)\1{2,}/g, "$1") : plain;
  for (const [meant, keyword, realWords] of SLIPS) {
    if (isOneSlipApart(word, meant) && !realWords.split(" ").includes(word)) return keyword;
  }
  return /^(?:un|des|de)s?u[a-z]{0,3}[sc][a-z]{0,2}r[a-z]{0,2}[bv][a-z]{0,3}$/.test(plain) ? "stop" : null;
}
