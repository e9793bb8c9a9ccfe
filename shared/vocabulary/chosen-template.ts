import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import type { ApprovedWords } from "../domain/alerts/approved-words.ts";
import { SHIPPED_TEMPLATES } from "../domain/alerts/shipped.ts";
import type { Slot, TemplatePart } from "../domain/alerts/templates.ts";
import type { Language, Purpose } from "../domain/words.ts";
import type { SlotReferences } from "../messaging/records.ts";
import type { PracticeSettings } from "../practice/records.ts";
import { filledSlots } from "./filled-slots.ts";
import { type Directory, type DirectoryKind, VOCABULARY_EMPTY, type VocabularyInForce } from "./records.ts";

/** Which template a sender chose for the alert of a message, and what shall fill it. */
export interface TemplateChoice {
  readonly id: string;
  /** Ids of the directory. */
  readonly locationId?: string | undefined;
  readonly providerId?: string | undefined;
  readonly pharmacyId?: string | undefined;
  /** ISO 8601 UTC: the moment whose day and time the text shows. */
  readonly at?: string | undefined;
}

/** A template that may be used, and what fills it. */
export interface ChosenTemplate {
  readonly kind: "chosen";
  /** `id@version`. */
  readonly template: string;
  readonly texts: Readonly<Record<Language, ApprovedWords<TemplatePart>>>;
  readonly slots: SlotReferences;
  readonly vocabulary: VocabularyInForce;
}

/** A choice that no text can be made of: which field of the choice it is, and why. */
export interface UnusableTemplate {
  readonly kind: "unusable-template";
  readonly field: keyof TemplateChoice;
  readonly why: "unknown" | "other-use" | "other-purpose" | "needed" | "unused";
}

/** Templates that a sender may choose. */
export interface TemplateChoosing {
  /** Looks a choice up in what is in force at the moment of the call. */
  choose(choice: TemplateChoice, purpose: Purpose): Promise<ChosenTemplate | UnusableTemplate>;
  /** What fills its slots in a text to a patient with this time zone of their own (IANA name, null: none known). */
  fill(
    chosen: ChosenTemplate,
    language: Language,
    patientZone: string | null,
  ): Promise<ReturnType<typeof filledSlots>>;
}

interface InForce {
  readonly template: string;
  readonly texts: Readonly<Record<Language, ApprovedWords<TemplatePart>>>;
}

const NAMED: readonly (readonly [DirectoryKind, "locationId" | "providerId" | "pharmacyId"])[] = [
  ["location", "locationId"],
  ["provider", "providerId"],
  ["pharmacy", "pharmacyId"],
];

/** The practice's own template of that id, else the shipped one; or why a message for this purpose cannot have it. */
function inForce(
  { templates }: VocabularyInForce,
  id: string,
  purpose: Purpose,
): InForce | UnusableTemplate["why"] {
  const own = templates.find((each) => each.id === id);
  const shipped = SHIPPED_TEMPLATES.filter((each) => each.id === id);
  const [one] = own === undefined ? shipped : [own];
  if (one === undefined) return "unknown";
  if (one.use !== "message") return "other-use";
  if (one.purpose !== null && one.purpose !== purpose) return "other-purpose";
  if (own !== undefined) return { template: `${own.id}@${own.version}`, texts: own.texts };
  const version = Math.max(...shipped.map((each) => each.version));
  const of = (language: Language) =>
    shipped.find((each) => each.version === version && each.language === language)?.parts;
  const [en, es] = [of("en"), of("es")];
  return en === undefined || es === undefined
    ? "unknown"
    : { template: `${id}@${version}`, texts: { en, es } };
}

/**
 * Checks a choice against what is in force: the template is approved for the purpose, each of its slots is given, and
 * what it names has an approved name. What the template has no place for is refused too: nothing is ignored in silence.
 */
export function choose(
  vocabulary: VocabularyInForce,
  choice: TemplateChoice,
  purpose: Purpose,
): ChosenTemplate | UnusableTemplate {
  const unusable = (field: keyof TemplateChoice, why: UnusableTemplate["why"]): UnusableTemplate => ({
    kind: "unusable-template",
    field,
    why,
  });
  const found = inForce(vocabulary, choice.id, purpose);
  if (typeof found === "string") return unusable("id", found);
  const has = (slot: Slot) =>
    Object.values(found.texts).some((parts) =>
      parts.some((part) => typeof part !== "string" && part.slot === slot),
    );
  const showsTime = has("date") || has("time");
  for (const [kind, field] of NAMED) {
    const id = choice[field];
    if (id === undefined && has(kind)) return unusable(field, "needed");
    // A location also says in which time zone a day and a time are shown.
    if (id !== undefined && !has(kind) && !(kind === "location" && showsTime))
      return unusable(field, "unused");
    if (id !== undefined && !vocabulary.names.some((name) => name.kind === kind && name.id === id))
      return unusable(field, "unknown");
  }
  if (choice.at === undefined && showsTime) return unusable("at", "needed");
  if (choice.at !== undefined && !showsTime) return unusable("at", "unused");
  const { locationId: location = null, providerId: provider = null, pharmacyId: pharmacy = null } = choice;
  const at = choice.at === undefined ? null : new Date(choice.at).toISOString();
  return {
    kind: "chosen",
    ...found,
    slots: { location, provider, pharmacy, at, timeZone: null },
    vocabulary,
  };
}

/** Chooses and fills by what the practice's table holds. */
export function createTemplateChoosing(ports: {
  readonly read: ReadSnapshot;
  readonly vocabulary: () => Lookup<VocabularyInForce>;
  readonly directory: () => Lookup<Directory>;
  readonly settings: () => Lookup<PracticeSettings>;
  readonly settingsDefault: PracticeSettings;
}): TemplateChoosing {
  return {
    async choose(choice, purpose) {
      const [vocabulary] = await ports.read(ports.vocabulary());
      return choose(vocabulary ?? VOCABULARY_EMPTY, choice, purpose);
    },
    async fill({ slots, vocabulary }, language, patientZone) {
      const [directory, settings] = await ports.read(ports.directory(), ports.settings());
      const practiceZone = (settings ?? ports.settingsDefault).timeZone;
      return filledSlots(slots, language, {
        vocabulary,
        directory,
        practiceZone,
        patientZone,
      });
    },
  };
}
