import type { IncomingMessage } from "node:http";
import { type Aws, startAws } from "./aws/aws.ts";
import type { Clock } from "./aws/clock.ts";
import { packTar } from "./aws/exports/tar.ts";
import { createFaultInterceptor } from "./aws/fault-interceptor.ts";
import { createFaults } from "./aws/faults.ts";
import { filesOf, findBucket, viewBucket } from "./aws/s3/bucket-views.ts";
import { NETWORK_STATUS } from "./aws/texts/network-replies.ts";
import { createLocalEndpoints, type LocalPorts } from "./control/local-endpoints.ts";
import { problem } from "./control/problems.ts";
import { createSignIn, type SignIn } from "./control/sign-in.ts";
import { createClockMover } from "./events/clock-mover.ts";
import { type QueueSource, readQueueSources, readScheduleSources } from "./events/event-sources.ts";
import { failureRecord, readFailureDestinations } from "./events/failed-invocations.ts";
import { createQueueConsumer } from "./events/queue-consumer.ts";
import { startSchedules } from "./events/schedules.ts";
import { settle, type WorkSources } from "./events/settling.ts";
import { createFunctionPool, type FunctionPool } from "./functions/function-pool.ts";
import { readFunctions } from "./functions/function-settings.ts";
import { createLogBook } from "./functions/log-book.ts";
import type { AccessLogLine } from "./http/access-logs.ts";
import { createApiFront } from "./http/api-front.ts";
import type { HttpAnswer } from "./http/gateway-responses.ts";
import { type RestApi, readRestApis } from "./http/rest-apis.ts";

/** The stack of one template, running. */
export type Stack = {
  answer(request: IncomingMessage, path: string, query: string): Promise<HttpAnswer>;
  /** Resolves to true when nothing is left to do at the present clock, to false where that takes too long. */
  settled(): Promise<boolean>;
  /** Moves the clock and fires what is due; resolves when that has come to rest. */
  moveClock(toMs: number): Promise<void>;
  /** When the next hidden queue message becomes visible, in milliseconds since the epoch. */
  nextVisibleMs(): number | undefined;
  readonly staff: SignIn["staff"];
  /** Firewall rules that only the real service can evaluate. */
  readonly rulesNotEvaluated: readonly string[];
  /** The stand-ins for AWS, for a loader that fills the tables without the API. */
  readonly aws: Aws;
  stop(): Promise<void>;
};

const reportFault = (error: unknown) => {
  process.stderr.write(
    `local host: ${error instanceof Error ? (error.stack ?? error.message) : "unknown failure"}\n`,
  );
};

const SETTLE_TIMEOUT_MS = 60_000;
/** Real time that a patient's text may take before the host answers for it. */
const INBOUND_TIMEOUT_MS = 3000;
const INBOUND_LOOK_MS = 5;

/** Starts everything that the template describes, at `base`. Throws on what it does not know how to host. */
export async function startStack(templatePath: string, base: string, clock: Clock): Promise<Stack> {
  const aws = await startAws({ templatePath, clock, base });
  try {
    return await hostStack(aws, templatePath, base, clock);
  } catch (error) {
    await aws.stop();
    throw error;
  }
}

