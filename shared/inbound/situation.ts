import type { ChainHead } from "../audit/journal.ts";
import { languageFor, type PatientPreferences } from "../consent/preferences.ts";
import type { ConsentState } from "../consent/records.ts";
import { type Language, PURPOSES, type Purpose } from "../domain/words.ts";
import type { AlertRecord, PatientMarks } from "../messaging/records.ts";
import { newNumber } from "../numbers/new-number.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { PatientRecord } from "../patients/records.ts";
import { blindIndex } from "../patients/register.ts";
import type { OfficeHours } from "../tasks/due.ts";
import { languageOf } from "./language.ts";
import type { InboundPorts } from "./ports.ts";
import type { InboundMark, InboundText, NumberDay } from "./records.ts";

/** Under this name everything here stands in the audit trail. */
export const ACTOR = "function:receive-text";

/** A patient who has the number, with what they agreed to. */
export interface Owner {
  readonly patient: PatientRecord;
  /** Of text messages, for every purpose. */
  readonly states: readonly ConsentState[];
  readonly marks: PatientMarks | undefined;
  readonly preferences: PatientPreferences | undefined;
  readonly head: ChainHead | null;
}

/** Everything that decides what becomes of a text. */
export interface Situation {
  /** As stored; a new one is at version 0. Its phone is sealed in any case. */
  readonly number: NumberRecord;
  readonly owners: readonly Owner[];
  readonly mark: InboundMark | undefined;
  /** The alert that the text answers, where it went to this number. */
  readonly answered: AlertRecord | undefined;
  /** The alert that carried the opt-in question that was asked last. */
  readonly question: AlertRecord | undefined;
  readonly day: NumberDay | undefined;
  readonly officeHours: OfficeHours;
  /** What an answer is written in. */
  readonly language: Language;
  readonly at: Date;
}

/** The day (UTC, YYYY-MM-DD) that a number's texts are counted under. */
export function countingDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

async function readOwner(ports: InboundPorts, patientId: string, index: string): Promise<Owner | undefined> {
  const [patient, marks, preferences, head, ...states] = await ports.read(
    ports.patients.patient(patientId),
    ports.messages.marks(patientId),
    ports.consents.preferences(patientId),
    ports.journal.head({ patientId, actor: ACTOR }),
    ...PURPOSES.map((purpose) => ports.consents.state(patientId, purpose, "sms")),
  );
  // The number may have changed since the owners were looked up.
  if (patient === undefined || patient.numberIndex !== index) return undefined;
  return {
    patient,
    marks,
    preferences,
    head: head ?? null,
    states: states.filter((state) => state !== undefined),
  };
}

/** The number as stored or new, with its phone sealed. */
async function withPhone(
  { newId, sealPhone }: InboundPorts,
  found: NumberRecord | undefined,
  fresh: { readonly index: string; readonly from: string; readonly language: Language; readonly at: Date },
): Promise<NumberRecord> {
  const { index, from, language, at } = fresh;
  if (found !== undefined && found.phone !== null) return found;
  const number = found ?? newNumber(newId("nbr", at), index, language);
  return { ...number, phone: await sealPhone(number.id, from) };
}

/** The blind index that everything about a phone number lies under. */
export async function indexOf({ indexMac }: InboundPorts, text: InboundText): Promise<string> {
  return blindIndex(indexMac, "number", text.from);
}

/** Reads what decides about a text, in two rounds of calls; undefined where the text is done already. */
export async function readSituation(
  ports: InboundPorts,
  text: InboundText,
  index: string,
): Promise<Situation | undefined> {
  const { read, numbers, inbound, messages, practice, rules } = ports;
  const at = ports.now();
  const [[stored, mark, day, settings, reference], have] = await Promise.all([
    read(
      numbers.number(index),
      inbound.mark(text.id),
      inbound.day(index, countingDay(at)),
      practice.settings(),
      ...(text.answers === null ? [] : [messages.byProviderMessage(text.answers)]),
    ),
    ports.ownersOf(index),
  ]);
  if (mark?.stage === "done") return undefined;
  const written = languageOf(text.body);
  const asked = stored?.asked ?? null;
  const [number, [question, answered], holders] = await Promise.all([
    withPhone(ports, stored, { index, from: text.from, language: written, at }),
    read(
      messages.alert(asked?.patientId ?? "none", asked?.alertId ?? "none"),
      ...(reference === undefined ? [] : [messages.alert(reference.patientId, reference.alertId)]),
    ),
    Promise.all(have.map(({ patientId }) => readOwner(ports, patientId, index))),
  ]);
  const owners = holders.filter((owner) => owner !== undefined);
  const [only, second] = owners;
  return {
    number,
    owners,
    mark,
    answered,
    question,
    day,
    officeHours: settings ?? rules.officeHours,
    language:
      only !== undefined && second === undefined ? languageFor(only.patient, only.preferences) : written,
    at,
  };
}

/** The one patient who has the number; null for none and for several. */
export function onlyOwner({ owners }: Situation): Owner | null {
  const [only, second] = owners;
  return only !== undefined && second === undefined ? only : null;
}

/** The patient with this number whose text is answered, where the provider knows which that is. */
function answeredOwner({ owners, answered }: Situation): Owner | undefined {
  return owners.find(
    ({ patient }) => patient.id === answered?.patientId || patient.id === answered?.concerns,
  );
}

/** Who wrote, as far as anybody can tell: whose text it answers, else the only one who has the number. */
export function writerOf(situation: Situation): Owner | null {
  return answeredOwner(situation) ?? onlyOwner(situation);
}

/** What the text that is answered was about; null where that cannot be told, or it went to somebody else. */
export function answeredPurpose(situation: Situation): Purpose | null {
  return answeredOwner(situation) === undefined ? null : (situation.answered?.purpose ?? null);
}
