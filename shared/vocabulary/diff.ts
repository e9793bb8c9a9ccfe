import type { ApprovedName, ApprovedTemplate, Vocabulary } from "./records.ts";

/** Something that was said otherwise before. */
export interface Changed<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** What came, went and changed between two moments. */
export interface Difference<Value> {
  readonly added: readonly Value[];
  readonly removed: readonly Value[];
  readonly changed: readonly Changed<Value>[];
}

/** How what was in force at one moment differs from what was at a later one. */
export interface VocabularyDifference {
  readonly templates: Difference<ApprovedTemplate>;
  readonly names: Difference<ApprovedName>;
}

function difference<Value>(
  before: readonly Value[],
  after: readonly Value[],
  keyOf: (value: Value) => string,
  wordingOf: (value: Value) => string,
): Difference<Value> {
  const old = new Map(before.map((value) => [keyOf(value), value]));
  const added: Value[] = [];
  const changed: Changed<Value>[] = [];
  for (const value of after) {
    const was = old.get(keyOf(value));
    old.delete(keyOf(value));
    if (was === undefined) added.push(value);
    else if (wordingOf(was) !== wordingOf(value)) changed.push({ before: was, after: value });
  }
  return { added, removed: [...old.values()], changed };
}

/** Compares two versions of what is in force. */
export function differenceOf(before: Vocabulary, after: Vocabulary): VocabularyDifference {
  return {
    templates: difference(
      before.templates,
      after.templates,
      ({ id }) => id,
      ({ version }) => String(version),
    ),
    names: difference(
      before.names,
      after.names,
      ({ kind, id }) => `${kind}#${id}`,
      // An entry that was taken out and put in again counts its versions anew.
      ({ version, textName }) => `${version}#${textName}`,
    ),
  };
}
