import type { AlertKind } from "../alerts/kinds.ts";
import type { Purpose } from "../words.ts";
import type { Draft, LintFinding } from "./lint-finding.ts";
import type { WrittenSlot } from "./parse.ts";

function any(...words: readonly string[]): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words.join("|")})(?![\p{L}\p{N}])`, "gu");
}

/** Words that only a text of one purpose has. Both languages are looked for in both. */
const ONLY: readonly (readonly [Purpose, RegExp])[] = [
  [
    "pharmacy",
    any(
      "refills?",
      "prescriptions?",
      "pharmac(?:y|ies|ist)",
      "recetas?",
      "farmacias?",
      "surtid[oa]s?",
      "surtir",
    ),
  ],
  ["portal", any("results?", "resultados?")],
  [
    "billing",
    any(
      "bills?",
      "billing",
      "invoices?",
      "balance",
      "copays?",
      "payments?",
      "pay",
      "paid",
      "receipts?",
      "you owe",
      "amount due",
      "facturas?",
      "saldo",
      "pagos?",
      "pagar",
      "pague",
      "copagos?",
      "recibos?",
      "estado de cuenta",
    ),
  ],
  ["survey", any("surveys?", "encuestas?", "rate (?:us|your|our)", "(?:your|su) opinion", "how did we do")],
];
/** Words that say what a text is about where none says more. */
const ABOUT: readonly (readonly [Purpose, RegExp])[] = [
  ["scheduling", any("visits?", "appointments?", "book", "reschedule", "citas?", "reprogramar")],
  [
    "portal",
    any(
      "messages?",
      "letters?",
      "documents?",
      "forms?",
      "records?",
      "papers?",
      "portal",
      "mensajes?",
      "cartas?",
      "documentos?",
      "formularios?",
      "hojas?",
      "papeles",
      "expediente",
      "archivo",
    ),
  ],
  [
    "announcement",
    any(
      "closed?",
      "hours",
      "moved",
      "closing",
      "opens?",
      "news",
      "joins",
      "leaves",
      "cierra",
      "cerramos",
      "horario",
    ),
  ],
  [
    "survey",
    any(
      "questions?",
      "preguntas?",
      "how was",
      "how were",
      "opine",
      "como fue",
      "evalue",
      "tell us",
      "diganos",
      "feedback",
    ),
  ],
  ["pharmacy", any("pick-?up", "(?:your|an) orders?", "su pedido", "recoger su pedido", "entrega")],
  ["billing", any("statements?", "cuentas?", "cost", "charges?", "insurance", "seguro")],
];
const EXPLANATION =
  "These words are of another purpose than the template's, and consent to one covers no other.";

/**
 * Words of another purpose than the template's. A patient who agreed to be texted about one thing did not agree to the
 * others (REQUIREMENTS row 4). Answers and questions of consent are about texts as such.
 */
export function findWrongPurpose(
  { plain }: Draft,
  slots: readonly WrittenSlot[],
  use: AlertKind,
  purpose: Purpose,
): readonly LintFinding[] {
  const place = ({ start, end }: { readonly start: number; readonly end: number }): LintFinding => {
    return { code: "wrong-purpose", start, end, explanation: EXPLANATION };
  };
  const placesOf = (pattern: RegExp) =>
    [...plain.matchAll(pattern)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
  if (use.startsWith("reminder") || (use.startsWith("visit-") && use !== "visit-confirmed")) {
    return purpose === "scheduling" ? [] : [place({ start: 0, end: plain.length })];
  }
  if (use !== "message") return [];
  const only = ONLY.filter(([of]) => of !== purpose).flatMap(([, pattern]) => placesOf(pattern));
  const named = purpose === "pharmacy" ? [] : slots.filter(({ slot }) => slot === "pharmacy");
  const strict = [...only, ...named].map(place);
  if (strict.length > 0) return strict;
  const isOf = (list: typeof ABOUT) =>
    list.some(([of, pattern]) => of === purpose && placesOf(pattern).length > 0);
  if (isOf(ONLY) || isOf(ABOUT)) return [];
  // Only what belongs to a patient is told: an announcement may have few words of its own.
  return ABOUT.filter(([of]) => of === "scheduling" || of === "pharmacy").flatMap(([of, pattern]) =>
    of === purpose ? [] : placesOf(pattern).map(place),
  );
}
