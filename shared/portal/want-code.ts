import type { Journal } from "../audit/journal.ts";
import { newestTemplateName } from "../domain/alerts/template-names.ts";
import type { Language } from "../domain/words.ts";
import { NOT_AN_ANSWER } from "../messaging/new-alert.ts";
import type { AlertRecord } from "../messaging/records.ts";
import { newSession, type SessionPorts } from "./begin-session.ts";
import {
  CODE_DUE_MS,
  CODE_INTERVAL_MS,
  CODE_LIFETIME_MS,
  CODE_WINDOW_MS,
  CODES_MAX,
  PENDING_PROOF_MS,
} from "./limits.ts";
import { codeInForce, holdMisses, type LiveLink, proofEvent } from "./live-link.ts";
import type { MessageStore, UrgentQueue } from "./ports.ts";
import type { CodeRequests } from "./records.ts";

/** What asking for a code needs. */
export interface WantCodePorts extends SessionPorts {
  readonly journal: Journal;
  readonly messages: MessageStore;
  readonly urgentQueue: UrgentQueue;
  readonly newAlertId: (now: Date) => string;
  /** Told when a request did not reach the queue; `remind` sends it later from the due index. */
  readonly onRequestLost: (error: unknown) => void;
}

/**
 * What is known of a code where one is wanted. `asked`: it is on its way; `sent`: none is sent now, since one was a
 * moment ago or still holds; `spent`: nor will one be within the hour; `wrong`: one was stated and is not right.
 */
export type CodeState = "asked" | "sent" | "spent" | "wrong";

/** A code is wanted; undefined where somebody else was faster. */
type CodeWanted =
  | {
      readonly kind: "code-wanted";
      /** For the browser to keep; null when it has one that still holds. */
      readonly pendingCookie: string | null;
      readonly code: CodeState;
      readonly language: Language;
    }
  | undefined;

/**
 * Asks for the code of a link whose date of birth or PIN was right, and requests one by ids alone: not
 * while one is in force, unless the patient asks, and never more than {@link CODES_MAX} an hour, over
 * one link or over all of the patient's.
 */
export async function wantCode(
  ports: WantCodePorts,
  live: LiveLink,
  { newCode, requestId }: { readonly newCode: boolean; readonly requestId: string },
  at: Date,
): Promise<CodeWanted> {
  const { journal, messages, portal } = ports;
  const { link, thread, codeRequests, codesForPatient, pending } = live;
  const recent = recentOf(codeRequests, at);
  const ofPatient = recentOf(codesForPatient, at);
  const last = recent.at(-1);
  const isSpent = Math.max(recent.length, ofPatient.length) >= CODES_MAX;
  const throttled = isSpent || (last !== undefined && at.getTime() - Date.parse(last) < CODE_INTERVAL_MS);
  const wanted = newCode || !codeInForce(link, at);
  const alert = wanted && !throttled ? codeAlert(live, ports.newAlertId(at), at) : undefined;
  const unasked = wanted && isSpent ? "spent" : "sent";
  const code = alert === undefined ? unasked : "asked";
  const { language } = link;
  if (alert === undefined && pending !== undefined) {
    return { kind: "code-wanted", pendingCookie: null, code, language };
  }
  const waiting =
    pending === undefined
      ? await newSession(ports, live, {
          stage: "birthDate",
          tier: 1,
          birthDateProven: true,
          deviceHash: null,
          lifetimeMs: PENDING_PROOF_MS,
          at,
          beganAt: null,
        })
      : undefined;
  const outcome = await journal.commit(
    alert === undefined
      ? proofEvent("proof.passed", live, requestId, { step: "birthDate" })
      : proofEvent("code.requested", live, requestId, { codeAlertId: alert.id, tier: thread.highestTier }),
    [
      ...holdMisses(portal, live),
      ...(waiting === undefined ? [] : [waiting.write]),
      ...(alert === undefined
        ? []
        : [
            ...messages.addAlert(alert),
            portal.setCodeRequests(link.lookup, codeRequests, [...recent, at.toISOString()]),
            portal.setCodesFor(link.patientId, codesForPatient, [...ofPatient, at.toISOString()]),
          ]),
    ],
    live.head,
  );
  if (outcome.kind === "conflict") return undefined;
  if (alert !== undefined) {
    try {
      const { patientId, id } = alert;
      await ports.urgentQueue.request({ kind: "code", patientId, alertId: id });
    } catch (error) {
      ports.onRequestLost(error);
    }
  }
  return { kind: "code-wanted", pendingCookie: waiting?.cookie ?? null, code, language };
}

/** When codes were asked for within the last hour, oldest first. */
function recentOf(requests: CodeRequests | undefined, at: Date): readonly string[] {
  return (requests?.requestedAt ?? []).filter((time) => at.getTime() - Date.parse(time) < CODE_WINDOW_MS);
}

function codeAlert({ link, thread }: LiveLink, id: string, at: Date): AlertRecord {
  const after = (ms: number) => new Date(at.getTime() + ms).toISOString();
  return {
    id,
    patientId: link.patientId,
    kind: "code",
    messageId: link.messageId,
    threadId: link.threadId,
    purpose: link.purpose,
    sender: link.sender,
    channel: "sms",
    status: "queued",
    reason: null,
    template: newestTemplateName("code"),
    language: link.language,
    tier: thread.highestTier,
    consentId: link.consentId,
    queue: "urgent",
    createdAt: at.toISOString(),
    expiresAt: after(CODE_LIFETIME_MS),
    linkLookup: link.lookup,
    claimedAt: null,
    sentAt: null,
    providerMessageId: null,
    dueAt: after(CODE_DUE_MS),
    ...NOT_AN_ANSWER,
  };
}
