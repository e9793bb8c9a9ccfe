import { bookedVisits } from "../appointments/days.ts";
import type { VisitDay } from "../appointments/records.ts";
import { templateNamed } from "../domain/alerts/shipped.ts";
import { practiceValues, type SlotValue } from "../domain/alerts/slot-value.ts";
import {
  type Slot,
  type SlotValues,
  type Template,
  templateFor,
  templateName,
} from "../domain/alerts/templates.ts";
import type { AlertRecord, SlotReferences } from "../messaging/records.ts";
import { filledSlots } from "../vocabulary/filled-slots.ts";
import type { Directory, DirectoryKind, VocabularyInForce } from "../vocabulary/records.ts";
import { chosenTemplate } from "./chosen.ts";
import { isReminder, tellsOfVisit, toldMoment } from "./visits.ts";

/** Why nothing can be said: what was chosen is not approved any more, or never was for this purpose. */
export type WordingRefusal = "template_not_approved" | "name_not_approved";

/** What an alert's text is made of, but for link and code. */
export interface Wording {
  readonly template: Template;
  /** `id@version`. */
  readonly name: string;
  readonly slots: SlotValues;
  /** The vocabulary that its template or its names come from, which must still be in force; null: all is shipped. */
  readonly vocabulary: number | null;
}

/** What the words of a text are found by. */
export interface WordingSituation {
  readonly alert: AlertRecord;
  readonly visitDay: VisitDay | undefined;
  /** What compliance approved; undefined where the text needs none of it. */
  readonly vocabulary: VocabularyInForce | undefined;
  /** For the zone of a location that a chosen template names; undefined where none does. */
  readonly directory: Directory | undefined;
  readonly patient: { readonly timeZone: string | null } | undefined;
  readonly settings: { readonly timeZone: string };
}

function inLanguage(approved: VocabularyInForce["templates"][number], { language }: AlertRecord): Template {
  return { ...approved, language, parts: approved.texts[language] };
}

const NAMED = ["location", "provider", "pharmacy"] as const satisfies readonly DirectoryKind[];

function needs({ parts }: Template, slot: Slot): boolean {
  return parts.some((part) => typeof part !== "string" && part.slot === slot);
}

/** The template that an alert is rendered by, and whether it is the practice's own; null: it may not be used. */
function templateOf({ alert, vocabulary }: WordingSituation) {
  const own = vocabulary?.templates ?? [];
  if (chosenTemplate(alert) === null) {
    const found = alert.kind === "message" ? undefined : own.findLast(({ use }) => use === alert.kind);
    return { template: found && inLanguage(found, alert), isChosen: false };
  }
  const mine = own.find(({ id, version, use }) => use === "message" && `${id}@${version}` === alert.template);
  const template =
    mine === undefined ? templateNamed(alert.template, alert.language) : inLanguage(mine, alert);
  const fits = template?.use === "message" && template.purpose === alert.purpose;
  return { template: fits ? template : undefined, isChosen: true };
}

/**
 * What a text may name, by ids, and the moment that it tells: a chosen template's or a notice's own, else those of the
 * day's first visit, on whose clocks a reminder tells the time. Notices from before they kept their visit's zone have the
 * day's.
 */
function referencesOf({ alert, visitDay }: WordingSituation): SlotReferences {
  const [first] = isReminder(alert.kind) && visitDay !== undefined ? bookedVisits(visitDay) : [];
  const { slots } = alert;
  return {
    location: slots?.location ?? first?.locationId ?? null,
    provider: slots?.provider ?? first?.providerId ?? null,
    pharmacy: slots?.pharmacy ?? null,
    at: tellsOfVisit(alert.kind) ? toldMoment(alert, visitDay) : (slots?.at ?? null),
    timeZone: first?.timeZone ?? slots?.timeZone ?? visitDay?.timeZone ?? null,
  };
}

/** What fills a template but for link and code; null where a name that it needs is not approved. */
function slotsFor(
  template: Template,
  situation: WordingSituation,
  identity: { readonly name: string; readonly phone: string },
): SlotValues | null {
  const { alert, vocabulary = { names: [] }, directory, patient, settings } = situation;
  const filled = filledSlots(referencesOf(situation), alert.language, {
    vocabulary,
    directory,
    practiceZone: settings.timeZone,
    patientZone: patient?.timeZone ?? null,
  });
  const isMissing = (slot: keyof typeof filled) => needs(template, slot) && filled[slot] === undefined;
  if ((["date", "time", ...NAMED] as const).some(isMissing)) return null;
  const { location: _location, provider: _provider, pharmacy: _pharmacy, ...told } = filled;
  const names = NAMED.filter((kind) => needs(template, kind)).map((kind) => [kind, filled[kind]] as const);
  return {
    ...practiceValues(identity),
    ...told,
    ...Object.fromEntries<SlotValue<"name"> | undefined>(names),
  };
}

/**
 * Finds the words of an alert among what is in force now. An own template with the alert's use goes before the shipped
 * one; where its names are missing the shipped one tells as much as can be told. What a sender chose is said as chosen,
 * or not at all.
 */
export function wordingFor(
  situation: WordingSituation,
  identity: { readonly name: string; readonly phone: string },
): Wording | WordingRefusal {
  const { alert, vocabulary } = situation;
  const { template, isChosen } = templateOf(situation);
  const slots = template === undefined ? null : slotsFor(template, situation, identity);
  if (template !== undefined && slots !== null) {
    const isOwn = template.id.startsWith("tpl_");
    const named = NAMED.some((kind) => needs(template, kind));
    return {
      template,
      name: templateName(template),
      slots,
      vocabulary: isOwn || named ? (vocabulary?.version ?? 0) : null,
    };
  }
  if (isChosen) return template === undefined ? "template_not_approved" : "name_not_approved";
  const shipped = templateFor(alert.kind, alert.language);
  const shippedSlots = slotsFor(shipped, situation, identity);
  return shippedSlots === null
    ? "name_not_approved"
    : { template: shipped, name: templateName(shipped), slots: shippedSlots, vocabulary: null };
}
