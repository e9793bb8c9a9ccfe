import type { Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { CarrierStopResult, Learnt } from "./carrier-stop.ts";

/** A number that the carrier's list keeps from texts. */
interface ListedNumber {
  /** E.164. */
  readonly number: string;
  /** Since when, ISO 8601; null where the list does not say. */
  readonly since: string | null;
}

/** What reconciling needs. */
export interface ReconcilePorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  /** A page of the list after `token`; null: from the beginning. */
  readonly page: (
    token: string | null,
  ) => Promise<{ readonly items: readonly ListedNumber[]; readonly next: string | null }>;
  /** Where the last run stopped. */
  readonly cursor: {
    at(): Lookup<{ readonly token: string | null }>;
    moveTo(token: string | null): Write;
  };
  /** Blind index of a number. */
  readonly indexOf: (number: string) => Promise<string>;
  readonly numbers: { number(index: string): Lookup<NumberRecord> };
  readonly recordCarrierStop: (index: string, learnt: Learnt) => Promise<CarrierStopResult>;
  /** One number that could not be dealt with; tomorrow's run finds it again. */
  readonly onFailure: (error: unknown) => void;
  readonly pause: () => Promise<void>;
}

/** What a run did: numbers looked at, and what they were. */
export interface ReconcileResult {
  readonly looked: number;
  /** Stopped at the carrier, without our knowing. */
  readonly recorded: number;
  readonly known: number;
  /** Numbers of nobody we know. */
  readonly nobody: number;
  readonly failed: number;
  /** False where the rest of the list is left to the next run. */
  readonly finished: boolean;
}

/** Ten thousand numbers in a run. */
const PAGES_MAX = 100;
const AT_ONCE = 8;
const ACTOR = "function:reconcile-opt-outs";

/**
 * Compares the carrier's list with ours: a number that it keeps from texts and that we do not hold as
 * stopped has said STOP where we could not hear it. A list that is too long for one run is worked off
 * by several, each from where the last one stopped.
 */
export function createReconcileOptOuts(ports: ReconcilePorts) {
  const { read, journal, numbers, cursor } = ports;

  async function reconcile({ number, since }: ListedNumber, requestId: string): Promise<CarrierStopResult> {
    const index = await ports.indexOf(number);
    const [known] = await read(numbers.number(index));
    if (known !== undefined && known.stoppedAt !== null) return "known";
    // START came after the number was listed: it is on its way off the list.
    if (since !== null && known?.startedAt != null && known.startedAt > since) return "known";
    return ports.recordCarrierStop(index, { actor: ACTOR, requestId, since });
  }

  return async (requestId: string): Promise<ReconcileResult> => {
    const counts = { looked: 0, recorded: 0, known: 0, nobody: 0, failed: 0 };
    const count = async (item: ListedNumber): Promise<void> => {
      counts.looked += 1;
      try {
        counts[await reconcile(item, requestId)] += 1;
      } catch (error) {
        counts.failed += 1;
        ports.onFailure(error);
      }
    };
    const [last] = await read(cursor.at());
    let token = last?.token ?? null;
    for (let pages = 1; pages <= PAGES_MAX; pages += 1) {
      const { items, next } = await ports.page(token);
      for (let start = 0; start < items.length; start += AT_ONCE) {
        await Promise.all(items.slice(start, start + AT_ONCE).map(count));
      }
      token = next;
      if (next === null) break;
      await ports.pause();
    }
    const result = { ...counts, finished: token === null };
    await journal.commit(
      { action: "opt-outs.reconciled", actor: ACTOR, role: "function", requestId, details: result },
      [cursor.moveTo(token)],
    );
    return result;
  };
}
