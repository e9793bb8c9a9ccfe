import type { Vocabulary } from "./phrases.ts";

const TIME =
  "[0-9]{1,4}[ap]?m?|[0-9]{1,2}(?:st|nd|rd|th)|noon|today|tomorrow|tonight|monday|mondays|tuesday|wednesday|thursday|" +
  "friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|january|february|march|april|may|june|july|" +
  "august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|week|weeks|month|" +
  "morning|afternoon|evening|am|pm|oclock|next|upcoming|manana|hoy|lunes|martes|miercoles|jueves|viernes|sabado|" +
  "domingo|semana|mes|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|tarde";

export const VISIT: Vocabulary = {
  time: TIME,
  cancel: "cancel|canceling|cancelling|cancelled|canceled|cancal|cancle|call off|cancell",
  visit:
    "appointment|visit|visits|slot|booking|reservation|procedure|surgery|cleaning|exam|checkup|physical|consult|" +
    "consultation|session|sessions|follow-up|followup|follow|test|tests|scan|mri|xray|ct|ultrasound|mammogram|" +
    "colonoscopy|lab|labs|bloodwork|blood|draw|shot|vaccine|vaccination|infusion|therapy|telehealth|virtual|zoom|" +
    "video|meeting|schedule|time|order|refill|prescription|referral|orientation|class|class|intake|eval|evaluation|" +
    "screening|biopsy|injection|treatment|physical|pt|ot|dental|eye|dentist|doctor|request|one|ride|transport|" +
    "insurance|autopay|payment|plan|membership|policy|account|card",
  cita:
    "cita|turno|consulta|visita|operacion|cirugia|estudio|examen|limpieza|sesion|ultrasonido|mamografia|vacuna|" +
    "hora|reservacion|procedimiento|terapia|pedido|receta|colonoscopia|analisis|chequeo|laboratorio|appointment|" +
    "resonancia|tratamiento|revision|reserva|seguro|plan|tarjeta|pago|orden",
};

/** A visit is called off, put off or asked about: a scheduling reply, not a revocation. */
export const CANCELS_VISIT: readonly string[] = [
  "{cancel} ..4 ({visit}|{time}|{cita})",
  "({visit}|{time}) ..6 {cancel}",
  "{cancel} (it|this|that|him|her|us|them|me|my|our|this one|that one|mine|his|hers|with|if|because|due|and|unless|or|sorry|last|so|for|on|without|please|i|we|im|both)",
  "(to|must|gotta|have|going to|will|might|may|ill|could|we|should|can|cant|wont|id|yes|no|not|need|did|you|they|he|she|already|just|had|a|the|or|late|last|hafta|of|needa|gon|rather|better|for|so|then) (to)? {cancel}",
  "({cancel}|cancela|cancele|cancelen|cancelar) ]",
  "(cancel(?:ar|en|e|a|o|aron|amos|an|acion|arla|arlo|enla|emos|ada|ado|ame|enme|emela|enmela|ela|arme)|anul(?:ar|en|e)|canselar|cancelarla) ..4 ({cita}|{time}|la|lo|esa|esta|para|porque)",
  "({cita}|{time}|que|quiero|necesito|tengo|voy|puedo|debo|hora|favor|quisiera|prefiero|tendre|vamos|toca|para|podria|como) (a|de|que)? (la|lo)? (cancel(?:ar|en|e|a|o|aron|amos|an|arla|arlo|ada|emos)|anular|canselar|cancelarla)",
  "({cita}) ..5 cancel\\w+",
  "cancel(?:arla|enla|emela|ela|enmela|aron|amos|ada|acion|an|arme)",
];

/** What is cancelled is the texts, not a visit. */
export const CANCELS_TEXTS: readonly string[] = [
  "(dont|not|never|no|nunca) (want to|want|going to|wanna|quiero|voy a|me|trying to|planning to|lo|la)? (cancel|cancelar|cancele|cancelen|canceling|cancelling) ..3",
  "(cancelled|canceled) my (gym|subscription|trip|flight|membership|order|plans?|card|insurance)",
  "(was|were|is|did|who|why) ..3 (cancelled|canceled)",
  "(was|got|been|is|were|be|if i|charge|fee|a|an) (just)? (cancelled|canceled|cancel|cancellation) ..3",
  "{cancel} (this|the|my|your|text)? service",
  "{cancel} (my|the)? (sign|signup|enrollment|subscription)",
  "{cancel} (all|any|my|the|these|those|your|this)? (of|future|more|text|my|the|these|your|sending|getting)? (my|the|your|appointment|these|text)? (texts|text|texting|reminders|subscription|sms|spam|mensajes|enrollment)",
  "cancel\\w* ..3 (mensajes|suscripcion|texts|reminders)",
];
