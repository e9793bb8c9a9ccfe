import { readStates } from "../consent/states.ts";
import { revokeAll } from "../consent/stop.ts";
import { DECOYS } from "./decoys.ts";
import { claimLink } from "./link-claim.ts";
import type { StopTextsPorts } from "./stop-texts.ts";

/** A one-click request of a mail client or of its user (RFC 8058): the link is all that it has. */
export interface UnsubscribeRequest {
  readonly token: string;
  readonly requestId: string;
}

const RACES_MAX = 10;

/**
 * Ends the e-mail consents of the patient whose link `token` is, where it went out in an e-mail: whoever
 * holds a text with a link has proved nothing about the mailbox. A link that is over, dead or revoked
 * still unsubscribes: mails are found long after their links are over. One that went to an address
 * which the patient has no more ends nothing of the present address. Tells nobody what came of it.
 */
export function createUnsubscribe(ports: StopTextsPorts) {
  const { read, journal, messages, consents, linkKeys, now } = ports;

  return async ({ token, requestId }: UnsubscribeRequest): Promise<void> => {
    const { lookup } = await claimLink(token, linkKeys);
    const [link] = await read(messages.link(lookup));
    const patientId = link?.patientId ?? DECOYS.patient;
    const actor = `patient:${patientId}`;
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [[grounds, head], states] = await Promise.all([
        read(
          consents.entry(patientId, link?.consentId ?? DECOYS.consent),
          journal.head({ patientId, actor }),
        ),
        readStates(read, consents, patientId, ["email"]),
      ]);
      // A link rests on the consent for the channel that it went out by.
      if (link === undefined || grounds?.channel !== "email") return;
      const concerned = states.filter(({ contactId }) => contactId === grounds.contactId);
      const { consentIds, writes } = await revokeAll(ports, patientId, concerned, {
        channel: "email",
        method: "email",
        evidence: null,
        recordedBy: actor,
        language: link.language,
        at: now(),
      });
      if (consentIds.length === 0) return;
      const outcome = await journal.commit(
        {
          action: "consent.revoked",
          actor,
          role: "patient",
          patientId,
          details: { channel: "email", method: "email", consentIds, alertId: link.alertId },
          requestId,
        },
        writes,
        head ?? null,
      );
      if (outcome.kind === "committed") return;
    }
    throw new Error("the consents stayed contended; nothing was revoked");
  };
}

/** Ends a patient's e-mails. */
export type Unsubscribe = ReturnType<typeof createUnsubscribe>;
