import type { StageSettings } from "./stages.ts";

const KEY_ID_MAX = 255;
const LIFETIME_HOURS_DEFAULT = 72;
const LIFETIME_HOURS_MAX = 7 * 24;

/** The ids of the keys of links: the one that signs, and the one that still opens older links. */
export interface LinkKeyIds {
  readonly current: number;
  readonly previous?: number;
}

function requireKeyId(id: number): void {
  if (!Number.isInteger(id) || id < 1 || id > KEY_ID_MAX) {
    throw new Error(
      `A link key's id must be a whole number from 1 to ${KEY_ID_MAX}: a token has one byte for it.`,
    );
  }
}

/** The keys of a stage's links. Throws for ids that a token cannot state, and for two keys under one id. */
export function linkKeyIds({ linkKey }: Pick<StageSettings, "linkKey">): LinkKeyIds {
  const ids = linkKey ?? { current: 1 };
  requireKeyId(ids.current);
  if (ids.previous === undefined) return { current: ids.current };
  requireKeyId(ids.previous);
  if (ids.previous === ids.current) {
    throw new Error("The previous link key must have another id than the current one.");
  }
  return { current: ids.current, previous: ids.previous };
}

/** How long a stage's links live, in seconds. Throws for less than an hour and for more than seven days. */
export function linkLifetimeSeconds({ linkLifetimeHours }: Pick<StageSettings, "linkLifetimeHours">): number {
  const hours = linkLifetimeHours ?? LIFETIME_HOURS_DEFAULT;
  if (!Number.isInteger(hours) || hours < 1 || hours > LIFETIME_HOURS_MAX) {
    throw new Error(`Links must live for 1 to ${LIFETIME_HOURS_MAX} whole hours.`);
  }
  return hours * 3600;
}
