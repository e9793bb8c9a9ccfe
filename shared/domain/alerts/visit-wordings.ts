import { parseTemplate } from "../templates/parse.ts";
import type { Language } from "../words.ts";
import type { VisitKind } from "./kinds.ts";
import type { TemplatePart } from "./templates.ts";

type AboutVisits = VisitKind | "visit-confirmed" | "change-asked";

function wording(
  texts: Readonly<Record<Language, string>>,
): Readonly<Record<Language, readonly TemplatePart[]>> {
  return { en: parseTemplate(texts.en).parts, es: parseTemplate(texts.es).parts };
}

/** What tells of visits, and the answers to C and 2. All fit in one part with the longest name and number that a stage may have. */
export const VISIT_WORDINGS: Readonly<
  Record<AboutVisits, Readonly<Record<Language, readonly TemplatePart[]>>>
> = {
  reminder: /* @__PURE__ */ wording({
    en: "{practice}: your visit is {date} at {time}. Reply C to confirm, 2 to change. Call {phone}. Reply STOP to end",
    es: "{practice}: su cita es {date}, {time}. Responda C para confirmar, 2 para cambiar. Tel. {phone}. STOP para salir",
  }),
  "reminder-several": /* @__PURE__ */ wording({
    en: "{practice}: your visits {date} from {time}. Reply C to confirm, 2 to change. Call {phone}. Reply STOP to end",
    es: "{practice}: citas {date} desde {time}. Responda C para confirmar, 2 para cambiar. Tel. {phone}. STOP para salir",
  }),
  "visit-booked": /* @__PURE__ */ wording({
    en: "{practice}: your visit is set for {date} at {time}. To change it call {phone}. Reply STOP to end",
    es: "{practice}: su cita es el {date}, {time}. Para cambiarla llame al {phone}. STOP para salir",
  }),
  "visit-moved": /* @__PURE__ */ wording({
    en: "{practice}: your visit has moved to {date} at {time}. To change it call {phone}. Reply STOP to end",
    es: "{practice}: su cita cambia al {date}, {time}. Para cambiarla llame al {phone}. STOP para salir",
  }),
  "visit-cancelled": /* @__PURE__ */ wording({
    en: "{practice}: your visit on {date} at {time} is cancelled. To book again call {phone}. Reply STOP to end",
    es: "{practice}: su cita del {date}, {time}, queda cancelada. Para otra llame al {phone}. STOP para salir",
  }),
  "visit-confirmed": /* @__PURE__ */ wording({
    en: "{practice}: thank you for confirming. If your plans change, call {phone}. Reply STOP to end.",
    es: "{practice}: gracias por confirmar. Si algo cambia, llame al {phone}. Responda STOP para terminar.",
  }),
  "change-asked": /* @__PURE__ */ wording({
    en: "{practice}: we will call you to change your visit. You can also call {phone}. Reply STOP to end.",
    es: "{practice}: le llamaremos para cambiar su cita. Puede llamar al {phone}. Responda STOP para terminar.",
  }),
};
