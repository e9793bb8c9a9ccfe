import { type Bedrock, createBedrock } from "./bedrock.ts";
import { type CallRecord, createCallLog } from "./call-log.ts";
import type { Clock } from "./clock.ts";
import { type Cognito, createCognito, UNSIGNED_COGNITO_OPERATIONS } from "./cognito.ts";
import { createDenials, type Denials } from "./denials.ts";
import { createTables, type Tables } from "./dynamodb/tables.ts";
import { createEmail, type Email } from "./email.ts";
import { createEventBus, type EventBus } from "./event-bus.ts";
import { withTableExports } from "./exports/table-exports.ts";
import { packTar } from "./exports/tar.ts";
import { exportWholeTable } from "./exports/whole-table.ts";
import { functionsOf, type LocalFunction } from "./functions.ts";
import { type Credentials, type Interceptor, listenGateway } from "./gateway.ts";
import { createAuthorizer } from "./iam.ts";
import { createKms, type Kms } from "./kms.ts";
import {
  createQueueStore,
  type QueueSettings,
  type QueueState,
  type ReceivedMessage,
  type SeenBody,
} from "./queue-store.ts";
import { createQueueService, queueKeyUse } from "./queues.ts";
import { anchorBucket, filesOf } from "./s3/bucket-views.ts";
import { createS3, type S3 } from "./s3/s3.ts";
import { createSms, type Sms } from "./sms.ts";
import { loadTemplate, type Template } from "./template.ts";
import { createTopics, type Topics } from "./topics.ts";

/** The queues, for the host that feeds functions from them. A queue is named by name, ARN, URL, logical or construct id. */
export type Queues = {
  list(): readonly QueueSettings[];
  receive(queue: string, max: number, visibilityTimeoutSeconds?: number): readonly ReceivedMessage[];
  deleteMessages(queue: string, receiptHandles: readonly string[]): void;
  changeVisibility(queue: string, receiptHandle: string, seconds: number): void;
  /** Puts a message on a queue as an AWS service or operator would. */
  send(queue: string, body: string, delaySeconds?: number): void;
  queueState(): readonly QueueState[];
  /** Every message body ever put on a queue, oldest first. */
  bodiesSeen(): readonly SeenBody[];
  /** Why the function's role may not be fed from the queue, or undefined where it may. */
  consumerRefusal(functionName: string, queue: string): string | undefined;
  /** Why Lambda may not put a failed invocation on the queue in the name of the function's role, or undefined. */
  senderRefusal(functionName: string, queue: string): string | undefined;
};

/** Everything of AWS that the template describes, running inside this process behind one gateway. */
export type Aws = {
  readonly gatewayUrl: string;
  readonly template: Template;
  readonly functions: readonly LocalFunction[];
  /**
   * The function's own key, or the one of an instance of it. Throws for a name that is no function's, and for a role whose
   * policies cannot be evaluated.
   */
  credentialsFor(functionName: string, instance?: string): Credentials;
  readonly hostCredentials: Credentials;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly events: EventBus;
  readonly sms: Sms;
  readonly ses: Email;
  readonly bedrock: Bedrock;
  readonly cognito: Cognito;
  readonly kms: Kms;
  readonly s3: S3;
  calls(since?: string): readonly CallRecord[];
  /**
   * A full export of a table (named by physical name, logical or construct id) as a tar archive; beside the audit table's
   * lie the anchors and their keys.
   */
  exportTable(table: string): Promise<Buffer>;
  /** Faults of the host: called around every allowed call of a function. */
  setInterceptor(interceptor: Interceptor | undefined): void;
  /** Permissions that functions are treated as lacking. */
  readonly denials: Denials;
  /** From now on nothing that this instance sends has an effect or gets an answer. */
  disconnect(instance: string): void;
  /** The services that have a stand-in, as they stand in call records. */
  serviceNames(): readonly string[];
  /** Work that goes on without anyone asking: calls being answered and reports the carrier still has to make. */
  pendingWork(): number;
  stop(): Promise<void>;
};

/** Where the template is and whose clock runs. */
export type AwsSettings = {
  readonly templatePath: string;
  /** Must be installed already: everything here reads `Date`. */
  readonly clock: Clock;
  readonly account?: string;
  readonly region?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where the template's APIs are reached: their own origins in the CORS rules of buckets lead there. */
  readonly base?: string;
};

/** The construct id of the audit table. */
const AUDIT = "Audit";
/** What lies beside its export. */
const ANCHOR_PREFIXES = ["anchors/", "anchor-keys/"];

