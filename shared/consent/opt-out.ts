import type { Asking } from "../audit/journal.ts";
import { CHANNELS, type Channel, type Purpose } from "../domain/words.ts";
import { type KeyedRequest, recall, remembering, slotOf } from "../idempotency/idempotency.ts";
import type { ConsentPorts } from "./record.ts";
import { readStates } from "./states.ts";
import { revokeAll } from "./stop.ts";

/** What a patient said otherwise than by text, as staff record it. */
export interface OptOut {
  readonly channel: Channel | "all";
  readonly method: string;
  readonly evidence?: string | undefined;
}

/** What it ended; nothing where nothing was left to end. */
export interface OptedOut {
  readonly revoked: readonly { readonly purpose: Purpose; readonly channel: Channel }[];
  readonly at: string;
}

/** What came of recording it. */
export type OptOutOutcome =
  | ({ readonly kind: "recorded" } & OptedOut)
  | { readonly kind: "unknown-patient" }
  | { readonly kind: "idempotency-conflict" };

const RACES_MAX = 10;

/**
 * Ends every consent of a patient for the channel at once, whatever its purpose: a patient may revoke
 * by any reasonable means (47 CFR 64.1200(a)(10)), so letters and calls end what a STOP would. That it
 * was said is on record also where nothing was left to end.
 */
export function createOptOut(ports: ConsentPorts) {
  const { read, journal, memory, patients, consents, now } = ports;

  async function attempt(
    patientId: string,
    { channel, method, evidence }: OptOut,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<OptOutOutcome | undefined> {
    const channels = channel === "all" ? CHANNELS : [channel];
    const [[patient, head, remembered], states] = await Promise.all([
      read(
        patients.patient(patientId),
        journal.head({ patientId, actor: asking.actor }),
        memory.remembered(slotOf(keyed)),
      ),
      readStates(read, consents, patientId, channels),
    ]);
    const known = recall<OptedOut>(keyed, remembered);
    if (known.kind === "conflict") return { kind: "idempotency-conflict" };
    if (known.kind === "same") return { kind: "recorded", ...known.answer };
    if (patient === undefined) return { kind: "unknown-patient" };
    const at = now();
    const ended = await Promise.all(
      channels.map(async (one) => ({
        channel: one,
        ...(await revokeAll(ports, patientId, states, {
          channel: one,
          method,
          evidence: evidence ?? null,
          recordedBy: asking.actor,
          language: patient.language,
          at,
        })),
      })),
    );
    const answer: OptedOut = {
      revoked: ended.flatMap(({ channel: one, purposes }) =>
        purposes.map((purpose) => ({ purpose, channel: one })),
      ),
      at: at.toISOString(),
    };
    const consentIds = ended.flatMap((one) => one.consentIds);
    const outcome = await journal.commit(
      {
        ...asking,
        action: consentIds.length === 0 ? "consent.opt-out-repeated" : "consent.revoked",
        patientId,
        details: { channel, method, consentIds },
      },
      [...ended.flatMap(({ writes }) => writes), ...remembering(memory, keyed, answer, at)],
      head ?? null,
    );
    return outcome.kind === "committed" ? { kind: "recorded", ...answer } : undefined;
  }

  return async (
    patientId: string,
    optOut: OptOut,
    asking: Asking,
    keyed: KeyedRequest | null,
  ): Promise<OptOutOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const outcome = await attempt(patientId, optOut, asking, keyed);
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the consents stayed contended; nothing was revoked");
  };
}
