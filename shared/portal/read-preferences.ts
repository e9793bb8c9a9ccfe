import type { Write } from "../audit/journal.ts";
import { isDisowned, type PatientPreferences } from "../consent/preferences.ts";
import type { ConsentRecord, ConsentState } from "../consent/records.ts";
import { readStates } from "../consent/states.ts";
import type { StopPorts } from "../consent/stop.ts";
import { CHANNELS, type Channel, type Language, PURPOSES, type Purpose } from "../domain/words.ts";
import { ALL_LINKS } from "../messaging/records.ts";
import { standingDevices } from "./devices.ts";
import { TOUCH_INTERVAL_MS } from "./limits.ts";
import { hasPin } from "./pin-verifier.ts";
import type { ConsentStates, PortalPorts } from "./ports.ts";
import type { PortalSession } from "./records.ts";
import { openSession, type SessionRequest, type StandingSession } from "./standing-session.ts";

/** What stands in the ledger for one purpose and channel; `none`: nothing that holds for the contact of today. */
export type ShownDecision = "granted" | "revoked" | "none";

/** A purpose that a patient may be written to about, and how. */
export interface ConsentChoice {
  readonly purpose: Purpose;
  readonly channel: Channel;
}

/** What patients decide for themselves, as they see it. */
export interface ShownPreferences {
  readonly language: Language;
  /** Every purpose, in the order of {@link PURPOSES}. */
  readonly purposes: readonly {
    readonly purpose: Purpose;
    readonly sms: ShownDecision;
    readonly email: ShownDecision;
  }[];
  /** A number is known for which texts may be agreed to here. */
  readonly canText: boolean;
  /** The same of an e-mail address. */
  readonly canEmail: boolean;
  /** Local clock times `HH:MM` between which no text comes; null: only the practice's own hours hold. */
  readonly quietHours: { readonly from: string; readonly to: string } | null;
  readonly hasPin: boolean;
  readonly devices: readonly {
    readonly id: string;
    /** ISO 8601 UTC. */
    readonly createdAt: string;
    readonly lastUsedAt: string;
    /** The one that this session is open on. */
    readonly current: boolean;
  }[];
  /** IANA name. */
  readonly timeZone: string;
}

/**
 * Why a wish was not granted. `contact`: nothing is known that texts or e-mails could be agreed to for;
 * `quiet-hours`: no hours, or such that leave less than two hours of a day.
 */
export type PreferencesProblem = "acknowledgements" | "contact" | "quiet-hours";

/** `unproven`: the link alone opened the session, and who only holds it decides nothing for the patient. */
export type PreferencesOutcome =
  | { readonly kind: "ended" }
  | { readonly kind: "unproven" }
  | { readonly kind: "shown"; readonly preferences: ShownPreferences };

/** What preferences need besides what all of the portal needs. */
export interface PreferencesPorts extends PortalPorts, StopPorts {
  readonly consents: StopPorts["consents"] &
    ConsentStates & {
      setPreferences(patientId: string, preferences: PatientPreferences): Write;
    };
  /** IANA name; holds until the practice sets its own. */
  readonly practiceTimeZone: string;
}

/** What patients decided, and what they can be reached at. */
export interface Wishes {
  readonly states: readonly ConsentState[];
  readonly preferences: PatientPreferences | undefined;
  /** Opaque names of what can be agreed to for; null: nothing. */
  readonly contacts: Readonly<Record<Channel, string | null>>;
}

/** Reads what the patient of a session decided. */
export async function readWishes(
  { read, consents }: Pick<PreferencesPorts, "read" | "consents">,
  { session, link }: StandingSession,
): Promise<Wishes> {
  const { patientId } = session;
  const [[preferences, grounds], states] = await Promise.all([
    read(consents.preferences(patientId), consents.entry(patientId, link.consentId)),
    readStates(read, consents, patientId),
  ]);
  const contactFor = (channel: Channel) => contactOf(channel, states, grounds, preferences);
  return { states, preferences, contacts: { sms: contactFor("sms"), email: contactFor("email") } };
}

