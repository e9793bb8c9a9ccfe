import { createHash, randomUUID } from "node:crypto";
import { numberOf, recordOf, textOf } from "../json-shape.ts";
import type { Template } from "./template.ts";

/** What a queue of the template is set to. */
export type QueueSettings = {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly logicalId: string;
  readonly keyId: string | undefined;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly maximumMessageBytes: number;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
};

/** A message as it is received. */
export type ReceivedMessage = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId: string;
    readonly ApproximateFirstReceiveTimestamp: string;
  };
};

/** How many messages of a queue are where, at the local clock. */
export type QueueState = {
  readonly name: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** When the next hidden message becomes visible, in local milliseconds. */
  readonly nextVisibleAt: number | undefined;
};

/** One message body that was put on a queue, also by its redrive. */
export type SeenBody = { readonly queue: string; readonly time: string; readonly body: string };

type StoredMessage = {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  receiptHandle: string | undefined;
};

/** Standard queues in memory. Delay, visibility and retention follow `Date`, worked out whenever a queue is looked at. */
export type QueueStore = {
  queues(): readonly QueueSettings[];
  /** By name, ARN, URL, logical id or construct id. */
  find(reference: string): QueueSettings | undefined;
  send(
    queue: QueueSettings,
    body: string,
    delaySeconds?: number,
  ): { readonly messageId: string; readonly md5OfBody: string };
  receive(queue: QueueSettings, max: number, visibilityTimeoutSeconds?: number): readonly ReceivedMessage[];
  /** Whether the receipt handle still named a message. */
  remove(queue: QueueSettings, receiptHandle: string): boolean;
  changeVisibility(queue: QueueSettings, receiptHandle: string, seconds: number): boolean;
  state(): readonly QueueState[];
  seen(): readonly SeenBody[];
};

/** Creates every queue of the template, empty; throws for FIFO queues. */
export function createQueueStore(template: Template): QueueStore {
  const settings = template.byType("AWS::SQS::Queue").map(({ logicalId, properties }): QueueSettings => {
    if (properties["FifoQueue"] === true) throw new Error("The local host does not know FIFO queues.");
    const redrive = recordOf(properties["RedrivePolicy"]);
    const deadLetterArn = textOf(redrive["deadLetterTargetArn"]);
    return {
      name: template.attribute(logicalId, "QueueName"),
      arn: template.attribute(logicalId, "Arn"),
      url: template.physicalId(logicalId),
      logicalId,
      keyId: textOf(properties["KmsMasterKeyId"]),
      visibilityTimeoutSeconds: numberOf(properties["VisibilityTimeout"]) ?? 30,
      delaySeconds: numberOf(properties["DelaySeconds"]) ?? 0,
      retentionSeconds: numberOf(properties["MessageRetentionPeriod"]) ?? 345_600,
      maximumMessageBytes: numberOf(properties["MaximumMessageSize"]) ?? 262_144,
      redrive:
        deadLetterArn === undefined
          ? undefined
          : { deadLetterArn, maxReceiveCount: numberOf(redrive["maxReceiveCount"]) ?? 1 },
    };
  });
  const contents = new Map<string, StoredMessage[]>(settings.map(({ arn }) => [arn, []]));
  const seen: SeenBody[] = [];

  const messagesOf = (queue: QueueSettings): StoredMessage[] => {
    const kept = (contents.get(queue.arn) ?? []).filter(
      ({ sentAt }) => Date.now() < sentAt + queue.retentionSeconds * 1000,
    );
    contents.set(queue.arn, kept);
    return kept;
  };
  const put = (queue: QueueSettings, message: StoredMessage): void => {
    messagesOf(queue).push(message);
    seen.push({ queue: queue.name, time: new Date().toISOString(), body: message.body });
  };
  const find = (reference: string): QueueSettings | undefined =>
    settings.find(({ name, arn, url, logicalId }) => [name, arn, url, logicalId].includes(reference)) ??
    settings.find(({ logicalId }) => template.constructId(logicalId) === reference);
  const held = (queue: QueueSettings, receiptHandle: string): StoredMessage | undefined =>
    messagesOf(queue).find((message) => message.receiptHandle === receiptHandle);

  return {
    queues: () => settings,
    find,
    send(queue, body, delaySeconds = queue.delaySeconds) {
      const now = Date.now();
      const message: StoredMessage = {
        messageId: randomUUID(),
        body,
        sentAt: now,
        visibleAt: now + delaySeconds * 1000,
        receiveCount: 0,
        firstReceivedAt: undefined,
        receiptHandle: undefined,
      };
      put(queue, message);
      return { messageId: message.messageId, md5OfBody: md5(body) };
    },
    receive(queue, max, visibilityTimeoutSeconds = queue.visibilityTimeoutSeconds) {
      const now = Date.now();
      const received: ReceivedMessage[] = [];
      for (const message of messagesOf(queue).filter(({ visibleAt }) => visibleAt <= now)) {
        if (received.length >= max) break;
        const deadLetters = queue.redrive === undefined ? undefined : find(queue.redrive.deadLetterArn);
        if (
          queue.redrive !== undefined &&
          deadLetters !== undefined &&
          message.receiveCount >= queue.redrive.maxReceiveCount
        ) {
          contents.set(
            queue.arn,
            messagesOf(queue).filter((other) => other !== message),
          );
          put(deadLetters, { ...message, visibleAt: now, receiptHandle: undefined });
          continue;
        }
        message.receiveCount += 1;
        message.firstReceivedAt ??= now;
        message.visibleAt = now + visibilityTimeoutSeconds * 1000;
        message.receiptHandle = randomUUID();
        received.push({
          messageId: message.messageId,
          receiptHandle: message.receiptHandle,
          body: message.body,
          md5OfBody: md5(message.body),
          attributes: {
            ApproximateReceiveCount: String(message.receiveCount),
            SentTimestamp: String(message.sentAt),
            SenderId: template.account,
            ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
          },
        });
      }
      return received;
    },
    remove(queue, receiptHandle) {
      const message = held(queue, receiptHandle);
      contents.set(
        queue.arn,
        messagesOf(queue).filter((other) => other !== message),
      );
      return message !== undefined;
    },
    changeVisibility(queue, receiptHandle, seconds) {
      const message = held(queue, receiptHandle);
      if (message === undefined || message.visibleAt <= Date.now()) return false;
      message.visibleAt = Date.now() + seconds * 1000;
      return true;
    },
    state: () =>
      settings.map((queue) => {
        const now = Date.now();
        const messages = messagesOf(queue);
        const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
        const inFlight = hidden.filter(({ receiptHandle }) => receiptHandle !== undefined).length;
        return {
          name: queue.name,
          visible: messages.length - hidden.length,
          inFlight,
          delayed: hidden.length - inFlight,
          nextVisibleAt:
            hidden.length === 0 ? undefined : Math.min(...hidden.map(({ visibleAt }) => visibleAt)),
        };
      }),
    seen: () => [...seen],
  };
}

function md5(text: string): string {
  // SQS's own checksum, which its clients verify; nothing is protected by it.
  return createHash("md5").update(text).digest("hex");
}
