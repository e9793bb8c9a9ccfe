import type { AuditEvent, AuditValue, ChainHead, Write } from "../audit/journal.ts";
import { templateFor, templateName } from "../domain/alerts/templates.ts";
import type { AlertStatus } from "../domain/words.ts";
import { NOT_AN_ANSWER } from "../messaging/new-alert.ts";
import type { AlertRecord, LinkRecord, PatientMarks, ThreadRecord } from "../messaging/records.ts";
import type { Switches } from "../practice/records.ts";
import { type Answer, decideProof, type ProofStep } from "./decide-proof.ts";
import {
  CODE_DUE_MS,
  CODE_INTERVAL_MS,
  CODE_LIFETIME_MS,
  CODE_WINDOW_MS,
  CODES_MAX,
  DAILY_MISSES_MAX,
  LINK_MISSES_MAX,
  PENDING_PROOF_MS,
  SESSION_LENGTH_MS,
} from "./limits.ts";
import { claimLink } from "./link-claim.ts";
import { linkStands } from "./link-state.ts";
import type { PortalPorts, UrgentQueue } from "./ports.ts";
import type { CodeRequests, DailyMisses, PortalSession } from "./records.ts";
import { sameBytes, sessionKey } from "./secrets.ts";

const RACES_MAX = 10;
const MAC_BYTES = 32;
const COOKIE_BYTES = 32;
/** Never given out, so that unknown links cost the same reads as known ones. */
const DECOY_PATIENT = "pat_00000000000000000000000000";
const DECOY_THREAD = "thr_00000000000000000000000000";
const DECOY_MESSAGE = "msg_00000000000000000000000000";
const DECOY_ALERT = "alr_00000000000000000000000000";
const DECOY_ANSWER = "0";
const DECOY_SALT = new Uint8Array(16);
const DECOY_MAC = new Uint8Array(MAC_BYTES);
/** States of an alert that reached, or may have reached, a phone. */
const UNDERWAY: readonly AlertStatus[] = ["sending", "unknown", "sent", "delivered"];

/** One part of a proof as it was stated; `value` is null when it cannot be right. */
export interface Stated {
  readonly value: string | null;
}

/** A proof as it arrives. */
export interface Proof {
  readonly token: string;
  /** YYYY-MM-DD; null when the form said nothing. */
  readonly birthDate: Stated | null;
  /** Six digits; null when the form said nothing. */
  readonly code: Stated | null;
  /** The patient asks for another code. */
  readonly newCode: boolean;
  /** The cookie of an earlier right date of birth. */
  readonly pendingCookie: string | null;
  readonly requestId: string;
}

/** What became of a proof. Every reason to refuse looks the same. */
export type ProofOutcome =
  | { readonly kind: "refused"; readonly counted: boolean }
  | {
      readonly kind: "code-wanted";
      /** For the browser to keep; null when it has one that still holds. */
      readonly pendingCookie: string | null;
      /** A code was stated and was not right. */
      readonly wrongCode: boolean;
    }
  | { readonly kind: "opened"; readonly sessionCookie: string };

/** What proving needs besides what all of the portal needs. */
export interface ProvePorts extends PortalPorts {
  readonly urgentQueue: UrgentQueue;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly newAlertId: (now: Date) => string;
  /** Told when a request did not reach the queue; `remind` sends it later from the due index. */
  readonly onRequestLost: (error: unknown) => void;
}

/** What is worked out of a proof once, whatever races follow. */
interface Claimed {
  readonly lookup: string;
  readonly pendingKey: string;
  readonly codeMac: Uint8Array | null;
}

/** A live link with everything read about it. */
interface Standing {
  readonly link: LinkRecord;
  readonly thread: ThreadRecord;
  readonly alert: AlertRecord | undefined;
  readonly head: ChainHead | null;
  readonly day: string;
  readonly dailyMisses: DailyMisses | undefined;
  readonly codeRequests: CodeRequests | undefined;
  /** The earlier right date of birth of this browser, while it holds. */
  readonly pending: PortalSession | undefined;
}

/**
 * Checks proofs. A guess and its count are one conditional transaction, and so is a right answer:
 * both hold only while the misses are as they were read, so guesses sent at once are worth no more
 * than guesses sent one after another. Throws, and has revealed nothing, when a store fails.
 */
