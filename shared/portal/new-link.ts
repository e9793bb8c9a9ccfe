import { NUDGE_SECONDS } from "../alerting/times.ts";
import type { Lookup, Write } from "../audit/journal.ts";
import { languageFor } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import { emailTemplateFor, emailTemplateName } from "../domain/alerts/email.ts";
import type { Language } from "../domain/words.ts";
import { endSteps } from "../messaging/end-steps.ts";
import { newMessageAlert } from "../messaging/new-alert.ts";
import type { AlertRecord, LinkRecord, MessageRecord } from "../messaging/records.ts";
import { DECOYS } from "./decoys.ts";
import { killSwitchesOf, killSwitchLookups } from "./kill-switches.ts";
import {
  DAILY_MISSES_MAX,
  LINK_ONLY_ANSWER_MS,
  NEW_LINK_AFTER_MS,
  NEW_LINK_DAY_MS,
  NEW_LINK_WINDOW_MS,
  NEW_LINKS_A_DAY_MAX,
  NEW_LINKS_MAX,
} from "./limits.ts";
import { claimLink } from "./link-claim.ts";
import { isRevoked, type KillSwitches } from "./link-state.ts";
import type { ConsentStates, PortalPorts, UrgentQueue } from "./ports.ts";
import type { DailyMisses, NewLinkRequests } from "./records.ts";

/** A wish for a new link; an older link is all that whoever asks has. */
export interface NewLinkRequest {
  readonly token: string;
  readonly requestId: string;
}

/** What asking for a new link needs. */
export interface NewLinkPorts extends PortalPorts {
  readonly messages: PortalPorts["messages"] & {
    message(patientId: string, id: string): Lookup<MessageRecord>;
    /** Makes an alert the one that the message's state speaks of. */
    pointToAlert(message: MessageRecord, alertId: string): Write;
  };
  readonly consents: ConsentStates;
  readonly urgentQueue: UrgentQueue;
  readonly newAlertId: (now: Date) => string;
  /** Told when a request did not reach the queue; `remind` sends it later from the due index. */
  readonly onRequestLost: (error: unknown) => void;
  readonly waitUntil: (atMs: number) => Promise<void>;
}

/** Everything that is known of an authentic link whose bearer asks for another one. */
interface Asked extends KillSwitches {
  readonly link: LinkRecord;
  readonly message: MessageRecord | undefined;
  readonly dailyMisses: DailyMisses | undefined;
  readonly overLink: NewLinkRequests | undefined;
  readonly forPatient: NewLinkRequests | undefined;
  /** For texts and for e-mails. */
  readonly consents: readonly (ConsentState | undefined)[];
  readonly at: Date;
}

const RACES_MAX = 10;
/** No try begins later, so that the wait covers the last one as well. */
const LAST_TRY_MS = LINK_ONLY_ANSWER_MS / 2;

/**
 * Asks for a new link to the contact on file, in an older one's place: an authentic link that is over,
 * superseded or dead of wrong proofs still does, one that was revoked or went to an older number does not.
 * At most three an hour over one link and for one patient, six a day for one patient, none over a link that
 * ended more than seven days ago, and none once the patient's wrong proofs of the day are used up. Whether
 * consent, number and the rest allow it, `send-alert` judges as for every alert.
 *
 * Tells nobody what came of it: the same reads for every token, and no answer before a time in which what is
 * done for an authentic one is done as well. Returns whether something was asked for, for counting.
 */
