import type { AlertKind } from "#shared/domain/alerts/kinds.ts";
import { templateFor } from "#shared/domain/alerts/templates.ts";
import type { Language } from "#shared/domain/words.ts";
import type { TemplatePurpose } from "./purposes.ts";

/** A shipped template's words, its slots written as `{slot}`. */
function shipped(kind: AlertKind): Readonly<Record<Language, string>> {
  const words = (language: Language) =>
    templateFor(kind, language)
      .parts.map((part) => (typeof part === "string" ? part : `{${part.slot}}`))
      .join("");
  return { en: words("en"), es: words("es") };
}

/**
 * Texts that tell nothing, by purpose and language. `message-waiting` and `code` are the shipped templates; the others
 * keep their wording. Spanish avoids á, í, ó and ú, which GSM-7 does not have; a text with a link has no more words of its own than
 * the shipped one, so what a stage allows for that one fits these too.
 */
export const SAFE_TEXTS: Readonly<Record<TemplatePurpose, Readonly<Record<Language, string>>>> = {
  code: shipped("code"),
  "message-waiting": shipped("message"),
  "appointment-reminder": {
    en: "{practice}: reminder of your appointment on {date} at {time}. Questions? Call {phone}. Reply STOP to end",
    es: "{practice}: le recordamos su cita el {date} a las {time}. Preguntas: {phone}. STOP para salir",
  },
  "appointment-confirmation": {
    en: "{practice}: your appointment is set for {date} at {time}. To change it, call {phone}. Reply STOP to end",
    es: "{practice}: su cita es el {date} a las {time}. Para cambiarla llame al {phone}. STOP para salir",
  },
  reschedule: {
    en: "{practice}: your appointment has to be moved. Please call {phone} for a new time. Reply STOP to end",
    es: "{practice}: hay que cambiar su cita. Llame al {phone} para una nueva hora. STOP para salir",
  },
  "cancelled-appointment": {
    en: "{practice}: your appointment on {date} is cancelled. Call {phone} for a new time. Reply STOP to end",
    es: "{practice}: su cita del {date} se ha cancelado. Llame al {phone} para otra hora. STOP para salir",
  },
  "missed-appointment": {
    en: "{practice}: we missed you on {date}. Please call {phone} for a new time. Reply STOP to end",
    es: "{practice}: no pudimos verle el {date}. Llame al {phone} para una nueva cita. STOP para salir",
  },
  booking: {
    en: "{practice}: please call {phone} to book an appointment. Reply STOP to end",
    es: "{practice}: por favor llame al {phone} para hacer una cita. STOP para salir",
  },
  "video-visit": {
    en: "{practice}: your appointment. Join: {link} Call {phone}. STOP to end",
    es: "{practice}: su cita. Entre: {link} Tel. {phone}. STOP para salir",
  },
  "result-ready": {
    en: "{practice}: result ready. See: {link} Call {phone}. Reply STOP to end",
    es: "{practice}: resultado listo: {link} Tel. {phone}. STOP para salir",
  },
  "document-ready": {
    en: "{practice}: new document. See: {link} Call {phone}. Reply STOP to end",
    es: "{practice}: documento nuevo: {link} Tel. {phone}. STOP para salir",
  },
  form: {
    en: "{practice}: form to fill. See: {link} Call {phone}. Reply STOP to end",
    es: "{practice}: llene un formulario: {link} Tel. {phone}. STOP para salir",
  },
  bill: {
    en: "{practice}: new bill. See: {link} Call {phone}. Reply STOP to end",
    es: "{practice}: estado de cuenta nuevo: {link} Tel. {phone}. STOP: salir",
  },
  survey: {
    en: "{practice}: how did we do? Tell us: {link} Call {phone}. STOP to end",
    es: "{practice}: denos su opinion: {link} Tel. {phone}. STOP para salir",
  },
  "pharmacy-pick-up": {
    en: "{practice}: your prescription is ready at the pharmacy. Questions? Call {phone}. Reply STOP to end",
    es: "{practice}: su receta le espera en la farmacia. Preguntas: {phone}. STOP para salir",
  },
  "call-us": {
    en: "{practice}: please call us at {phone}. Reply STOP to end",
    es: "{practice}: por favor llame al {phone}. STOP para salir",
  },
};
