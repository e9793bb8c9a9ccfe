import type { Asking, Journal, ReadSnapshot } from "../audit/journal.ts";
import type { ImportKind } from "../domain/imports/kinds.ts";
import type { Role } from "../domain/roles.ts";
import {
  type KeyedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";
import type { ImportForm, ImportStore, SignImport } from "./ports.ts";
import { COUNTS_NONE, type ImportRecord } from "./records.ts";

/** What requests of imports need. */
export interface RequestImportPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly imports: ImportStore;
  readonly signImport: SignImport;
  readonly newId: (prefix: "imp", now?: Date) => string;
  readonly now: () => Date;
}

/** What came of asking for an import. */
export type RequestImportOutcome =
  | { readonly kind: "asked"; readonly id: string; readonly upload: ImportForm }
  | { readonly kind: "idempotency-conflict" };

const RACES_MAX = 3;

/**
 * Lets somebody upload a file to be imported in their name: the entry first, then the form. The same request again gives
 * the same import with a form of its own.
 */
export function createRequestImport(ports: RequestImportPorts) {
  const { read, journal, memory, imports } = ports;

  async function attempt(
    asked: { readonly kind: ImportKind; readonly dryRun: boolean },
    asking: Asking & { readonly role: Role },
    keyed: KeyedRequest | null,
  ) {
    const [remembered] = await read(memory.remembered(slotOf(keyed)));
    const known = recall<{ readonly id: string }>(keyed, remembered);
    if (known.kind === "conflict") return "conflict";
    const event = (importId: string) => ({
      ...asking,
      action: "import.requested",
      details: { importId, kind: asked.kind, dryRun: asked.dryRun },
    });
    if (known.kind === "same") {
      await journal.record(event(known.answer.id));
      return known.answer;
    }
    const at = ports.now();
    const id = ports.newId("imp", at);
    const record: ImportRecord = {
      id,
      ...asked,
      state: "waiting",
      actor: asking.actor,
      role: asking.role,
      requestedAt: at.toISOString(),
      changedAt: at.toISOString(),
      failure: null,
      objectVersion: null,
      columns: { used: [], ignored: [] },
      counts: COUNTS_NONE,
      pages: 0,
      version: 1,
    };
    const outcome = await journal.commit(event(id), [
      imports.addImport(record),
      ...remembering(memory, keyed, { id }, at),
    ]);
    return outcome.kind === "committed" ? { id } : undefined;
  }

  return async (
    asked: { readonly kind: ImportKind; readonly dryRun: boolean },
    asking: Asking & { readonly role: Role },
    keyed: KeyedRequest | null,
  ): Promise<RequestImportOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const made = await attempt(asked, asking, keyed);
      if (made === "conflict") return { kind: "idempotency-conflict" };
      if (made !== undefined) return { kind: "asked", id: made.id, upload: await ports.signImport(made.id) };
    }
    throw new Error("the request stayed contended; nothing was asked for");
  };
}
