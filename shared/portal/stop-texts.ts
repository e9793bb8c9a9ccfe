import { readStates } from "../consent/states.ts";
import { refuseAll, revokeAll, type StopPorts } from "../consent/stop.ts";
import { PURPOSES } from "../domain/words.ts";
import type { ConsentStates, PortalPorts } from "./ports.ts";
import { openSession } from "./standing-session.ts";

/** A patient's wish, in an open session, to get no more texts. */
export interface StopTextsRequest {
  readonly token: string;
  readonly cookie: string | null;
  readonly requestId: string;
}

/** What stopping needs besides what all of the portal needs. */
export type StopTextsPorts = PortalPorts & StopPorts & { readonly consents: ConsentStates };

const RACES_MAX = 10;

/**
 * Ends every consent to texts of the patient whose session is open (47 CFR 64.1200(a)(10): any
 * reasonable means); `ended` where there is no such session. The ledger says no to every other purpose
 * too: the portal cannot see whether the patient's number is being asked about one, and such a question
 * must not leave any more. Asking again in the same session changes nothing.
 */
export function createStopTexts(ports: StopTextsPorts) {
  const { read, journal, consents, now } = ports;

  return async ({ token, cookie, requestId }: StopTextsRequest): Promise<"stopped" | "ended"> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const standing = await openSession(ports, token, cookie);
      if (standing === undefined) return "ended";
      const { session, link, head } = standing;
      const { patientId } = session;
      const actor = `patient:${patientId}`;
      const states = await readStates(read, consents, patientId, ["sms"]);
      const asked = {
        channel: "sms",
        method: "portal",
        evidence: null,
        recordedBy: actor,
        language: link.language,
        at: now(),
      } as const;
      const saidAlready = states
        .filter(({ decision, since }) => decision === "revoked" && since >= session.createdAt)
        .map(({ purpose }) => purpose);
      const ended = await revokeAll(ports, patientId, states, asked);
      const others = PURPOSES.filter(
        (purpose) => !ended.purposes.includes(purpose) && !saidAlready.includes(purpose),
      );
      const refused = await refuseAll(ports, patientId, others, states, { ...asked, contactId: null });
      const consentIds = [...ended.consentIds, ...refused.consentIds];
      if (consentIds.length === 0) return "stopped";
      const outcome = await journal.commit(
        {
          action: "consent.revoked",
          actor,
          role: "patient",
          patientId,
          details: {
            channel: "sms",
            method: "portal",
            consentIds,
            threadId: session.threadId,
            messageId: link.messageId,
          },
          requestId,
        },
        [...ended.writes, ...refused.writes],
        head,
      );
      if (outcome.kind === "committed") return "stopped";
    }
    throw new Error("the consents stayed contended; nothing was revoked");
  };
}

/** Ends a patient's texts. */
export type StopTexts = ReturnType<typeof createStopTexts>;