/**
 * The number or address that can be agreed to for in the portal, which sees no contact details: the one
 * that the link went to, since links end with a change of number; else what the ledger last knew. None
 * where somebody said that it is not the patient's. After a STOP by text only START or the practice
 * brings texts again, for the number itself takes none.
 */
function contactOf(
  channel: Channel,
  states: readonly ConsentState[],
  grounds: Pick<ConsentRecord, "channel" | "contactId"> | undefined,
  preferences: PatientPreferences | undefined,
): string | null {
  const own = states.filter((state) => state.channel === channel);
  if (own.some(({ decision, ended }) => decision === "revoked" && ended !== null)) return null;
  const last = own
    .filter(({ contactId }) => contactId !== null)
    .toSorted((one, other) => (one.since < other.since ? -1 : 1))
    .at(-1);
  const known = (grounds?.channel === channel ? grounds.contactId : null) ?? last?.contactId ?? null;
  return isDisowned(known, channel, preferences) ? null : known;
}

/** What holds of a choice as its patient sees it. */
export function decisionOn({ purpose, channel }: ConsentChoice, { states, contacts }: Wishes): ShownDecision {
  const state = states.find((one) => one.purpose === purpose && one.channel === channel);
  if (state === undefined || state.decision === "revoked") return state?.decision ?? "none";
  const contactId = contacts[channel];
  return contactId === null || contactId === state.contactId ? "granted" : "none";
}

/** Notes the use of a session, at most once a minute. */
export function touchWrites(
  { portal }: Pick<PortalPorts, "portal">,
  session: PortalSession,
  at: Date,
): readonly Write[] {
  const stale = at.getTime() - Date.parse(session.lastSeenAt) >= TOUCH_INTERVAL_MS;
  return stale ? [portal.touchSession(session.hash, at.toISOString())] : [];
}

/** Shows the patient of an open session what holds; that it was shown is on record first. */
export function createReadPreferences(ports: PreferencesPorts) {
  const { read, journal, messages, portal, practice, verifiers, now } = ports;

  return async ({ token, cookie, requestId }: SessionRequest): Promise<PreferencesOutcome> => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return { kind: "ended" };
    const { session, link, head } = standing;
    if (!session.birthDateProven) return { kind: "unproven" };
    const { patientId } = session;
    const recorded = await journal.commit(
      {
        action: "preferences.read",
        actor: `patient:${patientId}`,
        role: "patient",
        patientId,
        details: { threadId: session.threadId, alertId: link.alertId },
        requestId,
      },
      touchWrites(ports, session, now()),
      head,
    );
    if (recorded.kind === "conflict") return { kind: "ended" };
    const [wishes, [pin, remembered, settings, marks, practiceMark, verifier]] = await Promise.all([
      readWishes(ports, standing),
      read(
        verifiers.pinVerifier(patientId),
        portal.devices(patientId),
        practice.settings(),
        messages.marks(patientId),
        messages.linksMark(ALL_LINKS),
        verifiers.birthDateVerifier(patientId),
      ),
    ]);
    const devices = standingDevices(remembered, { marks, practiceMark, verifier }, now());
    const { preferences, contacts } = wishes;
    const on = (purpose: Purpose) =>
      Object.fromEntries(
        CHANNELS.map((channel) => [channel, decisionOn({ purpose, channel }, wishes)]),
      ) as Record<Channel, ShownDecision>;
    return {
      kind: "shown",
      preferences: {
        language: preferences?.language ?? link.language,
        purposes: PURPOSES.map((purpose) => ({ purpose, ...on(purpose) })),
        canText: contacts.sms !== null,
        canEmail: contacts.email !== null,
        quietHours: preferences?.quietHours ?? null,
        hasPin: hasPin(pin),
        devices: devices.map(({ hash, createdAt, lastUsedAt }) => ({
          id: hash,
          createdAt,
          lastUsedAt,
          current: hash === session.deviceHash,
        })),
        timeZone: settings?.timeZone ?? ports.practiceTimeZone,
      },
    };
  };
}

/** Shows preferences. */
export type ReadPreferences = ReturnType<typeof createReadPreferences>;
