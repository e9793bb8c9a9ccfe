import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createSealContact } from "#shared/adapters/contact-seal.ts";
import { createSealContent } from "#shared/adapters/content-seal.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import type { NewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { joinFields, type Mac } from "#shared/adapters/kms/macs.ts";
import type { Write } from "#shared/audit/journal.ts";
import type { ConsentRecord, ConsentState } from "#shared/consent/records.ts";
import { newMessageAlert } from "#shared/messaging/new-alert.ts";
import type { AlertRecord, LinkRecord, MessageRecord, ThreadRecord } from "#shared/messaging/records.ts";
import type { PatientRecord } from "#shared/patients/records.ts";
import { birthDateVerifier, blindIndex } from "#shared/patients/register.ts";
import { newId } from "#shared/runtime/ids.ts";
import type { Aws } from "../local/aws/aws.ts";
import type { JsonRecord } from "../local/json-shape.ts";

/** The birth date of every patient that is filled in. */
export const FILLED_BIRTH_DATE = "1980-02-29";

const ACTOR = "function:bench";
const BODY = "Your lab results are ready to be read.";

/** What fills a stack. */
export type Fill = {
  /** Fills the tables up to a number of patients; gives the ids of all. */
  patients(count: number): Promise<readonly string[]>;
  /** Queues one alert for each of the first patients, as accepting a message does. */
  alerts(count: number): Promise<void>;
  /** Queues a code for the link of no one in particular, as the portal does; gives the alert's id. */
  code(): Promise<string>;
};

/**
 * Fills the stack's tables through the stand-ins for DynamoDB and KMS in this process: each patient with verifier and
 * number, consent to portal messages by text, and one thread with a message and its delivered alert, in the form in
 * which the functions write them, under one audit entry. Gives the ids of all patients so far.
 */
