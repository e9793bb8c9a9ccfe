import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { createHandler } from "#functions/receive-text/handler.ts";
import { createSealPhone } from "#shared/adapters/contact-seal.ts";
import { createOpenContent, createSealContent } from "#shared/adapters/content-seal.ts";
import { createInboundTable } from "#shared/adapters/dynamodb/inbound-table.ts";
import { createNewestThread } from "#shared/adapters/dynamodb/newest-thread.ts";
import { createOwnersOfNumber } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createPatientDays } from "#shared/adapters/dynamodb/patient-days.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createOpenEvidence, createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import type { ConsentRecord, ConsentState } from "#shared/consent/records.ts";
import type { OptOutScope } from "#shared/consent/scope.ts";
import { isOptIn } from "#shared/domain/alerts/kinds.ts";
import type { InboundPorts } from "#shared/inbound/ports.ts";
import { newOptInText, secondsAfter } from "#shared/messaging/new-alert.ts";
import type { AlertRecord, MessageRecord, ThreadRecord } from "#shared/messaging/records.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import type { NumberRecord } from "#shared/numbers/records.ts";
import { blindIndex } from "#shared/patients/register.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { newId } from "#shared/runtime/ids.ts";
import type { TaskRecord } from "#shared/tasks/records.ts";
import { createWorld, NEW_PATIENT, type WorldChoices } from "#test/support/core-world.ts";

export const PHONE = NEW_PATIENT.mobilePhone;
export const PRACTICE_PHONE = "+18005550199";

/** What a test may choose about its world of inbound texts. */
export interface InboundChoices extends WorldChoices {
  readonly optOutScope?: OptOutScope;
}

/** What a text of a test says beyond its words. */
export interface TextParts {
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  /** The provider's id of the text that it answers. */
  readonly answers?: string;
  /** When SNS passed it on; now, unless told. */
  readonly at?: string;
}

