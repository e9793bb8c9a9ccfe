/** What can still have something to do at the present clock. */
export type WorkSources = {
  /** Makes everything that polls look now. */
  readonly poke: () => void;
  /** Fires what the clock has made due. */
  readonly fireDue: () => Promise<void>;
  /** Whether nothing runs, waits or is visible. */
  readonly isAtRest: () => Promise<boolean>;
};

/** The first look comes soon, because most of the time there is little to do; later ones cost less. */
const LOOK_AGAIN_MS = { first: 2, most: 15 };
/** A message can be between its queue and its function at one look, so that one look does not decide. */
const LOOKS_AT_REST = 2;

/** Resolves to true when everything has come to rest at the present clock, or to false after `timeoutMs` of real time. */
export async function settle(sources: WorkSources, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  let quietLooks = 0;
  let pauseMs = LOOK_AGAIN_MS.first;
  await sources.fireDue();
  while (performance.now() < endMs) {
    if (await sources.isAtRest()) {
      quietLooks += 1;
      if (quietLooks >= LOOKS_AT_REST) return true;
    } else {
      quietLooks = 0;
      sources.poke();
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(pauseMs + 1, LOOK_AGAIN_MS.most);
  }
  return false;
}