export function createFill(aws: Aws): Fill {
  const variable = (name: string): string => {
    const found = aws.functions
      .map(({ environment }) => environment[name])
      .find((value) => value !== undefined);
    if (found === undefined) throw new Error(`no function has the variable ${name}`);
    return found;
  };
  const dynamodb = inProcessDynamodb(aws);
  const now = () => new Date();
  const journal = createJournal(dynamodb, {
    table: variable("AUDIT_TABLE_NAME"),
    function: "bench",
    read: createReadSnapshot(dynamodb),
    newId,
    now,
  });
  const patients = createPatientsTable(variable("PATIENTS_TABLE_NAME"));
  const consents = createConsentsTable(variable("CONSENTS_TABLE_NAME"));
  const messages = createMessagesTable(variable("MESSAGES_TABLE_NAME"));
  const contentKeys = createContentKeysTable(variable("CONTENT_KEYS_TABLE_NAME"));
  const contactDataKey = inProcessDataKeys(aws, variable("CONTACT_KEY_ARN"));
  const sealContact = createSealContact(contactDataKey);
  const sealEvidence = createSealEvidence(contactDataKey);
  const sealContent = createSealContent(inProcessDataKeys(aws, variable("CONTENT_KEY_ARN")), contentKeys);
  const indexMac = inProcessMac(aws, variable("INDEX_KEY_ARN"));
  const proofMac = inProcessMac(aws, variable("PROOF_KEY_ARN"));

  /** The message of each patient, in order. */
  const filled: { readonly message: MessageRecord; readonly consent: ConsentState }[] = [];

  const addPatient = async (index: number): Promise<string> => {
    const at = now();
    const time = at.toISOString();
    const patientId = newId("pat", at);
    const numberId = newId("num", at);
    const contact = {
      externalId: `bench-${String(index)}`,
      givenName: `Given${String(index)}`,
      familyName: `Family${String(index)}`,
      birthDate: FILLED_BIRTH_DATE,
      mobilePhone: mobilePhone(index),
      email: null,
    };
    const numberIndex = await blindIndex(indexMac, "number", contact.mobilePhone);
    const patient: PatientRecord = {
      id: patientId,
      language: "en",
      timeZone: "America/New_York",
      constraints: {},
      numberId,
      numberIndex,
      addressId: null,
      createdAt: time,
      version: 1,
      ...(await sealContact(patientId, contact)),
    };
    const consentId = newId("con", at);
    const consent: ConsentRecord & ConsentState = {
      consentId,
      patientId,
      purpose: "portal",
      channel: "sms",
      decision: "granted",
      since: time,
      contactId: numberId,
      ended: null,
      wording: "bench",
      language: "en",
      method: "paper",
      acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
      recordedBy: ACTOR,
      recordedAt: time,
      ...(await sealEvidence(patientId, consentId, null)),
    };
    const conversation = await filledConversation(consent, at);
    await journal.commit(
      { action: "bench.filled", actor: ACTOR, role: "function", patientId, requestId: "bench" },
      [
        ...patients.addPatient(patient, await blindIndex(indexMac, "external", contact.externalId)),
        patients.addNumber(numberIndex, patientId, numberId),
        contentKeys.setBirthDateVerifier(
          patientId,
          await birthDateVerifier(proofMac, patientId, FILLED_BIRTH_DATE, new Date(0)),
        ),
        ...consents.append(consent, undefined),
        ...conversation,
      ],
      null,
    );
    return patientId;
  };

  const filledConversation = async (consent: ConsentRecord & ConsentState, at: Date) => {
    const { patientId } = consent;
    const time = at.toISOString();
    const thread: ThreadRecord = {
      id: newId("thr", at),
      patientId,
      threadState: "open",
      stateSince: time,
      assignee: null,
      highestTier: 2,
      createdAt: time,
      replyTaskId: null,
      version: 1,
    };
    const alertId = newId("alr", at);
    const id = newId("msg", at);
    const content = { tier: 2 as const, subject: null, body: BODY, reference: null, reasons: [] };
    const sealed = await sealContent(patientId, id, content);
    const message: MessageRecord = {
      id,
      patientId,
      threadId: thread.id,
      alertId,
      purpose: consent.purpose,
      tier: 2,
      sender: ACTOR,
      createdAt: time,
      expiresAt: null,
      revokedAt: null,
      via: null,
      proven: null,
      seenAt: null,
      attachmentIds: [],
      receipt: {
        tier: 2,
        classifierVersion: "bench",
        reasonCount: 0,
        voices: [],
        minimumTier: null,
        consentId: consent.consentId,
        template: null,
        channel: "sms",
      },
      content: sealed.content,
    };
    const alert: AlertRecord = {
      ...newMessageAlert(alertId, message, { consent, language: "en", at }),
      status: "delivered",
      claimedAt: time,
      sentAt: time,
      providerMessageId: randomBytes(16).toString("hex"),
      dueAt: null,
    };
    filled.push({ message, consent });
    return [
      ...messages.addThread(thread),
      ...messages.addMessage(message),
      ...messages.addAlert(alert),
      sealed.keyWrite,
    ];
  };

  const queueNamed = (variableName: string): string => variable(variableName).split("/").at(-1) ?? "";
  const request = (queue: string, { patientId, id }: AlertRecord) => {
    aws.queues.send(queueNamed(queue), JSON.stringify({ version: 1, patientId, alertId: id }));
  };
  const record = (action: string, patientId: string, writes: readonly Write[]) =>
    journal.commit({ action, actor: ACTOR, role: "function", patientId, requestId: "bench" }, writes);

  const ids: string[] = [];
  return {
    async patients(count) {
      while (ids.length < count) {
        ids.push(await addPatient(ids.length));
        // Gives way now and then, so that a signal to end is heard.
        if (ids.length % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return ids;
    },
    async alerts(count) {
      const queued = filled
        .slice(0, count)
        .map(({ message, consent }) =>
          newMessageAlert(newId("alr", now()), message, { consent, language: "en", at: now() }),
        );
      for (const alert of queued) await record("bench.queued", alert.patientId, messages.addAlert(alert));
      for (const alert of queued) request("BULK_ALERTS_QUEUE_URL", alert);
    },
    async code() {
      const { message, consent } = filled.at(-1) ?? {};
      if (message === undefined || consent === undefined) throw new Error("there are no patients yet");
      const at = now();
      const linkLookup = newId("aud", at);
      const alert: AlertRecord = {
        ...newMessageAlert(newId("alr", at), message, { consent, language: "en", at }),
        kind: "code",
        template: "code@1",
        queue: "urgent",
        linkLookup,
      };
      const link: LinkRecord = {
        lookup: linkLookup,
        patientId: alert.patientId,
        messageId: message.id,
        threadId: message.threadId,
        alertId: alert.id,
        sender: message.sender,
        purpose: message.purpose,
        language: "en",
        consentId: consent.consentId,
        keyId: 1,
        createdAt: at.toISOString(),
        expiresAt: new Date(at.getTime() + 3_600_000).toISOString(),
        misses: 0,
        diedAt: null,
        codeMac: null,
        codeExpiresAt: null,
      };
      await record("bench.queued", alert.patientId, [...messages.addAlert(alert), messages.addLink(link)]);
      request("URGENT_ALERTS_QUEUE_URL", alert);
      return alert.id;
    },
  };
}

/** One of the ten thousand numbers of the exchange 555 in an area of the US; no text leaves this machine. */
function mobilePhone(index: number): string {
  return `+1202555${String(index % 10_000).padStart(4, "0")}`;
}

/** A client whose commands reach the stand-in without HTTP and signatures, which would take most of the time. */
function inProcessDynamodb({ tables, template }: Aws): DynamoDBClient {
  const client = new DynamoDBClient({ region: template.region });
  client.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) => {
        const name = String(commandName).replace(/Command$/u, "");
        const output = tables.service.run({ name, input: onTheWire(input) as JsonRecord }, { kind: "host" });
        return { output: { $metadata: {}, ...(output as object) }, response: undefined };
      },
    { step: "initialize", name: "inProcess" },
  );
  return client;
}

function inProcessDataKeys({ kms }: Aws, keyArn: string): NewDataKey {
  return async (context) => {
    const input = { KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: { ...context } };
    const { Plaintext, CiphertextBlob } = kms.service.run(
      { name: "GenerateDataKey", input },
      { kind: "host" },
    ) as {
      readonly Plaintext: string;
      readonly CiphertextBlob: string;
    };
    return { plaintext: Buffer.from(Plaintext, "base64"), wrapped: Buffer.from(CiphertextBlob, "base64") };
  };
}

function inProcessMac({ kms }: Aws, keyArn: string): Mac {
  return async (...fields) => {
    const input = {
      KeyId: keyArn,
      MacAlgorithm: "HMAC_SHA_256",
      Message: Buffer.from(joinFields(fields)).toString("base64"),
    };
    const { Mac: mac } = kms.service.run({ name: "GenerateMac", input }, { kind: "host" }) as {
      readonly Mac: string;
    };
    return Buffer.from(mac, "base64");
  };
}

/** A request as it would arrive: bytes in base64. */
function onTheWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(onTheWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, onTheWire(member)]));
}
