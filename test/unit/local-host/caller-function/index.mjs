// A function that makes the AWS calls that it is told to make, for tests of faults, of the clock and of queues.
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const dynamodb = new DynamoDBClient();
const sqs = new SQSClient();
const sms = new PinpointSMSVoiceV2Client({ maxAttempts: 1 });
const { TABLE, URGENT_URL, BULK_URL, ORIGINATION_IDENTITY, CONFIGURATION_SET } = process.env;
let invocations = 0;

const put = (key) =>
  dynamodb.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: { pk: { S: key }, sk: { S: "1" }, at: { N: String(Date.now()) } },
    }),
  );
const send = (queueUrl, body, delaySeconds) =>
  sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }));

const tasks = {
  put,
  nothing: () => undefined,
  get: (key) =>
    dynamodb.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: key }, sk: { S: "1" } } })),
  both: (key) => Promise.all([put(`${key}-1`), put(`${key}-2`)]),
  urgent: (body) => send(URGENT_URL, body),
  bulk: (body) => send(BULK_URL, body),
  delayed: async (text) => {
    for (const seconds of text.split(",")) await send(URGENT_URL, `put ${seconds}`, Number(seconds));
  },
  text: (to) =>
    sms.send(
      new SendTextMessageCommand({
        DestinationPhoneNumber: to,
        OriginationIdentity: ORIGINATION_IDENTITY,
        ConfigurationSetName: CONFIGURATION_SET,
        MessageBody: "Something is waiting.",
      }),
    ),
  sleep: async (text) => {
    const [milliseconds, key] = text.split(" ");
    await sleep(Number(milliseconds));
    await put(key);
  },
};

async function perform(text) {
  const [task, ...rest] = text.split(" ");
  await tasks[task](rest.join(" "));
}

export async function handler(event) {
  invocations += 1;
  if (event.Records !== undefined) {
    for (const { body } of event.Records) {
      // What arrives by a topic is a notification that holds the message.
      const text = body.startsWith("{") ? JSON.parse(JSON.parse(body).Message).messageBody : body;
      if (text !== undefined) await perform(text);
    }
    return { batchItemFailures: [] };
  }
  if (event.pathParameters == null) return put(`schedule ${event.time}`);
  let outcome = "done";
  try {
    await perform(decodeURIComponent(event.pathParameters.task));
  } catch (error) {
    outcome = error.name;
  }
  return { statusCode: 200, headers: {}, body: JSON.stringify({ outcome, invocations }) };
}
