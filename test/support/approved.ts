import { createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import type { SlotValues } from "#shared/domain/alerts/templates.ts";
import type { Vocabulary, VocabularyInForce } from "#shared/vocabulary/records.ts";

/** A vocabulary as the adapter reads it. */
export function inForce(vocabulary: Vocabulary): VocabularyInForce {
  return createVocabularyTable("Practice")
    .vocabulary()
    .parse({ ...vocabulary });
}

/** Slot values that nobody made: for what renders, not for what may be rendered. */
export function someSlots(values: Readonly<Record<string, string>>): SlotValues {
  return values as unknown as SlotValues;
}
