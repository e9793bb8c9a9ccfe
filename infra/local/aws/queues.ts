import { type JsonRecord, listOf, numberOf, recordOf, textOf } from "../json-shape.ts";
import { awsError, isAwsError, unknownOperation } from "./aws-error.ts";
import { keyArn } from "./dynamodb/tables.ts";
import type { PermissionCheck } from "./iam.ts";
import type { QueueSettings, QueueStore } from "./queue-store.ts";
import { type AwsService, type Operation, readJsonOperation } from "./service.ts";
import type { Template } from "./template.ts";

const MAX_DELAY_SECONDS = 900;
const MAX_VISIBILITY_SECONDS = 43_200;
const MAX_BATCH_ENTRIES = 10;
/** What SQS lets a message contain. */
const ALLOWED_BODY = /^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** The permission that each operation is checked as. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  SendMessage: "sqs:SendMessage",
  SendMessageBatch: "sqs:SendMessage",
  ReceiveMessage: "sqs:ReceiveMessage",
  DeleteMessage: "sqs:DeleteMessage",
  DeleteMessageBatch: "sqs:DeleteMessage",
  ChangeMessageVisibility: "sqs:ChangeMessageVisibility",
  GetQueueAttributes: "sqs:GetQueueAttributes",
  GetQueueUrl: "sqs:GetQueueUrl",
};

/** SQS's JSON protocol over the queue store. */
export function createQueueService(template: Template, store: QueueStore): AwsService {
  const queueOf = (input: JsonRecord): QueueSettings => {
    const queue = store.queues().find(({ url }) => url === input["QueueUrl"]);
    if (queue === undefined) throw awsError("QueueDoesNotExist", "The specified queue does not exist.");
    return queue;
  };

  const run = ({ name, input }: Operation): JsonRecord => {
    switch (name) {
      case "SendMessage":
        return send(store, queueOf(input), input);
      case "SendMessageBatch":
        return sendBatch(store, queueOf(input), input);
      case "ReceiveMessage":
        return receive(store, queueOf(input), input);
      case "DeleteMessage":
        refuseOthers(input, ["QueueUrl", "ReceiptHandle"]);
        store.remove(queueOf(input), textOf(input["ReceiptHandle"]) ?? "");
        return {};
      case "DeleteMessageBatch": {
        const entries = batchEntries(input);
        for (const entry of entries) store.remove(queueOf(input), textOf(entry["ReceiptHandle"]) ?? "");
        return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
      }
      case "ChangeMessageVisibility": {
        const seconds = integerIn(input, "VisibilityTimeout", 0, MAX_VISIBILITY_SECONDS);
        if (seconds === undefined)
          throw awsError("MissingParameter", "The request must contain the parameter VisibilityTimeout.");
        if (!store.changeVisibility(queueOf(input), textOf(input["ReceiptHandle"]) ?? "", seconds)) {
          throw awsError("MessageNotInflight", "The specified message isn't in flight.");
        }
        return {};
      }
      case "GetQueueUrl": {
        const queue = store.queues().find((each) => each.name === input["QueueName"]);
        if (queue === undefined) throw awsError("QueueDoesNotExist", "The specified queue does not exist.");
        return { QueueUrl: queue.url };
      }
      case "GetQueueAttributes":
        return { Attributes: attributes(store, queueOf(input), listOf(input["AttributeNames"]).map(String)) };
      default:
        throw unknownOperation(name);
    }
  };

  return {
    name: "sqs",
    read: (request) => readJsonOperation(request, "AmazonSQS"),
    permissions: ({ name, input }) => {
      const action = PERMISSIONS[name] ?? `sqs:${name}`;
      const queueName =
        name === "GetQueueUrl" ? textOf(input["QueueName"]) : textOf(input["QueueUrl"])?.split("/").at(-1);
      const queue = store.queues().find((each) => each.name === queueName);
      // The policy decides before anyone learns whether there is such a queue.
      const resource = queue?.arn ?? `arn:aws:sqs:${template.region}:${template.account}:${queueName ?? "*"}`;
      return [
        { action, resource, context: {} },
        ...(queue === undefined ? [] : queueKeyUse(template, queue, action)),
      ];
    },
    run,
    queryErrorCode: (code) =>
      code === "QueueDoesNotExist" ? "AWS.SimpleQueueService.NonExistentQueue" : undefined,
  };
}

/** The KMS calls that SQS makes with the caller's rights on an encrypted queue. */
export function queueKeyUse(
  template: Template,
  queue: QueueSettings,
  action: string,
): readonly PermissionCheck[] {
  const uses: Readonly<Record<string, readonly string[]>> = {
    "sqs:SendMessage": ["kms:GenerateDataKey", "kms:Decrypt"],
    "sqs:ReceiveMessage": ["kms:Decrypt"],
  };
  if (queue.keyId === undefined) return [];
  const resource = keyArn(template, queue.keyId);
  const context = {
    "kms:ViaService": [`sqs.${template.region}.amazonaws.com`],
    "kms:EncryptionContext:aws:sqs:arn": [queue.arn],
    "kms:EncryptionContextKeys": ["aws:sqs:arn"],
  };
  return (uses[action] ?? []).map((kmsAction) => ({ action: kmsAction, resource, context, implied: true }));
}

