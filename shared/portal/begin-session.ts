import type { AuditValue, Journal, Write } from "../audit/journal.ts";
import type { AlertStatus, Tier } from "../domain/words.ts";
import { withDevice } from "./devices.ts";
import { SESSION_LENGTH_MS } from "./limits.ts";
import { holdMisses, type LiveLink, proofEvent } from "./live-link.ts";
import type { KeyedHash, MessageStore, PortalStore } from "./ports.ts";
import type { PortalSession, RememberedDevice } from "./records.ts";
import { deviceKey, sessionKey } from "./secrets.ts";

const COOKIE_BYTES = 32;
/** States of an alert that reached, or may have reached, a phone. */
const UNDERWAY: readonly AlertStatus[] = ["sending", "unknown", "sent", "delivered"];

/** Whose device the patient says that it is; null where nothing was said. */
export type DeviceChoice = "own" | "shared" | null;

/** What making sessions needs. */
export interface SessionPorts {
  readonly portal: PortalStore;
  readonly proofMac: KeyedHash;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** What a proof turned out to be worth. */
export interface Proven {
  /** The highest tier that it covers. */
  readonly tier: Tier;
  /** The date of birth or PIN is right, now or lately. */
  readonly birthDateProven: boolean;
  /** What was stated of the two; null where neither had to be. */
  readonly secret: "birthDate" | "pin" | null;
  /** The code was stated, and right. */
  readonly codeRight: boolean;
  readonly deviceChoice: DeviceChoice;
  /** When the session began that this steps up: its hour goes on; null for one of its own. */
  readonly beganAt: string | null;
  readonly requestId: string;
}

/** An open session; undefined where somebody else was faster. */
export type Opened =
  | {
      readonly kind: "opened";
      readonly sessionCookie: string;
      /** A new device's cookie; `forget`: the browser drops the one that it has; null: all stays. */
      readonly deviceCookie: string | "forget" | null;
    }
  | undefined;

function newCookie({ randomBytes }: SessionPorts): string {
  return Buffer.from(randomBytes(COOKIE_BYTES)).toString("base64url");
}

/** A session's cookie, and the write that stores the session under its keyed hash. */
export async function newSession(
  ports: SessionPorts,
  { link, session, pinSince }: LiveLink,
  {
    lifetimeMs,
    at,
    beganAt,
    ...made
  }: Pick<PortalSession, "stage" | "tier" | "birthDateProven" | "deviceHash"> & {
    /** From when it began. */
    readonly lifetimeMs: number;
    readonly at: Date;
    /** Null: now. */
    readonly beganAt: string | null;
  },
): Promise<{ readonly cookie: string; readonly write: Write }> {
  const cookie = newCookie(ports);
  const createdAt = beganAt ?? at.toISOString();
  const write = ports.portal.addSession(
    {
      ...made,
      hash: await sessionKey(ports.proofMac, cookie),
      patientId: link.patientId,
      threadId: link.threadId,
      linkLookup: link.lookup,
      createdAt,
      lastSeenAt: at.toISOString(),
      pinSince,
      written: session?.written ?? [],
      uploads: session?.uploads ?? [],
    },
    new Date(Date.parse(createdAt) + lifetimeMs),
  );
  return { cookie, write };
}

/** What becomes of the browser as a remembered device. */
interface DeviceFate {
  readonly deviceHash: string | null;
  readonly cookie: string | "forget" | null;
  readonly writes: readonly Write[];
  /** For the entry. */
  readonly says: "remembered" | "known" | "forgotten" | null;
}

/** Only a code makes a device one that needs none: what stands for the code must have had it once. */
async function deviceFate(
  ports: SessionPorts,
  { link, devices, device, remembered }: LiveLink,
  { codeRight, deviceChoice }: Proven,
  at: Date,
): Promise<DeviceFate> {
  const others = devices.filter(({ hash }) => hash !== device?.hash);
  const keep = (kept: readonly RememberedDevice[]) => [
    ports.portal.setDevices(link.patientId, remembered, kept, at),
  ];
  const time = at.toISOString();
  if (deviceChoice === "own" && codeRight) {
    const cookie = newCookie(ports);
    const hash = await deviceKey(ports.proofMac, cookie);
    const writes = keep(withDevice(others, { hash, createdAt: time, lastUsedAt: time }));
    return { deviceHash: hash, cookie, writes, says: "remembered" };
  }
  if (deviceChoice === "shared") {
    const says = device === undefined ? null : "forgotten";
    return { deviceHash: null, cookie: "forget", writes: device === undefined ? [] : keep(others), says };
  }
  if (device === undefined) return { deviceHash: null, cookie: null, writes: [], says: null };
  const used = devices.map((one) => (one.hash === device.hash ? { ...one, lastUsedAt: time } : one));
  return { deviceHash: device.hash, cookie: null, writes: keep(used), says: "known" };
}

/**
 * Opens a session, with everything that goes with it in one transaction: the code is spent, the waiting
 * proof and an open session that it steps up from end, the device is remembered, known or forgotten. Only
 * a session that may show everything of the thread counts as its alert opened: of what it does not show,
 * the patient is still to be reminded.
 */
export async function beginSession(
  ports: SessionPorts & { readonly journal: Journal; readonly messages: MessageStore },
  live: LiveLink,
  proven: Proven,
  at: Date,
): Promise<Opened> {
  const { portal, messages, journal } = ports;
  const { thread, alert, pending, session } = live;
  const { tier, birthDateProven, secret, codeRight, beganAt } = proven;
  const fate = await deviceFate(ports, live, proven, at);
  const opened = await newSession(ports, live, {
    stage: "open",
    tier,
    birthDateProven,
    deviceHash: fate.deviceHash,
    lifetimeMs: SESSION_LENGTH_MS,
    at,
    beganAt,
  });
  const showsAll = tier >= thread.highestTier;
  const details: Readonly<Record<string, AuditValue>> = {
    tier,
    secret,
    code: codeRight,
    device: fate.says,
    ...(session === undefined ? {} : { from: session.tier }),
  };
  const outcome = await journal.commit(
    proofEvent("session.opened", live, proven.requestId, details),
    [
      ...holdMisses(portal, live, codeRight ? { codeMac: null, codeExpiresAt: null } : {}),
      opened.write,
      ...(pending === undefined ? [] : [portal.endSession(pending.hash)]),
      ...(session === undefined ? [] : [portal.endSession(session.hash)]),
      ...fate.writes,
      ...(showsAll && alert !== undefined && UNDERWAY.includes(alert.status)
        ? [messages.moveAlert(alert, UNDERWAY, { status: "opened", reason: null, dueAt: null })]
        : []),
      // What nudges look at: the thread was read, by whichever of its links.
      ...(showsAll ? [messages.markRead(thread.patientId, thread.id, at.toISOString())] : []),
    ],
    live.head,
  );
  if (outcome.kind === "conflict") return undefined;
  return { kind: "opened", sessionCookie: opened.cookie, deviceCookie: fate.cookie };
}
