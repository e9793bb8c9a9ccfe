import type { AlertKind } from "./kinds.ts";

/** The newest version of each kind's shipped wording, where that is not the first. */
const NEWEST: Readonly<Partial<Record<AlertKind, number>>> = {};

/** The newest version of a kind's shipped wording, in every language. */
export function newestVersion(kind: AlertKind): number {
  return NEWEST[kind] ?? 1;
}

/**
 * How the newest shipped template of a kind is named in records: `message@1`. Apart from the wordings, so that what only
 * writes names down need not carry those.
 */
export function newestTemplateName(kind: AlertKind): string {
  return `${kind}@${newestVersion(kind)}`;
}
