import type { ApprovedName, ApprovedTemplate, Vocabulary } from "./records.ts";

/** DynamoDB takes items of 400 KB; what is in force stays well below. */
export const VOCABULARY_BYTES_MAX = 300 * 1024;

type Next = Omit<Vocabulary, "version">;

/** Versions stand in the order of their times, even when a clock is behind another. */
function after(vocabulary: Vocabulary, now: Date): string {
  const at = now.toISOString();
  return at > vocabulary.at ? at : vocabulary.at;
}

const isSame = (one: ApprovedName, other: ApprovedName) => one.kind === other.kind && one.id === other.id;

/** With a template's approved version, in place of what it had. */
export function withTemplate(vocabulary: Vocabulary, template: ApprovedTemplate, now: Date): Next {
  const others = vocabulary.templates.filter(({ id }) => id !== template.id);
  return {
    at: after(vocabulary, now),
    templates: [...others, template].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    names: vocabulary.names,
  };
}

/** Without a template. */
export function withoutTemplate(vocabulary: Vocabulary, id: string, now: Date): Next {
  const templates = vocabulary.templates.filter((template) => template.id !== id);
  return { at: after(vocabulary, now), templates, names: vocabulary.names };
}

/** With names, in place of those that the same entries had. */
export function withNames(vocabulary: Vocabulary, names: readonly ApprovedName[], now: Date): Next {
  const others = vocabulary.names.filter((name) => !names.some((added) => isSame(added, name)));
  return { at: after(vocabulary, now), templates: vocabulary.templates, names: [...others, ...names] };
}

/** Without the names of these entries. */
export function withoutNames(
  vocabulary: Vocabulary,
  removed: readonly Pick<ApprovedName, "id" | "kind">[],
  now: Date,
): Next {
  const names = vocabulary.names.filter(
    (name) => !removed.some(({ id, kind }) => id === name.id && kind === name.kind),
  );
  return { at: after(vocabulary, now), templates: vocabulary.templates, names };
}

/** Whether it can be kept. */
export function fits(vocabulary: Next): boolean {
  return Buffer.byteLength(JSON.stringify(vocabulary)) <= VOCABULARY_BYTES_MAX;
}