export function createProve(ports: ProvePorts) {
  const { read, journal, messages, portal, practice, verifiers, linkMac, proofMac, now } = ports;

  function event(
    action: string,
    { link }: Standing,
    requestId: string,
    details: Readonly<Record<string, AuditValue>>,
  ): AuditEvent {
    return {
      action,
      actor: `patient:${link.patientId}`,
      role: "patient",
      patientId: link.patientId,
      purpose: link.purpose,
      details: {
        messageId: link.messageId,
        threadId: link.threadId,
        alertId: link.alertId,
        ...details,
      },
      requestId,
    };
  }

  /** Makes what was right depend on nobody having guessed in the meantime, on this link or another. */
  function holdMisses(standing: Standing, set: Partial<LinkRecord>): Write[] {
    const { link, day, dailyMisses } = standing;
    return [
      portal.changeSeenLink(link, { misses: link.misses, ...set }),
      portal.setDailyMisses(link.patientId, day, dailyMisses, dailyMisses?.count ?? 0),
    ];
  }

  async function countMiss(standing: Standing, step: ProofStep, proof: Proof, at: Date) {
    const { link, day, dailyMisses, head } = standing;
    const misses = link.misses + 1;
    const dies = misses >= LINK_MISSES_MAX;
    const outcome = await journal.commit(
      event(dies ? "link.died" : "proof.failed", standing, proof.requestId, { step, misses }),
      [
        portal.changeSeenLink(link, { misses, ...(dies ? { diedAt: at.toISOString() } : {}) }),
        portal.setDailyMisses(link.patientId, day, dailyMisses, (dailyMisses?.count ?? 0) + 1),
      ],
      head,
    );
    return { kind: outcome.kind, dies };
  }

  async function newSession(standing: Standing, stage: PortalSession["stage"], at: Date) {
    const { link, thread } = standing;
    const cookie = Buffer.from(ports.randomBytes(COOKIE_BYTES)).toString("base64url");
    const lifetimeMs = stage === "open" ? SESSION_LENGTH_MS : PENDING_PROOF_MS;
    const write = portal.addSession(
      {
        hash: await sessionKey(proofMac, cookie),
        stage,
        patientId: link.patientId,
        threadId: link.threadId,
        linkLookup: link.lookup,
        tier: thread.highestTier,
        createdAt: at.toISOString(),
        lastSeenAt: at.toISOString(),
      },
      new Date(at.getTime() + lifetimeMs),
    );
    return { cookie, write };
  }

  async function wantCode(standing: Standing, proof: Proof, at: Date) {
    const { link, thread, codeRequests, pending } = standing;
    const recent = (codeRequests?.requestedAt ?? []).filter(
      (time) => at.getTime() - Date.parse(time) < CODE_WINDOW_MS,
    );
    const last = recent.at(-1);
    const throttled =
      recent.length >= CODES_MAX ||
      (last !== undefined && at.getTime() - Date.parse(last) < CODE_INTERVAL_MS);
    const wanted = proof.newCode || !codeInForce(link, at);
    const alert = wanted && !throttled ? codeAlert(standing, ports.newAlertId(at), at) : undefined;
    if (alert === undefined && pending !== undefined) {
      return { kind: "code-wanted", pendingCookie: null, wrongCode: false } as const;
    }
    const session = pending === undefined ? await newSession(standing, "birthDate", at) : undefined;
    const writes = [
      ...holdMisses(standing, {}),
      ...(session === undefined ? [] : [session.write]),
      ...(alert === undefined
        ? []
        : [
            ...messages.addAlert(alert),
            portal.setCodeRequests(link.lookup, codeRequests, [...recent, at.toISOString()]),
          ]),
    ];
    const outcome = await journal.commit(
      alert === undefined
        ? event("proof.passed", standing, proof.requestId, { step: "birthDate" })
        : event("code.requested", standing, proof.requestId, {
            codeAlertId: alert.id,
            tier: thread.highestTier,
          }),
      writes,
      standing.head,
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
    return { kind: "code-wanted", pendingCookie: session?.cookie ?? null, wrongCode: false } as const;
  }

  async function openSession(standing: Standing, proof: Proof, at: Date) {
    const { thread, alert, pending } = standing;
    const session = await newSession(standing, "open", at);
    const spent = thread.highestTier === 3 ? { codeMac: null, codeExpiresAt: null } : {};
    const writes = [
      ...holdMisses(standing, spent),
      session.write,
      ...(pending === undefined ? [] : [portal.endSession(pending.hash)]),
      ...(alert !== undefined && UNDERWAY.includes(alert.status)
        ? [messages.moveAlert(alert, UNDERWAY, { status: "opened", reason: null, dueAt: null })]
        : []),
      // What nudges look at: the thread was read, by whichever of its links.
      messages.markRead(thread.patientId, thread.id, at.toISOString()),
    ];
    const outcome = await journal.commit(
      event("session.opened", standing, proof.requestId, { tier: thread.highestTier }),
      writes,
      standing.head,
    );
    if (outcome.kind === "conflict") return undefined;
    return { kind: "opened", sessionCookie: session.cookie } as const;
  }

  /** One look at everything and one decision; undefined when somebody else was faster. */
  async function attempt(
    proof: Proof,
    { lookup, pendingKey, codeMac }: Claimed,
  ): Promise<ProofOutcome | undefined> {
    const at = now();
    const day = at.toISOString().slice(0, 10);
    const [link, earlier, codeRequests] = await read(
      messages.link(lookup),
      portal.session(pendingKey),
      portal.codeRequests(lookup),
    );
    const patientId = link?.patientId ?? DECOY_PATIENT;
    const [thread, marks, revocation, verifier, switches, dailyMisses, alert, head] = await read(
      messages.thread(patientId, link?.threadId ?? DECOY_THREAD),
      messages.marks(patientId),
      messages.revocation(patientId, link?.messageId ?? DECOY_MESSAGE),
      verifiers.birthDateVerifier(patientId),
      practice.switches(),
      portal.dailyMisses(patientId, day),
      messages.alert(patientId, link?.alertId ?? DECOY_ALERT),
      journal.head({ patientId, actor: `patient:${patientId}` }),
    );
    // Computed for every request, so that an unknown link takes as long as a wrong date.
    const birthDateMac = await proofMac(
      "birthDate",
      patientId,
      verifier?.salt ?? DECOY_SALT,
      proof.birthDate?.value ?? DECOY_ANSWER,
    );
    const birthDate = answerOf(proof.birthDate, birthDateMac, verifier?.mac);
    const code = answerOf(
      proof.code,
      codeMac ?? DECOY_MAC,
      link !== undefined && codeInForce(link, at) ? (link.codeMac ?? undefined) : undefined,
    );
    if (
      link === undefined ||
      thread === undefined ||
      !mayOpen({ link, marks, revocation, verifier, switches, dailyMisses, at })
    ) {
      return { kind: "refused", counted: false };
    }
    const pending = earlier !== undefined && isPending(earlier, lookup, at) ? earlier : undefined;
    const standing: Standing = {
      link,
      thread,
      alert,
      head: head ?? null,
      day,
      dailyMisses,
      codeRequests,
      pending,
    };
    const decision = decideProof({
      tier: thread.highestTier,
      birthDate,
      code,
      birthDateProvenBefore: pending !== undefined,
    });
    switch (decision.kind) {
      case "refuse":
        return { kind: "refused", counted: false };
      case "miss": {
        const miss = await countMiss(standing, decision.step, proof, at);
        if (miss.kind === "conflict") return undefined;
        // With both parts stated, saying which one was wrong would be a hint.
        return decision.step === "code" && proof.birthDate === null && !miss.dies
          ? { kind: "code-wanted", pendingCookie: null, wrongCode: true }
          : { kind: "refused", counted: true };
      }
      case "want-code":
        return wantCode(standing, proof, at);
      case "open":
        return openSession(standing, proof, at);
      default:
        return decision satisfies never;
    }
  }

  return async (proof: Proof): Promise<ProofOutcome> => {
    const { lookup } = await claimLink(proof.token, linkMac);
    const codeMac =
      proof.code === null ? null : await linkMac("code", lookup, proof.code.value ?? DECOY_ANSWER);
    const pendingKey = await sessionKey(proofMac, proof.pendingCookie ?? DECOY_ANSWER);
    for (let race = 0; race < RACES_MAX; race += 1) {
      const outcome = await attempt(proof, { lookup, pendingKey, codeMac });
      if (outcome !== undefined) return outcome;
    }
    return { kind: "refused", counted: false };
  };
}

/** Checks a proof. */
export type Prove = ReturnType<typeof createProve>;

function answerOf(stated: Stated | null, mac: Uint8Array, kept: Uint8Array | undefined): Answer {
  const right = sameBytes(mac, kept ?? DECOY_MAC);
  if (stated === null) return "absent";
  return right && kept !== undefined && stated.value !== null ? "right" : "wrong";
}

function codeInForce(link: LinkRecord, at: Date): boolean {
  const { codeMac, codeExpiresAt } = link;
  return codeMac !== null && codeExpiresAt !== null && Date.parse(codeExpiresAt) > at.getTime();
}

function isPending(session: PortalSession, lookup: string, at: Date): boolean {
  return (
    session.stage === "birthDate" &&
    session.linkLookup === lookup &&
    at.getTime() - Date.parse(session.createdAt) < PENDING_PROOF_MS
  );
}

function mayOpen(known: {
  readonly link: LinkRecord;
  readonly marks: PatientMarks | undefined;
  readonly revocation: { readonly before: string } | undefined;
  readonly verifier: { readonly since: string } | undefined;
  readonly switches: Switches | undefined;
  readonly dailyMisses: DailyMisses | undefined;
  readonly at: Date;
}): boolean {
  return (
    linkStands(known.link, known) &&
    Date.parse(known.link.expiresAt) > known.at.getTime() &&
    (known.dailyMisses?.count ?? 0) < DAILY_MISSES_MAX
  );
}

function codeAlert({ link, thread }: Standing, id: string, at: Date): AlertRecord {
  const after = (ms: number) => new Date(at.getTime() + ms).toISOString();
  return {
    id,
    patientId: link.patientId,
    kind: "code",
    messageId: link.messageId,
    threadId: link.threadId,
    purpose: link.purpose,
    channel: "sms",
    status: "queued",
    reason: null,
    template: templateName(templateFor("code", link.language)),
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
