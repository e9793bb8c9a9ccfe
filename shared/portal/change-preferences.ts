import { type PatientPreferences, PREFERENCES_DEFAULT, preferencesDetails } from "../consent/preferences.ts";
import type { ConsentRecord } from "../consent/records.ts";
import { PORTAL_WORDING, revokeAll } from "../consent/stop.ts";
import { type QuietHours, SENDING_MINUTES_MIN, sendingMinutes } from "../domain/sending/quiet-hours.ts";
import { CHANNELS, type Channel, type Language } from "../domain/words.ts";
import { settingsDefaultOf } from "../practice/defaults.ts";
import {
  type ConsentChoice,
  decisionOn,
  type PreferencesPorts,
  type PreferencesProblem,
  readWishes,
  touchWrites,
  type Wishes,
} from "./read-preferences.ts";
import { openSession, type SessionRequest, type StandingSession } from "./standing-session.ts";

/** A wish of a patient. */
export type PreferencesChange =
  | {
      readonly kind: "consents";
      readonly revoked: readonly ConsentChoice[];
      readonly granted: readonly ConsentChoice[];
      readonly acknowledgements: NonNullable<ConsentRecord["acknowledgements"]>;
    }
  | { readonly kind: "quiet-hours"; readonly quietHours: QuietHours | null | "unreadable" }
  | { readonly kind: "language"; readonly language: Language };

/** What became of a wish. `saved` also where it held already. */
export type ChangePreferencesOutcome =
  | { readonly kind: "ended" }
  | { readonly kind: "unproven" }
  | { readonly kind: "saved" }
  | { readonly kind: "refused"; readonly problem: PreferencesProblem };

/** One transaction of a change: undefined where somebody else was faster, and it must be looked at anew. */
type Step = (standing: StandingSession, wishes: Wishes) => Promise<ChangePreferencesOutcome | undefined>;

const SAVED: ChangePreferencesOutcome = { kind: "saved" };
const RACES_MAX = 10;

/**
 * Does what the patient of an open session wishes: consents by purpose and channel, quiet hours and
 * language. Every channel's revocations are one transaction with their entry, and so are its grants;
 * revocations come first and wait for nothing. A wish that holds already changes nothing. Staff's
 * constraints (45 CFR 164.522(b)) are judged on every send and outweigh whatever is granted here.
 */
