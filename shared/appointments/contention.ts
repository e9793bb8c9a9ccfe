const ATTEMPTS_MAX = 25;
const WAIT_MS = 20;
const DOUBLINGS_MAX = 3;

/**
 * Tries until an attempt is not overtaken by another one about the same visit or day (undefined). A day has at most 20
 * visits, and a file of them may bring all at once. Throws rather than give up in silence.
 */
export async function untilSettled<Outcome>(attempt: () => Promise<Outcome | undefined>): Promise<Outcome> {
  for (let count = 1; count <= ATTEMPTS_MAX; count += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
    const waitMs = Math.random() * WAIT_MS * 2 ** Math.min(count, DOUBLINGS_MAX);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  throw new Error("a patient's visits stayed contended; nothing was done");
}