async function hostStack(aws: Aws, templatePath: string, base: string, clock: Clock): Promise<Stack> {
  const { template } = aws;
  // Naming throws for a type that this host has not been taught: nothing of a template is left out in silence.
  for (const logicalId of Object.keys(template.resources)) template.physicalId(logicalId);
  const place = { accountId: template.account, region: template.region };
  const apis = readRestApis(template);
  const logs = createLogBook();
  const accessLogs: AccessLogLine[] = [];
  const gateway = { hostname: new URL(aws.gatewayUrl).hostname, port: Number(new URL(aws.gatewayUrl).port) };

  const sources = readQueueSources(template);
  const pools = new Map<string, FunctionPool>();
  for (const settings of readFunctions(template, templatePath, place, (value) =>
    atBase(value, apis, place.region, base),
  )) {
    const pool = createFunctionPool(
      settings,
      {
        clockBuffer: clock.buffer,
        gateway,
        region: place.region,
        credentialsOf: (instanceId) => aws.credentialsFor(settings.logicalId, instanceId),
        writeLog: (message) => {
          logs.write({ logGroup: settings.logGroupName, function: settings.name, message });
        },
      },
      concurrencyOf(settings.logicalId, sources),
    );
    pools.set(settings.logicalId, pool);
  }
  const stopPools = () => Promise.all([...pools.values()].map((pool) => pool.stop()));
  try {
    await Promise.all([...pools.values()].map((pool) => pool.warm()));
  } catch (error) {
    await stopPools();
    throw error;
  }

  const invoke = async (logicalId: string, event: unknown) => {
    const pool = pools.get(logicalId);
    if (pool === undefined) throw new Error(`There is no function ${logicalId}.`);
    const outcome = await pool.invoke(event);
    // Functions send most messages, and they have done so when they answer.
    pokeConsumers();
    return outcome;
  };
  const destinations = readFailureDestinations(template, (logicalId) => template.attribute(logicalId, "Arn"));
  for (const { functionLogicalId, queueArn } of destinations) {
    const refusal = aws.queues.senderRefusal(functionLogicalId, queueArn);
    if (refusal !== undefined) throw new Error(`${functionLogicalId} could not tell of failures: ${refusal}`);
  }
  /** Nobody waits for it: what failed goes where the template says. */
  const invokeAlone = async (logicalId: string, event: unknown) => {
    const outcome = await invoke(logicalId, event);
    const destination = destinations.find(({ functionLogicalId }) => functionLogicalId === logicalId);
    const record = destination === undefined ? undefined : failureRecord(destination, event, outcome);
    if (destination !== undefined && record !== undefined) aws.queues.send(destination.queueArn, record);
    return outcome;
  };
  for (const { functionLogicalId, queueArn } of sources) {
    // On AWS the mapping would not be created.
    const refusal = aws.queues.consumerRefusal(functionLogicalId, queueArn);
    if (refusal !== undefined) throw new Error(`${functionLogicalId} may not read its queue: ${refusal}`);
  }
  const consumers = sources.map((source) =>
    createQueueConsumer(
      { ...source, region: place.region },
      {
        receive: async (messagesMax) => aws.queues.receive(source.queueArn, messagesMax),
        remove: async (receiptHandles) => aws.queues.deleteMessages(source.queueArn, receiptHandles),
      },
      (event) => invoke(source.functionLogicalId, event),
      reportFault,
    ),
  );
  const pokeConsumers = () => {
    for (const consumer of consumers) consumer.poke();
  };
  const consumedQueues = new Set(sources.map(({ queueArn }) => queueName(queueArn)));
  const schedules = startSchedules(
    readScheduleSources(template, (logicalId) => template.attribute(logicalId, "Arn")),
    place,
    invokeAlone,
  );

  const work: WorkSources = {
    poke: pokeConsumers,
    fireDue: async () => {
      aws.sms.reportDue();
      aws.ses.reportDue();
      await schedules.fireDue();
    },
    isAtRest: async () =>
      schedules.isIdle() &&
      consumers.every((consumer) => consumer.isIdle()) &&
      [...pools.values()].every((pool) => pool.busy() === 0) &&
      aws.queues.queueState().every(({ name, visible }) => visible === 0 || !consumedQueues.has(name)) &&
      aws.pendingWork() === 0,
  };
  const moveClock = createClockMover({
    clock,
    work,
    nextDueMs: () => earliest(aws.sms.nextReportMs(), aws.ses.nextReportMs(), nextVisibleMs()),
    nextScheduledMs: schedules.nextMs,
  });

  const faults = createFaults();
  aws.setInterceptor(
    createFaultInterceptor(faults, {
      endInstance: async ({ function: name, instance }, end, atEnd) => {
        if (instance === undefined) return atEnd();
        aws.disconnect(instance);
        const pool = [...pools.values()].find(({ settings }) => settings.name === name);
        await pool?.kill(instance, () => {
          atEnd();
          return end;
        });
      },
      letPass: (milliseconds) => {
        clock.catchUpTo(clock.now() + milliseconds);
        pokeConsumers();
        // The call that this happens in is work in progress itself: nothing here may wait for what it starts.
        work.fireDue().catch(reportFault);
      },
      longestInvocationMs: (name) => longestInvocationMs(name, pools, apis),
    }),
  );

  const signIn = createSignIn(aws.cognito);
  const local = createLocalEndpoints(localPorts());
  const fronts = new Map(
    apis.map((api) => [
      api.stageName,
      createApiFront(api, { ...place, invoke, writeAccessLog: (line) => accessLogs.push(line) }),
    ]),
  );

  return {
    async answer(request, path, query) {
      const [, first = "", rest = ""] = /^\/([^/]*)(.*)$/su.exec(path) ?? [];
      if (first === "_local") return local(request, rest.replace(/\/$/u, ""), query);
      if (path === "/") return { status: 302, headers: { Location: "/_local" }, body: "" };
      const front = fronts.get(first);
      if (front === undefined)
        return problem("not_found", "There is nothing here; GET /_local lists what this host has.");
      return front(request, rest === "" ? "/" : rest, query);
    },
    settled: () => settle(work, SETTLE_TIMEOUT_MS),
    moveClock,
    nextVisibleMs,
    staff: signIn.staff,
    rulesNotEvaluated: apis.flatMap(({ firewall }) => firewall?.notEvaluated ?? []),
    aws,
    async stop() {
      schedules.stop();
      const consumersEnd = Promise.all(consumers.map((consumer) => consumer.stop()));
      await stopPools();
      await consumersEnd;
      await aws.stop();
    },
  };

  function nextVisibleMs(): number | undefined {
    return earliest(
      ...aws.queues
        .queueState()
        .filter(({ name }) => consumedQueues.has(name))
        .map(({ nextVisibleAt }) => nextVisibleAt),
    );
  }

  /** Waits until the functions have worked off queues that just got a message, or have failed at it. */
  async function workedOff(queueNames: ReadonlySet<string>): Promise<void> {
    const endMs = performance.now() + INBOUND_TIMEOUT_MS;
    const isBusy = () =>
      aws.queues.queueState().some(({ name, visible }) => visible > 0 && queueNames.has(name)) ||
      consumers.some(
        (consumer, index) => queueNames.has(queueName(sources[index]?.queueArn ?? "")) && !consumer.isIdle(),
      );
    while (isBusy() && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, INBOUND_LOOK_MS));
    }
  }

  function localPorts(): LocalPorts {
    return {
      signIn: async (user) => signIn.accessToken(user),
      startPageView: () => ({
        base,
        now: new Date().toISOString(),
        staff: signIn.staff(),
        routes: routesOf(apis),
      }),
      texts: () => aws.sms.texts(),
      receiveText: async (text) => {
        const seen = aws.queues.bodiesSeen().length;
        const inboundMessageId = aws.sms.receive(text);
        const reached = aws.queues.bodiesSeen().slice(seen);
        pokeConsumers();
        await workedOff(
          new Set(reached.map(({ queue }) => queue).filter((name) => consumedQueues.has(name))),
        );
        return inboundMessageId;
      },
      emitTextEvent: async (textId, eventType) => {
        if (!aws.sms.texts().some(({ id, status }) => id === textId && status !== NETWORK_STATUS))
          return false;
        try {
          aws.sms.emitEvent(textId, eventType);
        } catch (error) {
          if (error instanceof RangeError) return undefined;
          throw error;
        }
        pokeConsumers();
        return true;
      },
      phoneView: () => ({ practiceNumber: aws.sms.phoneNumber, optOuts: aws.sms.optOuts }),
      carrierAnswers: aws.sms.carrierAnswers,
      setCarrierAnswers: aws.sms.setCarrierAnswers,
      modelBehaves: (behaviour) => {
        aws.bedrock.behave(behaviour);
      },
      emails: () => aws.ses.emails(),
      emitEmailEvent: async (emailId, eventType, bounceType) => {
        if (!aws.ses.emails().some(({ id }) => id === emailId)) return false;
        aws.ses.emitEvent(emailId, eventType, bounceType);
        pokeConsumers();
        return true;
      },
      faults,
      denials: aws.denials,
      tableArn: (name) => {
        const table = template.find("AWS::DynamoDB::Table", name);
        return table === undefined ? undefined : template.attribute(table.logicalId, "Arn");
      },
      callNames: () => ({
        functions: aws.functions.map(({ name }) => name),
        services: aws.serviceNames(),
      }),
      invoke: async (name, event) => {
        const pool = [...pools.values()].find(({ settings }) => settings.name === name);
        return pool === undefined ? undefined : invoke(pool.settings.logicalId, event);
      },
      moveClock,
      calls: (sinceMs) => aws.calls(new Date(sinceMs).toISOString()),
      logs: (sinceMs) => logs.since(sinceMs),
      accessLogs: (sinceMs) => accessLogs.filter(({ time }) => Date.parse(time) >= sinceMs),
      queueBodies: () => aws.queues.bodiesSeen(),
      exportTable: async (name) =>
        template.find("AWS::DynamoDB::Table", name) === undefined ? undefined : aws.exportTable(name),
      buckets: () => aws.s3.buckets().map(viewBucket),
      bucketTar: async (name) => {
        const bucket = findBucket(aws.s3.buckets(), name);
        return bucket === undefined ? undefined : packTar(filesOf(bucket, [""]));
      },
      object: (name, key) => findBucket(aws.s3.buckets(), name)?.find(key),
      settled: () => settle(work, SETTLE_TIMEOUT_MS),
    };
  }
}

