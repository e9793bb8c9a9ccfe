import type { FunctionOutcome } from "../functions/function-outcome.ts";
import { isRecord, listOf, textOf } from "../json-shape.ts";

/** One received queue message, with the attributes that Lambda passes on. */
export type QueueMessage = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** The queue that a consumer reads. */
export type ConsumedQueue = {
  receive(messagesMax: number): Promise<readonly QueueMessage[]>;
  remove(receiptHandles: readonly string[]): Promise<void>;
};

/** How a consumer works, from the template's event source mapping. */
export type ConsumerSettings = {
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  /** Whether the function reports the failed messages one by one (ReportBatchItemFailures). */
  readonly partialResponses: boolean;
  readonly concurrencyMax: number;
};

/** A poller that feeds one queue to one function. */
export type QueueConsumer = {
  /** Looks for messages now. */
  poke(): void;
  /** Whether nothing is being received or processed. */
  isIdle(): boolean;
  /** Stops looking; resolves when what is being processed has ended. */
  stop(): Promise<void>;
};

/** How often a queue is looked at without a reason to: failed and delayed messages come back by themselves. */
const LOOK_EVERY_MS = 1000;

/** Feeds a queue to a function as Lambda's event source mapping does; failed messages stay until their visibility ends. */
export function createQueueConsumer(
  settings: ConsumerSettings,
  queue: ConsumedQueue,
  invoke: (event: unknown) => Promise<FunctionOutcome>,
  reportFault: (error: unknown) => void,
): QueueConsumer {
  const running = new Set<Promise<void>>();
  let stopped = false;

  const drain = async () => {
    while (!stopped) {
      const messages = await queue.receive(settings.batchSize);
      if (messages.length === 0) return;
      poke();
      const outcome = await invoke({ Records: messages.map((message) => record(message, settings)) });
      const failed = failedMessages(messages, outcome, settings.partialResponses);
      await queue.remove(
        messages.filter(({ messageId }) => !failed.has(messageId)).map(({ receiptHandle }) => receiptHandle),
      );
    }
  };

  const poke = () => {
    if (stopped || running.size >= settings.concurrencyMax) return;
    const work: Promise<void> = drain()
      .catch((error: unknown) => {
        if (!stopped) reportFault(error);
      })
      .finally(() => running.delete(work));
    running.add(work);
  };

  const timer = setInterval(poke, LOOK_EVERY_MS);
  timer.unref();
  return {
    poke,
    isIdle: () => running.size === 0,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.allSettled(running);
    },
  };
}

/** The messages that stay on the queue after an invocation; every one where the answer is not as Lambda wants it. */
export function failedMessages(
  messages: readonly QueueMessage[],
  outcome: FunctionOutcome,
  partialResponses: boolean,
): ReadonlySet<string> {
  const all = new Set(messages.map(({ messageId }) => messageId));
  if (outcome.kind !== "answered") return all;
  if (!partialResponses) return new Set();
  const answer: unknown = JSON.parse(outcome.payload);
  if (!isRecord(answer) || answer["batchItemFailures"] === undefined || answer["batchItemFailures"] === null)
    return new Set();
  const failures = listOf(answer["batchItemFailures"]).map((failure) =>
    isRecord(failure) ? textOf(failure["itemIdentifier"]) : undefined,
  );
  if (!Array.isArray(answer["batchItemFailures"]) || failures.some((id) => id === undefined || !all.has(id)))
    return all;
  return new Set(failures.filter((id) => id !== undefined));
}

function record(message: QueueMessage, settings: ConsumerSettings): Readonly<Record<string, unknown>> {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: {},
    md5OfBody: message.md5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: settings.queueArn,
    awsRegion: settings.region,
  };
}