/** The core world, with `receive-text` wired as its index file does. */
export function createInboundWorld(choices: InboundChoices = {}) {
  const world = createWorld(choices);
  const { store, clock, log, read } = world;
  const { now } = clock;
  const { dynamodb, kms, keyArn } = store;
  const contactKey = createNewDataKey(kms, keyArn("ContactKey"));
  const indexMac = createMac(kms, keyArn("IndexKey"));
  let count = 0;

  const ports: InboundPorts = {
    read,
    journal: world.journalOf("receive-text"),
    inbound: createInboundTable("Messages"),
    numbers: world.numbers,
    ownersOf: createOwnersOfNumber(dynamodb, "Patients"),
    patients: createPatientsTable("Patients"),
    consents: world.consents,
    messages: world.messages,
    newestThread: createNewestThread(dynamodb, world.messages),
    openVisits: async () =>
      createPatientDays((input) => dynamodb.send(new QueryCommand(input)), "Appointments"),
    practice: world.practice,
    tasks: world.tasks,
    indexMac,
    sealPhone: createSealPhone(contactKey),
    sealEvidence: createSealEvidence(contactKey),
    sealContent: createSealContent(createNewDataKey(kms, keyArn("ContentKey")), world.contentKeys),
    classifier: async () => ({
      classify: choices.classify ?? (await world.alerting.classifier()).classify,
      version: "test-1",
    }),
    requestAlert: async ({ id }) => {
      if (world.state.queueFails)
        log.error("ALERT_DEFERRED", new Error("the queue does not answer"), { alertId: id });
      else world.requests.push({ queue: "urgent", alertId: id, delaySeconds: 0 });
    },
    rules: {
      optOuts: choices.optOuts ?? "self-managed",
      optOutScope: choices.optOutScope ?? "all",
      officeHours: settingsDefaultOf("America/Los_Angeles"),
    },
    newId,
    now,
  };
  const handler = createHandler(ports, log);

  /** One queue record of a text, as SNS and SQS bring it. */
  function record(body: string, parts: TextParts = {}) {
    count += 1;
    // No two texts are of the same millisecond, so that ids tell their order.
    clock.advance(0.001);
    return world.aRecord(
      {
        Type: "Notification",
        Timestamp: parts.at ?? now().toISOString(),
        Message: JSON.stringify({
          originationNumber: parts.from ?? PHONE,
          destinationNumber: parts.to ?? PRACTICE_PHONE,
          messageKeyword: "KEYWORD",
          messageBody: body,
          inboundMessageId: parts.id ?? `inbound-${count}`,
          ...(parts.answers === undefined ? {} : { previousPublishedMessageId: parts.answers }),
        }),
      },
      `record-${count}`,
    );
  }

  const items = (sk: string) => store.items("Messages").filter((item) => String(item["sk"]).startsWith(sk));
  const alerts = () => items("alert#") as unknown as AlertRecord[];

  return {
    ...world,
    handler,
    record,
    /** A text comes; throws where it was not dealt with. */
    text: async (body: string, parts: TextParts = {}) => {
      const { batchItemFailures } = await handler({ Records: [record(body, parts)] });
      if (batchItemFailures.length > 0) throw new Error(log.lines.at(-1));
    },
    number: async (from: string = PHONE): Promise<NumberRecord | undefined> =>
      (await read(world.numbers.number(await blindIndex(indexMac, "number", from))))[0],
    /** Answers to numbers, and confirmations of opting in, oldest first. */
    answers: () => alerts().filter(({ kind }) => kind !== "message" && !isOptIn(kind)),
    kinds: () =>
      alerts()
        .toSorted((one, other) => one.id.localeCompare(other.id))
        .filter(({ kind }) => kind !== "message")
        .map(({ kind }) => kind),
    messageRecords: () =>
      store
        .items("Messages")
        .filter(
          ({ sk, content }) => String(sk).startsWith("msg#") && content !== undefined,
        ) as unknown as MessageRecord[],
    threads: () => items("thread#") as unknown as ThreadRecord[],
    openTasks: () =>
      (store.items("Practice") as unknown as (TaskRecord & { sk: string })[]).filter(
        ({ sk, taskState }) => sk === "task" && taskState === "open",
      ),
    taskKinds: () =>
      store
        .items("Practice")
        .filter(({ sk }) => sk === "task")
        .map(({ kind }) => String(kind))
        .toSorted(),
    ledger: (patientId: string) =>
      store
        .items("Consents")
        .filter(
          ({ pk, sk }) => pk === patientId && String(sk).startsWith("event#"),
        ) as unknown as ConsentRecord[],
    states: (patientId: string) =>
      store
        .items("Consents")
        .filter(
          ({ pk, sk }) => pk === patientId && String(sk).startsWith("state#"),
        ) as unknown as ConsentState[],
    /** What the ledger keeps as proof of a decision. */
    evidenceOf: async ({ patientId, consentId }: ConsentRecord) => {
      const [entry] = await read(world.consents.entry(patientId, consentId));
      if (entry === undefined) throw new Error("no such entry");
      return createOpenEvidence(createOpenDataKey(kms, keyArn("ContactKey")))(entry);
    },
    /** The words of a stored message. */
    wordsOf: async ({ patientId, id }: MessageRecord) => {
      const [message, key] = await read(
        world.messages.message(patientId, id),
        world.contentKeys.wrappedKey(patientId, id),
      );
      if (message === undefined || key === undefined) throw new Error("the words are not there");
      return createOpenContent(createOpenDataKey(kms, keyArn("ContentKey")))(message, key.wrapped);
    },
    /** Asks a patient by text whether they may be texted about pharmacy. */
    ask: async (
      patientId: string,
      from: string = PHONE,
      purpose: "pharmacy" | "billing" = "pharmacy",
      status: AlertRecord["status"] = "sent",
    ) => {
      const index = await blindIndex(indexMac, "number", from);
      const [stored] = await read(world.numbers.number(index));
      const number = stored ?? newNumber(newId("nbr", now()), index, "en");
      const alert = newOptInText({
        id: newId("alr", now()),
        kind: `opt-in-${purpose}`,
        patientId,
        purpose,
        consentId: null,
        language: "en",
        at: now(),
        expiresAt: secondsAfter(now(), 86_400),
      });
      const asked = {
        patientId,
        purpose,
        consentId: newId("con", now()),
        alertId: alert.id,
        language: "en",
        askedAt: now().toISOString(),
        answeredAt: null,
      } as const;
      await world.put(
        world.numbers.setNumber({ ...number, asked, version: number.version + 1 }),
        ...world.messages.addAlert({ ...alert, status }),
      );
      return asked;
    },
  };
}

/** Everything of a test about inbound texts. */
export type InboundWorld = ReturnType<typeof createInboundWorld>;

/** A world with a patient who agreed to texts about two purposes. */
export async function aPatientsWorld(choices: InboundChoices = {}, fields: object = {}) {
  const world = createInboundWorld(choices);
  const patientId = await world.prepare(fields);
  await world.grant(patientId, { purpose: "portal" });
  return { world, patientId };
}

/** The same with a second patient who has the same number. */
export async function aSharedWorld(choices: InboundChoices = {}) {
  const { world, patientId } = await aPatientsWorld(choices);
  const otherId = await world.register({ externalId: "MRN-2", givenName: "Other" });
  await world.grant(otherId, { purpose: "billing" });
  return { world, patientId, otherId };
}