function send(store: QueueStore, queue: QueueSettings, input: JsonRecord): JsonRecord {
  refuseOthers(input, ["QueueUrl", "MessageBody", "DelaySeconds", "Id"]);
  const body = textOf(input["MessageBody"]);
  if (body === undefined || body === "")
    throw awsError("MissingParameter", "The request must contain the parameter MessageBody.");
  if (!ALLOWED_BODY.test(body))
    throw awsError("InvalidMessageContents", "The message contains characters outside the allowed set.");
  if (Buffer.byteLength(body, "utf8") > queue.maximumMessageBytes) {
    throw awsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maximumMessageBytes} bytes.`,
    );
  }
  const sent = store.send(queue, body, integerIn(input, "DelaySeconds", 0, MAX_DELAY_SECONDS));
  return { MessageId: sent.messageId, MD5OfMessageBody: sent.md5OfBody };
}

function sendBatch(store: QueueStore, queue: QueueSettings, input: JsonRecord): JsonRecord {
  const entries = batchEntries(input);
  const bytes = entries.reduce(
    (sum, entry) => sum + Buffer.byteLength(textOf(entry["MessageBody"]) ?? "", "utf8"),
    0,
  );
  if (bytes > queue.maximumMessageBytes)
    throw awsError(
      "BatchRequestTooLong",
      "The length of all the messages put together is more than the limit.",
    );
  const outcomes = entries.map((entry) => {
    try {
      return { ok: true, value: { Id: entry["Id"], ...send(store, queue, entry) } };
    } catch (error) {
      if (!isAwsError(error)) throw error;
      return {
        ok: false,
        value: { Id: entry["Id"], Code: error.code, Message: error.message, SenderFault: true },
      };
    }
  });
  return {
    Successful: outcomes.filter(({ ok }) => ok).map(({ value }) => value),
    Failed: outcomes.filter(({ ok }) => !ok).map(({ value }) => value),
  };
}

function batchEntries(input: JsonRecord): readonly JsonRecord[] {
  refuseOthers(input, ["QueueUrl", "Entries"]);
  const entries = listOf(input["Entries"]).map(recordOf);
  if (entries.length === 0)
    throw awsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  if (entries.length > MAX_BATCH_ENTRIES)
    throw awsError(
      "TooManyEntriesInBatchRequest",
      "The batch request contains more entries than permissible.",
    );
  const ids = entries.map(({ Id }) => textOf(Id) ?? "");
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw awsError("InvalidBatchEntryId", "The Id of a batch entry doesn't abide by the specification.");
  if (new Set(ids).size !== ids.length)
    throw awsError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.");
  return entries;
}

function receive(store: QueueStore, queue: QueueSettings, input: JsonRecord): JsonRecord {
  refuseOthers(input, [
    "QueueUrl",
    "MaxNumberOfMessages",
    "VisibilityTimeout",
    "WaitTimeSeconds",
    "AttributeNames",
    "MessageSystemAttributeNames",
    "MessageAttributeNames",
  ]);
  // Long polling answers at once: its waiting would run on real time, not on the local clock.
  integerIn(input, "WaitTimeSeconds", 0, 20);
  const max = integerIn(input, "MaxNumberOfMessages", 1, 10) ?? 1;
  const messages = store.receive(
    queue,
    max,
    integerIn(input, "VisibilityTimeout", 0, MAX_VISIBILITY_SECONDS),
  );
  const names = [...listOf(input["AttributeNames"]), ...listOf(input["MessageSystemAttributeNames"])].map(
    String,
  );
  return {
    Messages: messages.map((message) => ({
      MessageId: message.messageId,
      ReceiptHandle: message.receiptHandle,
      MD5OfBody: message.md5OfBody,
      Body: message.body,
      Attributes: Object.fromEntries(
        Object.entries(message.attributes).filter(([name]) => names.includes("All") || names.includes(name)),
      ),
    })),
  };
}

function attributes(store: QueueStore, queue: QueueSettings, names: readonly string[]): JsonRecord {
  const state = store.state().find(({ name }) => name === queue.name);
  const all: Readonly<Record<string, string>> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(state?.visible ?? 0),
    ApproximateNumberOfMessagesNotVisible: String(state?.inFlight ?? 0),
    ApproximateNumberOfMessagesDelayed: String(state?.delayed ?? 0),
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    DelaySeconds: String(queue.delaySeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    MaximumMessageSize: String(queue.maximumMessageBytes),
  };
  const unknown = names.find((name) => name !== "All" && !(name in all));
  if (unknown !== undefined)
    throw awsError("InvalidAttributeName", `The local host does not know the attribute ${unknown}.`);
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name)),
  );
}

function integerIn(input: JsonRecord, name: string, min: number, max: number): number | undefined {
  if (input[name] == null) return undefined;
  const value = numberOf(input[name]);
  if (value === undefined || !Number.isInteger(value) || value < min || value > max) {
    throw awsError(
      "InvalidParameterValue",
      `Value for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}.`,
    );
  }
  return value;
}

/** Message attributes, FIFO groups and the like: not imitated, so never silently lost. */
function refuseOthers(input: JsonRecord, known: readonly string[]): void {
  const unknown = Object.keys(input).find((name) => !known.includes(name) && input[name] != null);
  if (unknown !== undefined)
    throw awsError("InvalidParameterValue", `The local host does not support the parameter ${unknown}.`);
}