/** How many events the queues of a function hand over at once: none of them then waits behind another's. */
function concurrencyOf(functionLogicalId: string, sources: readonly QueueSource[]): number {
  return sources
    .filter((source) => source.functionLogicalId === functionLogicalId)
    .reduce((sum, { concurrencyMax }) => sum + concurrencyMax, 0);
}

/** A function's own time-out, or where an API waits for it, the API's if that is shorter. */
function longestInvocationMs(
  name: string,
  pools: ReadonlyMap<string, FunctionPool>,
  apis: readonly RestApi[],
): number {
  const settings = [...pools.values()].map((pool) => pool.settings).find((each) => each.name === name);
  const waits = apis
    .flatMap(({ methods }) => methods)
    .filter(({ functionLogicalId }) => functionLogicalId === settings?.logicalId)
    .map(({ integrationTimeoutMs }) => integrationTimeoutMs);
  return Math.min(settings?.timeoutMs ?? 0, ...waits);
}

function queueName(queueArn: string): string {
  return queueArn.split(":").at(-1) ?? "";
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  return times.filter((time) => time !== undefined).toSorted((one, other) => one - other)[0];
}

/** The template's own API addresses, where they stand in a variable, led to this host. */
function atBase(value: string, apis: readonly RestApi[], region: string, base: string): string {
  return apis.reduce(
    (text, { restApiId, stageName }) =>
      text.replaceAll(
        `https://${restApiId}.execute-api.${region}.amazonaws.com/${stageName}`,
        `${base}/${stageName}`,
      ),
    value,
  );
}

function routesOf(apis: readonly RestApi[]): readonly string[] {
  return apis.flatMap(({ stageName, methods }) =>
    methods.map(
      ({ httpMethod, resourcePath }) =>
        `${httpMethod} /${stageName}${resourcePath === "/" ? "" : resourcePath}`,
    ),
  );
}
