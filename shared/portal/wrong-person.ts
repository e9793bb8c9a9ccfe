import type { Lookup, Write } from "../audit/journal.ts";
import { isDisowned, PREFERENCES_DEFAULT } from "../consent/preferences.ts";
import { readStates } from "../consent/states.ts";
import { refuseAll, revokeAll } from "../consent/stop.ts";
import { PURPOSES } from "../domain/words.ts";
import { laterMark } from "../messaging/link-marks.ts";
import type { LinkRecord } from "../messaging/records.ts";
import { settingsDefaultOf } from "../practice/defaults.ts";
import { replyDueAt } from "../tasks/due.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";
import { DECOYS } from "./decoys.ts";
import { LINK_ONLY_ANSWER_MS } from "./limits.ts";
import { claimLink } from "./link-claim.ts";
import type { PreferencesPorts } from "./read-preferences.ts";

/** Somebody says, by a link alone, that it was not meant for them. */
export interface WrongPersonRequest {
  readonly token: string;
  readonly requestId: string;
}

/** Which links somebody said were not meant for them. */
export interface DisowningStore {
  /** When somebody said so of a link. */
  disowning(linkLookup: string): Lookup<{ readonly at: string }>;
  /** Notes that, once; the table may forget it after the link. */
  addDisowning(link: Pick<LinkRecord, "lookup" | "expiresAt">, at: string): Write;
}

/** What it needs besides what preferences need. */
export interface WrongPersonPorts extends PreferencesPorts {
  readonly messages: PreferencesPorts["messages"] & {
    /**
     * Kills every link of a patient that was made at `before` or earlier, and its sessions and devices; a conflict
     * where a later mark stands.
     */
    revokePatientLinks(patientId: string, before: string): Write;
  };
  readonly disownings: DisowningStore;
  readonly tasks: { addTask(task: TaskRecord): Write };
  readonly newId: (prefix: "con" | "tsk", now?: Date) => string;
  readonly waitUntil: (atMs: number) => Promise<void>;
}

/** Nobody knows who says it: a person of whom the link is all that is known. */
const ACTOR = "function:portal";
/** How the ledger says so. */
const METHOD = "wrong-person";
/** Where a disowning is looked for that cannot exist. */
const DECOY_LOOKUP = "-";

const RACES_MAX = 10;

/**
 * Takes the word of whoever holds a link that it went to the wrong person, without a session and also
 * long after the link's end. The patient's links, sessions and devices end; every consent for the number
 * or address that the link went to ends for good, and all other purposes are refused; nothing goes there
 * until staff record a new grant; one task asks staff to look into it (45 CFR 164.402). One transaction,
 * once per link, and once per number or address. A number that the patient has replaced since costs
 * nobody anything more; it is on record, because the accounting of disclosures (164.528) needs it.
 *
 * Tells nobody what came of it: the same reads for every token, and no answer before a time in which what is done
 * for an authentic one is done as well. Only a race with somebody else's change may take longer, for nothing of it
 * may be lost. True only for a link that was really sent, for counting.
 */
export function createWrongPerson(ports: WrongPersonPorts) {
  const { read, journal, messages, disownings, practice, consents, tasks, newId, now } = ports;

  async function take({ token, requestId }: WrongPersonRequest): Promise<boolean> {
    const { lookup } = await claimLink(token, ports.linkKeys);
    const [link] = await read(messages.link(lookup));
    const patientId = link?.patientId ?? DECOYS.patient;
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const [[marks, grounds, said, preferences, settings, head], states] = await Promise.all([
        read(
          messages.marks(patientId),
          consents.entry(patientId, link?.consentId ?? DECOYS.consent),
          disownings.disowning(link?.lookup ?? DECOY_LOOKUP),
          consents.preferences(patientId),
          practice.settings(),
          journal.head({ patientId, actor: ACTOR }),
        ),
        readStates(read, consents, patientId),
      ]);
      if (link === undefined) return false;
      const contactId = grounds?.contactId ?? null;
      if (grounds === undefined || contactId === null) return true;
      const { channel } = grounds;
      if (said !== undefined || isDisowned(contactId, channel, preferences)) return true;

      const own = states.filter((state) => state.channel === channel);
      const replaced = own.some(
        (state) =>
          state.decision === "granted" && state.contactId !== contactId && state.since > link.createdAt,
      );
      const at = now();
      const time = at.toISOString();
      const asked = {
        channel,
        method: METHOD,
        evidence: null,
        recordedBy: ACTOR,
        language: link.language,
        at,
        final: true,
      } as const;
      const concerned = own.filter((state) => state.contactId === contactId);
      const ended = await revokeAll(ports, patientId, concerned, asked);
      // Of what nobody agreed to, too: an opt-in question may be under way, which the portal cannot see.
      const others = replaced ? [] : PURPOSES.filter((purpose) => !ended.purposes.includes(purpose));
      const refused = await refuseAll(ports, patientId, others, own, { ...asked, contactId });
      const task = newTask(
        {
          id: newId("tsk", at),
          kind: "wrong-number",
          dueAt: replyDueAt(at, settings ?? settingsDefaultOf(ports.practiceTimeZone)).toISOString(),
          patientId,
          messageId: link.messageId,
          threadId: link.threadId,
          alertId: link.alertId,
          reason: channel === "sms" ? "number" : "address",
        },
        at,
      );
      const before = preferences ?? PREFERENCES_DEFAULT;
      const outcome = await journal.commit(
        {
          action: "link.disowned",
          actor: ACTOR,
          role: "function",
          patientId,
          purpose: link.purpose,
          details: {
            // The accounting of disclosures finds by it what went to somebody else (45 CFR 164.528).
            wrongPerson: true,
            channel,
            contactId,
            replaced,
            method: METHOD,
            consentIds: [...ended.consentIds, ...refused.consentIds],
            purposes: [...ended.purposes, ...refused.purposes],
            taskId: task.id,
            messageId: link.messageId,
            threadId: link.threadId,
          },
          requestId,
        },
        [
          disownings.addDisowning(link, time),
          ...ended.writes,
          ...refused.writes,
          tasks.addTask(task),
          ...(replaced
            ? []
            : [
                messages.revokePatientLinks(patientId, laterMark(time, marks?.linksRevokedBefore)),
                consents.setPreferences(patientId, {
                  ...before,
                  disowned: { ...before.disowned, [channel]: contactId },
                }),
              ]),
        ],
        head ?? null,
      );
      if (outcome.kind === "committed") return true;
    }
    throw new Error("the consents stayed contended; nothing was ended");
  }

  return async (request: WrongPersonRequest): Promise<boolean> => {
    const answerAtMs = now().getTime() + LINK_ONLY_ANSWER_MS;
    const isLink = await take(request);
    await ports.waitUntil(answerAtMs);
    return isLink;
  };
}

/** Takes the word of whoever holds a link. */
export type WrongPerson = ReturnType<typeof createWrongPerson>;
