import { randomBytes } from "node:crypto";
import { createSealContent } from "#shared/adapters/content-seal.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import type { Write } from "#shared/audit/journal.ts";
import type { ConsentRecord, ConsentState } from "#shared/consent/records.ts";
import { newMessageAlert } from "#shared/messaging/new-alert.ts";
import type { AlertRecord, LinkRecord, MessageRecord, ThreadRecord } from "#shared/messaging/records.ts";
import { newId } from "#shared/runtime/ids.ts";
import type { Aws } from "../local/aws/aws.ts";
import { createFillPatient, FILL_ACTOR, fillJournal, stackVariable } from "./fill-patient.ts";
import { inProcessDataKeys } from "./in-process.ts";

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
  const now = () => new Date();
  const journal = fillJournal(aws);
  const fillPatient = createFillPatient(aws);
  const messages = createMessagesTable(stackVariable(aws, "MESSAGES_TABLE_NAME"));
  const contentKeys = createContentKeysTable(stackVariable(aws, "CONTENT_KEYS_TABLE_NAME"));
  const contentDataKey = inProcessDataKeys(aws, stackVariable(aws, "CONTENT_KEY_ARN"));
  const sealContent = createSealContent(contentDataKey, contentKeys);

  /** The message of each patient, in order. */
  const filled: { readonly message: MessageRecord; readonly consent: ConsentState }[] = [];

  const addPatient = async (index: number): Promise<string> => {
    const at = now();
    const { patient, consent, writes } = await fillPatient(index, "portal", at);
    const conversation = await filledConversation(consent, at);
    await record("bench.filled", patient.id, [...writes, ...conversation], null);
    return patient.id;
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
      sender: FILL_ACTOR,
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

  const queueNamed = (variableName: string): string =>
    stackVariable(aws, variableName).split("/").at(-1) ?? "";
  const request = (queue: string, { patientId, id }: AlertRecord) => {
    aws.queues.send(queueNamed(queue), JSON.stringify({ version: 1, patientId, alertId: id }));
  };
  const record = (action: string, patientId: string, writes: readonly Write[], head?: null) =>
    journal.commit(
      { action, actor: FILL_ACTOR, role: "function", patientId, requestId: "bench" },
      writes,
      head,
    );

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
