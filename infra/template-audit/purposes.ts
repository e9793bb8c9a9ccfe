/** What a template is sent for, as far as its words show. */
export const TEMPLATE_PURPOSES = [
  "code",
  "pharmacy-pick-up",
  "bill",
  "survey",
  "result-ready",
  "form",
  "missed-appointment",
  "cancelled-appointment",
  "reschedule",
  "video-visit",
  "booking",
  "appointment-confirmation",
  "appointment-reminder",
  "document-ready",
  "message-waiting",
  "call-us",
] as const;
export type TemplatePurpose = (typeof TEMPLATE_PURPOSES)[number];

const APPOINTMENT = "(?:appointment|appt|appts|visit|cita|citas|consulta|visita)";

/** Words that show a purpose, over text in plain form. The first purpose that fits is taken. */
const SIGNS: readonly (readonly [TemplatePurpose, RegExp])[] = [
  [
    "code",
    /\b(?:verification|security|access|login|sign in|one time|log in) (?:code|pin|passcode)\b|\bcodigo de (?:verificacion|acceso|seguridad)\b|\b(?:your|su) (?:code|codigo|clave|pin) (?:is|es)\b/,
  ],
  [
    "pharmacy-pick-up",
    /\bpharmacy\b|\bfarmacia\b|\b(?:prescription|rx|refill|medication|receta|medicamento|medicina)\b.{0,80}\b(?:pick ?up|picked up|recoger|retirar|ready|lista|listo)\b/,
  ],
  [
    "bill",
    /\b(?:balance|bill|invoice|payment|copay|past due|amount due|statement|saldo|factura|pago|estado de cuenta|adeudo)\b/,
  ],
  [
    "survey",
    /\b(?:survey|feedback|rate us|rate your|how did we do|how was your|review us|encuesta|opinion|califique|como le fue)\b/,
  ],
  // Instructions before a procedure: a reminder of the appointment would not replace them.
  [
    "message-waiting",
    /\b(?:preps?|prepare|preparing|preparations?|npo|laxatives?|enemas?|clear liquids?|preparacion(?:es)?|prepararse|preparese|laxantes?|enemas?|liquidos claros)\b|\b(?:fasting|ayun[oa]s?|ayunar)\b(?! (?:\w+ ){0,3}(?:results?|resultados?)\b)|\b(?:must|to|please|not|should) fast\b|\bfast (?:for|from|before|after|overnight|until|starting)\b|\b(?:nothing to|(?:do not|don t|stop|no|without) ) ?(?:eat|eating|drink|drinking|food)\b|\b(?:no|sin|nada de|deje de) (?:coma|comer|beba|beber|tome agua)\b|\b(?:instructions|instrucciones)\b.{0,60}\b(?:before|prior|procedure|surgery|antes|previas?|procedimiento|cirugia)\b/,
  ],
  [
    "result-ready",
    /\b(?:results?|lab report|test report|resultados?|bloodwork|blood work|biopsy|pathology)\b.{0,80}\b(?:ready|available|in|back|posted|view|see|portal|login|log in|call|discuss|normal|negative|positive|abnormal|listos?|disponibles?|ver|portal|llame|normal(?:es)?|negativ\w|positiv\w)\b|\b(?:lab|labs|test) results?\b|\b(?:ver|view|see|review|revise|revisar) (?:your |sus? |the |los )?(?:lab |test |new )?(?:results?|resultados?)\b/,
  ],
  [
    "form",
    /\b(?:forms?|questionnaire|paperwork|intake|check in online|pre register|formularios?|cuestionario|papeleo)\b/,
  ],
  [
    "missed-appointment",
    new RegExp(
      `\\b(?:missed|no show|we missed you|did not make)\\b.{0,40}\\b(?:${APPOINTMENT}|you)\\b|\\b(?:no asistio|falto a|perdio su) `,
    ),
  ],
  [
    "cancelled-appointment",
    new RegExp(
      `\\b${APPOINTMENT}\\b.{0,80}\\b(?:has been|was|is|have been|ha sido|fue|esta) (?:cancel\\w*)|\\b(?:we (?:have )?(?:had to )?cancell?ed|hemos cancelado|cancelamos)\\b`,
    ),
  ],
  [
    "reschedule",
    new RegExp(
      `\\b${APPOINTMENT}\\b.{0,80}\\b(?:has been|was|been|needs? to be|must be|have to|ha sido|fue|debe ser) (?:rescheduled?|moved|changed|reprogramad[ao]|cambiad[ao])|\\b(?:need to reschedule|time to reschedule|reprogramar su|please reschedule)\\b`,
    ),
  ],
  [
    "video-visit",
    /\b(?:telehealth|video (?:visit|call|appointment)|virtual visit|televisit|videollamada|videoconsulta|telesalud)\b/,
  ],
  [
    "booking",
    new RegExp(
      `\\b(?:due for|overdue|time (?:for|to schedule)|schedule your|book your|make an? ${APPOINTMENT}|to schedule|le toca|es hora de|programe su|agende su|haga (?:una|su) cita|para programar)\\b`,
    ),
  ],
  [
    "appointment-confirmation",
    new RegExp(
      `\\b${APPOINTMENT}\\b.{0,80}\\b(?:is|has been|esta|ha sido|queda) (?:confirmed|booked|scheduled|confirmada|programada|agendada)\\b`,
    ),
  ],
  [
    "appointment-reminder",
    new RegExp(
      `\\b(?:${APPOINTMENT}|appointments|reminder|see you|scheduled|recordatorio|procedure|surgery|procedimiento|cirugia|arrive|llegue)\\b`,
    ),
  ],
  [
    "document-ready",
    /\b(?:document|letter|summary|record|records|after visit|instructions|care plan|documento|carta|resumen|expediente|instrucciones|plan de cuidado)\b/,
  ],
  [
    "message-waiting",
    /\b(?:message|msg|portal|log in|login|mychart|inbox|mensaje|inicie sesion|ingrese|nota)\b/,
  ],
  ["call-us", /\b(?:call|phone|contact|llame|llamenos|llamar|comuniquese)\b/],
];

/** The purpose that the words of a text (in plain form) show; `undefined` where they show none. */
export function purposeOf(plain: string): TemplatePurpose | undefined {
  return SIGNS.find(([, sign]) => sign.test(plain))?.[0];
}
