import type { Lookup, ReadSnapshot } from "../audit/journal.ts";
import type { ConsentState } from "../consent/records.ts";
import { readStates } from "../consent/states.ts";
import { revokeAll, type StopPorts } from "../consent/stop.ts";
import type { Channel, Purpose } from "../domain/words.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { Consequence } from "./refused-number.ts";

/** What ending consents over a complaint needs. */
export interface ComplaintPorts extends StopPorts {
  readonly read: ReadSnapshot;
  readonly consents: StopPorts["consents"] & {
    state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
  };
  readonly now: () => Date;
}

/** Who calls an e-mail spam wants no more: ends every consent of the patient to e-mails. */
export function createEndEmails(ports: ComplaintPorts) {
  return async ({ patientId, language }: AlertRecord, recordedBy: string): Promise<Consequence> => {
    const { consentIds, purposes, writes } = await revokeAll(
      ports,
      patientId,
      await readStates(ports.read, ports.consents, patientId, ["email"]),
      { channel: "email", method: "email", evidence: null, recordedBy, language, at: ports.now() },
    );
    if (writes.length === 0) return { writes, details: {} };
    return { writes, details: { channel: "email", method: "email", consentIds, purposes } };
  };
}