export function createChangePreferences(ports: PreferencesPorts) {
  const { journal, practice, consents, newId, now } = ports;

  function entry({ session, link }: StandingSession, requestId: string) {
    const { patientId, threadId } = session;
    return {
      about: { actor: `patient:${patientId}`, role: "patient", patientId, requestId },
      where: { threadId, messageId: link.messageId },
    };
  }

  function revoke(channel: Channel, choices: readonly ConsentChoice[], requestId: string): Step {
    return async (standing, { states }) => {
      const { session, link, head } = standing;
      const { patientId } = session;
      const { about, where } = entry(standing, requestId);
      const concerned = states.filter(
        ({ purpose, decision }) =>
          decision === "granted" &&
          choices.some((choice) => choice.channel === channel && choice.purpose === purpose),
      );
      const at = now();
      const { consentIds, purposes, writes } = await revokeAll(ports, patientId, concerned, {
        channel,
        method: "portal",
        evidence: null,
        recordedBy: about.actor,
        language: link.language,
        at,
      });
      if (consentIds.length === 0) return SAVED;
      const outcome = await journal.commit(
        {
          ...about,
          action: "consent.revoked",
          details: { channel, method: "portal", consentIds, purposes, ...where },
        },
        [...writes, ...touchWrites(ports, session, at)],
        head,
      );
      return outcome.kind === "committed" ? SAVED : undefined;
    };
  }

  function grant(
    channel: Channel,
    choices: readonly ConsentChoice[],
    acknowledgements: NonNullable<ConsentRecord["acknowledgements"]>,
    requestId: string,
  ): Step {
    return async (standing, wishes) => {
      const { session, link, head } = standing;
      const { patientId } = session;
      const { about, where } = entry(standing, requestId);
      const wanted = choices.filter(
        (choice) => choice.channel === channel && decisionOn(choice, wishes) !== "granted",
      );
      if (wanted.length === 0) return SAVED;
      const contactId = wishes.contacts[channel];
      if (contactId === null) return { kind: "refused", problem: "contact" };
      const { unsecuredText, numberConfirmed, optOutAnytime } = acknowledgements;
      if (!unsecuredText || !numberConfirmed || !optOutAnytime) {
        return { kind: "refused", problem: "acknowledgements" };
      }
      const at = now();
      const language = wishes.preferences?.language ?? link.language;
      const records = await Promise.all(
        wanted.map(async ({ purpose }): Promise<ConsentRecord> => {
          const consentId = newId("con", at);
          return {
            consentId,
            patientId,
            purpose,
            channel,
            decision: "granted",
            since: at.toISOString(),
            contactId,
            ended: null,
            method: "portal",
            wording: PORTAL_WORDING,
            language,
            acknowledgements,
            recordedBy: about.actor,
            recordedAt: at.toISOString(),
            ...(await ports.sealEvidence(patientId, consentId, null)),
          };
        }),
      );
      const outcome = await journal.commit(
        {
          ...about,
          action: "consent.granted",
          details: {
            channel,
            method: "portal",
            contactId,
            wording: PORTAL_WORDING,
            consentIds: records.map(({ consentId }) => consentId),
            purposes: records.map(({ purpose }) => purpose),
            ...where,
          },
        },
        [
          ...records.flatMap((record) =>
            consents.append(
              record,
              wishes.states.find((one) => one.purpose === record.purpose && one.channel === channel),
            ),
          ),
          ...touchWrites(ports, session, at),
        ],
        head,
      );
      return outcome.kind === "committed" ? SAVED : undefined;
    };
  }

  function set(
    field: "language" | "quietHours",
    value: Language | QuietHours | null,
    requestId: string,
  ): Step {
    return async (standing, wishes) => {
      const before = wishes.preferences ?? PREFERENCES_DEFAULT;
      const { session, head } = standing;
      const { about, where } = entry(standing, requestId);
      const after: PatientPreferences = { ...before, [field]: value };
      if (JSON.stringify(after[field]) === JSON.stringify(before[field])) return SAVED;
      const outcome = await journal.commit(
        {
          ...about,
          action: "preferences.changed",
          details: { fields: [field], ...preferencesDetails(after, before), ...where },
        },
        [consents.setPreferences(session.patientId, after), ...touchWrites(ports, session, now())],
        head,
      );
      return outcome.kind === "committed" ? SAVED : undefined;
    };
  }

  function setQuietHours(quietHours: QuietHours | null | "unreadable", requestId: string): Step {
    return async (standing, wishes) => {
      if (quietHours === "unreadable") return { kind: "refused", problem: "quiet-hours" };
      if (quietHours !== null) {
        const [settings] = await ports.read(practice.settings());
        const { sendingHours } = settings ?? settingsDefaultOf(ports.practiceTimeZone);
        if (sendingMinutes(sendingHours, quietHours) < SENDING_MINUTES_MIN) {
          return { kind: "refused", problem: "quiet-hours" };
        }
      }
      return set("quietHours", quietHours, requestId)(standing, wishes);
    };
  }

  function stepsOf(change: PreferencesChange, requestId: string): readonly Step[] {
    switch (change.kind) {
      case "consents": {
        const { revoked, granted, acknowledgements } = change;
        return [
          ...CHANNELS.map((channel) => revoke(channel, revoked, requestId)),
          ...CHANNELS.map((channel) => grant(channel, granted, acknowledgements, requestId)),
        ];
      }
      case "quiet-hours":
        return [setQuietHours(change.quietHours, requestId)];
      case "language":
        return [set("language", change.language, requestId)];
      default:
        return change satisfies never;
    }
  }

  async function take(step: Step, { token, cookie }: SessionRequest): Promise<ChangePreferencesOutcome> {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const standing = await openSession(ports, token, cookie);
      if (standing === undefined) return { kind: "ended" };
      if (!standing.session.birthDateProven) return { kind: "unproven" };
      const outcome = await step(standing, await readWishes(ports, standing));
      if (outcome !== undefined) return outcome;
    }
    throw new Error("the preferences stayed contended; nothing was changed");
  }

  return async (request: SessionRequest, change: PreferencesChange): Promise<ChangePreferencesOutcome> => {
    for (const step of stepsOf(change, request.requestId)) {
      const outcome = await take(step, request);
      if (outcome.kind !== "saved") return outcome;
    }
    return SAVED;
  };
}

/** Changes preferences. */
export type ChangePreferences = ReturnType<typeof createChangePreferences>;