/** Starts everything from the template; throws where the template describes what this host could only guess about. */
export async function startAws({
  templatePath,
  clock,
  account,
  region,
  parameters,
  base,
}: AwsSettings): Promise<Aws> {
  if (Math.abs(Date.now() - clock.now()) > 1000)
    throw new Error("The clock is not installed in this thread.");
  const gateway = await listenGateway();
  try {
    const template = loadTemplate(templatePath, { account, region, gatewayUrl: gateway.url, parameters });
    const functions = functionsOf(template);
    const denials = createDenials();
    const authorizer = createAuthorizer(template, denials);
    const calls = createCallLog();
    const tables = createTables(template);
    const queueStore = createQueueStore(template);
    const topics = createTopics(template, queueStore, authorizer);
    const events = createEventBus(template, queueStore, authorizer);
    const sms = createSms(template, functions, topics, events);
    const ses = createEmail(template, topics);
    const bedrock = createBedrock(template);
    const kms = createKms(template);
    const apiOrigins = new Set(
      template
        .byType("AWS::ApiGateway::RestApi")
        .map(
          ({ logicalId }) =>
            `https://${template.physicalId(logicalId)}.execute-api.${template.region}.amazonaws.com`,
        ),
    );
    const s3 = createS3(template, authorizer, queueStore, (origin) =>
      base !== undefined && apiOrigins.has(origin) ? base : origin,
    );
    const cognito = await createCognito(template);

    gateway.open({
      region: template.region,
      functions,
      authorizer,
      calls,
      services: [
        withTableExports(tables.service, { template, tables, s3, authorizer }),
        s3.service,
        createQueueService(template, queueStore),
        kms.service,
        sms.service,
        ses.service,
        bedrock.service,
        cognito.service,
      ],
      unsigned: new Set(UNSIGNED_COGNITO_OPERATIONS.map((operation) => `cognito-idp.${operation}`)),
      publicDocument: (path) =>
        template.byType("AWS::Cognito::UserPool").length > 0 &&
        path === `/${cognito.poolId()}/.well-known/jwks.json`
          ? cognito.jwks()
          : undefined,
    });

    const queueNamed = (reference: string): QueueSettings => {
      const queue = queueStore.find(reference);
      if (queue === undefined) throw new RangeError("There is no such queue.");
      return queue;
    };
    const queueRefusal = (functionName: string, queue: string, actions: readonly string[]) => {
      const caller = functions.find(({ name, logicalId, physicalName }) =>
        [name, logicalId, physicalName].includes(functionName),
      );
      if (caller === undefined) throw new RangeError("There is no such function.");
      const settings = queueNamed(queue);
      return actions
        .flatMap((action) => [
          { action, resource: settings.arn, context: {} },
          ...queueKeyUse(template, settings, action),
        ])
        .map((check) => authorizer.refuseFunction(caller, check))
        .find((refusal) => refusal !== undefined);
    };
    const queues: Queues = {
      list: () => queueStore.queues(),
      receive: (queue, max, visibilityTimeoutSeconds) =>
        queueStore.receive(queueNamed(queue), max, visibilityTimeoutSeconds),
      deleteMessages: (queue, receiptHandles) => {
        for (const receiptHandle of receiptHandles) queueStore.remove(queueNamed(queue), receiptHandle);
      },
      changeVisibility: (queue, receiptHandle, seconds) => {
        queueStore.changeVisibility(queueNamed(queue), receiptHandle, seconds);
      },
      send: (queue, body, delaySeconds) => {
        queueStore.send(queueNamed(queue), body, delaySeconds);
      },
      queueState: () => queueStore.state(),
      bodiesSeen: () => queueStore.seen(),
      consumerRefusal: (functionName, queue) =>
        queueRefusal(functionName, queue, [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
        ]),
      senderRefusal: (functionName, queue) => queueRefusal(functionName, queue, ["sqs:SendMessage"]),
    };

    return {
      gatewayUrl: gateway.url,
      template,
      functions,
      credentialsFor: (functionName, instance) => gateway.credentialsFor(functionName, instance),
      hostCredentials: gateway.hostCredentials,
      tables,
      queues,
      topics,
      events,
      sms,
      ses,
      bedrock,
      cognito,
      kms,
      s3,
      calls: (since) => calls.since(since),
      exportTable: async (table) => {
        const files = await exportWholeTable(template, tables, table);
        const isAudit =
          template.find("AWS::DynamoDB::Table", table) === template.find("AWS::DynamoDB::Table", AUDIT);
        return packTar([...files, ...(isAudit ? filesOf(anchorBucket(s3.buckets()), ANCHOR_PREFIXES) : [])]);
      },
      setInterceptor: (interceptor) => gateway.setInterceptor(interceptor),
      denials,
      disconnect: (instance) => gateway.disconnect(instance),
      serviceNames: () => gateway.serviceNames(),
      pendingWork: () => gateway.inFlight() + sms.pending(),
      stop: async () => {
        sms.stop();
        ses.stop();
        await gateway.close();
      },
    };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}