export function createRequestNewLink(ports: NewLinkPorts) {
  const { read, journal, messages, portal, consents, now } = ports;

  /** One look at everything and one decision; undefined when somebody else was faster. */
  async function attempt(lookup: string, requestId: string): Promise<boolean | undefined> {
    const at = now();
    const [link, overLink] = await read(messages.link(lookup), portal.linksAskedOver(lookup));
    const patientId = link?.patientId ?? DECOYS.patient;
    const purpose = link?.purpose ?? "portal";
    const [message, dailyMisses, forPatient, bySms, byEmail, preferences, head, ...found] = await read(
      messages.message(patientId, link?.messageId ?? DECOYS.message),
      portal.dailyMisses(patientId, at.toISOString().slice(0, 10)),
      portal.linksAskedFor(patientId),
      consents.state(patientId, purpose, "sms"),
      consents.state(patientId, purpose, "email"),
      consents.preferences(patientId),
      journal.head({ patientId, actor: `patient:${patientId}` }),
      ...killSwitchLookups(ports, patientId, link),
    );
    const [replaced] = await read(messages.alert(patientId, message?.alertId ?? DECOYS.alert));
    if (link === undefined || message === undefined) return false;
    const consent = groundsFor({
      link,
      message,
      ...killSwitchesOf(found),
      dailyMisses,
      overLink,
      forPatient,
      consents: [bySms, byEmail],
      at,
    });
    if (consent === undefined) return false;
    const alert = newLinkAlert(ports.newAlertId(at), message, languageFor(link, preferences), consent, at);
    const outcome = await journal.commit(
      {
        action: "alert.requested",
        actor: `patient:${patientId}`,
        role: "patient",
        patientId,
        purpose,
        // Whoever asks has shown a link and nothing else.
        details: { messageId: message.id, alertId: alert.id, linkAlertId: link.alertId },
        requestId,
      },
      [
        ...messages.addAlert(alert),
        messages.pointToAlert(message, alert.id),
        ...(replaced === undefined ? [] : [endSteps(messages, replaced, alert.id)]),
        portal.setLinksAskedOver(lookup, overLink, withThis(overLink, at)),
        portal.setLinksAskedFor(patientId, forPatient, withThis(forPatient, at)),
      ],
      head ?? null,
    );
    if (outcome.kind === "conflict") return undefined;
    try {
      await ports.urgentQueue.request({ kind: "message", patientId, alertId: alert.id });
    } catch (error) {
      ports.onRequestLost(error);
    }
    return true;
  }

  async function ask({ token, requestId }: NewLinkRequest, lastTryAtMs: number): Promise<boolean> {
    const { lookup } = await claimLink(token, ports.linkKeys);
    for (let race = 0; race < RACES_MAX; race += 1) {
      const asked = await attempt(lookup, requestId);
      if (asked !== undefined) return asked;
      // Who loses to another request for the same link has it; a race must not outlast the wait.
      if (now().getTime() > lastTryAtMs) break;
    }
    return false;
  }

  return async (request: NewLinkRequest): Promise<boolean> => {
    const startMs = now().getTime();
    const answerAtMs = startMs + LINK_ONLY_ANSWER_MS;
    const asked = await ask(request, startMs + LAST_TRY_MS);
    await ports.waitUntil(answerAtMs);
    return asked;
  };
}

/** Asks for a new link. */
export type RequestNewLink = ReturnType<typeof createRequestNewLink>;

/** The consent that a new link would rest on; undefined where none may be asked for. */
function groundsFor(asked: Asked): ConsentState | undefined {
  const { link, message, dailyMisses, overLink, forPatient, at } = asked;
  if (message === undefined || message.revokedAt !== null || isRevoked(link, asked)) return undefined;
  if (message.expiresAt !== null && Date.parse(message.expiresAt) <= at.getTime()) return undefined;
  if ((dailyMisses?.count ?? 0) >= DAILY_MISSES_MAX) return undefined;
  if (at.getTime() - Date.parse(link.diedAt ?? link.expiresAt) > NEW_LINK_AFTER_MS) return undefined;
  if (
    within(NEW_LINK_DAY_MS, forPatient, at).length >= NEW_LINKS_A_DAY_MAX ||
    [overLink, forPatient].some(
      (requests) => within(NEW_LINK_WINDOW_MS, requests, at).length >= NEW_LINKS_MAX,
    )
  ) {
    return undefined;
  }
  return asked.consents.find((state) => state?.decision === "granted");
}

/** When links were asked for lately, oldest first. */
function within(spanMs: number, requests: NewLinkRequests | undefined, at: Date): readonly string[] {
  return (requests?.requestedAt ?? []).filter((time) => at.getTime() - Date.parse(time) < spanMs);
}

function withThis(requests: NewLinkRequests | undefined, at: Date): readonly string[] {
  return [...within(NEW_LINK_DAY_MS, requests, at), at.toISOString()];
}

/** An alert about the link's message that somebody waits for, by text where that may be, else by e-mail. */
function newLinkAlert(
  id: string,
  message: MessageRecord,
  language: Language,
  consent: ConsentState,
  at: Date,
): AlertRecord {
  const text: AlertRecord = { ...newMessageAlert(id, message, { consent, language, at }), queue: "urgent" };
  if (consent.channel === "sms") return text;
  return {
    ...text,
    channel: "email",
    template: emailTemplateName(emailTemplateFor("message", language)),
    // An e-mail that nobody opens is not repeated; a person calls.
    nudges: NUDGE_SECONDS.length,
  };
}
