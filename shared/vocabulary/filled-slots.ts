import type { SlotValue } from "../domain/alerts/slot-value.ts";
import { shownDate, shownTime } from "../domain/alerts/slot-values.ts";
import type { SlotValues } from "../domain/alerts/templates.ts";
import type { Language } from "../domain/words.ts";
import type { SlotReferences } from "../messaging/records.ts";
import type { Directory, VocabularyInForce } from "./records.ts";

/** What a text's references are looked up in. */
export interface SlotSources {
  readonly vocabulary: Pick<VocabularyInForce, "names">;
  readonly directory: Directory | undefined;
  /** IANA names: the practice's, and the patient's own. */
  readonly practiceZone: string;
  /** Null: none is known, and no letters follow a time. */
  readonly patientZone: string | null;
}

/**
 * What fills the slots that references stand for. A name that is approved no more is left out, so that no text that needs
 * it can be made. A moment is shown in its own time zone, else the location's, else the practice's.
 */
export function filledSlots(
  { location, provider, pharmacy, at, timeZone }: SlotReferences,
  language: Language,
  { vocabulary, directory, practiceZone, patientZone }: SlotSources,
): Pick<SlotValues, "location" | "provider" | "pharmacy" | "date" | "time"> {
  const nameOf = (kind: "location" | "provider" | "pharmacy", id: string | null) =>
    vocabulary.names.find((name) => name.kind === kind && name.id === id)?.textName;
  const named = Object.entries({
    location: nameOf("location", location),
    provider: nameOf("provider", provider),
    pharmacy: nameOf("pharmacy", pharmacy),
  }).filter(([, name]) => name !== undefined);
  const own = directory?.entries.find(({ kind, id }) => kind === "location" && id === location)?.timeZone;
  const zone = timeZone ?? own ?? practiceZone;
  const moment = at === null ? undefined : new Date(at);
  return {
    ...Object.fromEntries<SlotValue<"name"> | undefined>(named),
    ...(moment === undefined
      ? {}
      : {
          date: shownDate(moment, zone, language),
          time: shownTime(moment, zone, language, patientZone),
        }),
  };
}
