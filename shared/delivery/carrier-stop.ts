import type { AuditEvent, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import type { ConsentState } from "../consent/records.ts";
import { readStates } from "../consent/states.ts";
import { revokeAll, type StopPorts } from "../consent/stop.ts";
import type { Channel, Language, Purpose } from "../domain/words.ts";
import { secondsAfter } from "../messaging/new-alert.ts";
import { newNumber } from "../numbers/new-number.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { newTask, type TaskRecord } from "../tasks/records.ts";

/** What recording a stop that only the carrier heard needs. */
export interface CarrierStopPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly numbers: {
    number(index: string): Lookup<NumberRecord>;
    setNumber(number: NumberRecord): Write;
  };
  /** Everybody who has a number, by its blind index. */
  readonly ownersOf: (index: string) => Promise<readonly { readonly patientId: string }[]>;
  readonly patients: { patient(id: string): Lookup<PatientRecord> };
  readonly consents: StopPorts["consents"] & {
    state(patientId: string, purpose: Purpose, channel: Channel): Lookup<ConsentState>;
  };
  readonly tasks: { addTask(task: TaskRecord): Write };
  readonly sealEvidence: StopPorts["sealEvidence"];
  readonly newId: (prefix: "con" | "nbr" | "tsk", now?: Date) => string;
  readonly now: () => Date;
}

/** Who learnt of the stop, in which request, and since when it stands. */
export interface Learnt {
  /** `function:…`. */
  readonly actor: string;
  readonly requestId: string;
  /** When the carrier heard it, ISO 8601; without it, the carrier says so now. */
  readonly since?: string | null;
}

/**
 * What came of it. `known`: the number had stopped already, or somebody agreed to texts after that;
 * `nobody`: neither a patient nor a text is known of it.
 */
export type CarrierStopResult = "recorded" | "known" | "nobody";

/** Somebody who has the number, with what holds for their texts. */
interface Owner {
  readonly patientId: string;
  readonly language: Language | null;
  readonly states: readonly ConsentState[];
}

const RACES_MAX = 6;
/** Within this somebody must have asked the patients of a shared number which of them said so. */
const TASK_SECONDS = 24 * 60 * 60;

/**
 * Records that a number, by its blind index, wants no texts because the carrier says so: a STOP that
 * never came here is a revocation all the same (47 CFR 64.1200(a)(10)). Ends the consents of everybody
 * who has the number, each with an entry in their own chain, and stops the number with the last of
 * them, so that a run that died begins again. Meanwhile the carrier itself lets no text through. Where
 * several patients have the number, staff are asked to find out whom it concerns.
 */
export function createRecordCarrierStop(ports: CarrierStopPorts) {
  const { read, journal, numbers, consents, newId, now } = ports;

  async function ownerOf(patientId: string): Promise<Owner> {
    const [[patient], states] = await Promise.all([
      read(ports.patients.patient(patientId)),
      readStates(read, consents, patientId, ["sms"]),
    ]);
    return { patientId, language: patient?.language ?? null, states };
  }

  function sharedTask(number: NumberRecord, at: Date): TaskRecord {
    const dueAt = secondsAfter(at, TASK_SECONDS);
    return newTask({ id: newId("tsk", at), kind: "shared-number", dueAt, numberId: number.id }, at);
  }

  /** Ends an owner's consents; with the last owner, or without any, stops the number. False when something changed meanwhile. */
  async function stopFor(
    owner: Owner | undefined,
    number: NumberRecord,
    { isLast, isShared }: { readonly isLast: boolean; readonly isShared: boolean },
    { actor, requestId }: Learnt,
  ): Promise<boolean> {
    const at = now();
    const ended =
      owner === undefined
        ? { consentIds: [], purposes: [], writes: [] }
        : await revokeAll(ports, owner.patientId, owner.states, {
            channel: "sms",
            method: "carrier",
            evidence: null,
            recordedBy: actor,
            language: owner.language ?? number.language,
            at,
          });
    const stopped: NumberRecord = {
      ...number,
      stoppedAt: at.toISOString(),
      stoppedBy: "carrier",
      version: number.version + 1,
    };
    const task = isLast && isShared ? sharedTask(number, at) : null;
    const writes = [
      ...ended.writes,
      ...(isLast ? [numbers.setNumber(stopped)] : []),
      ...(task === null ? [] : [ports.tasks.addTask(task)]),
    ];
    if (writes.length === 0) return true;
    const event: AuditEvent = {
      action: "number.stopped",
      actor,
      role: "function",
      ...(owner === undefined ? {} : { patientId: owner.patientId }),
      requestId,
      details: {
        numberId: number.id,
        method: "carrier",
        channel: "sms",
        consentIds: ended.consentIds,
        purposes: ended.purposes,
        ...(task === null ? {} : { taskId: task.id }),
      },
    };
    return (await journal.commit(event, writes)).kind === "committed";
  }

  async function attempt(index: string, learnt: Learnt): Promise<CarrierStopResult | undefined> {
    const [[known], found] = await Promise.all([read(numbers.number(index)), ports.ownersOf(index)]);
    if (known !== undefined && known.stoppedAt !== null) return "known";
    if (known === undefined && found.length === 0) return "nobody";
    const owners = await Promise.all(found.map(({ patientId }) => ownerOf(patientId)));
    const since = learnt.since ?? null;
    const agreedSince = owners
      .flatMap(({ states }) => states)
      .some((state) => since !== null && state.decision === "granted" && state.since > since);
    if (agreedSince) return "known";
    const number = known ?? newNumber(newId("nbr", now()), index, "en");
    const concerned = owners.length === 0 ? [undefined] : owners;
    const isShared = owners.length > 1;
    for (const [position, owner] of concerned.entries()) {
      const isLast = position === concerned.length - 1;
      if (!(await stopFor(owner, number, { isLast, isShared }, learnt))) return undefined;
    }
    return "recorded";
  }

  return async (index: string, learnt: Learnt): Promise<CarrierStopResult> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const result = await attempt(index, learnt);
      if (result !== undefined) return result;
    }
    throw new Error("the number stayed contended; its stop is not recorded in full");
  };
}
