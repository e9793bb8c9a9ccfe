import type { IncomingMessage } from "node:http";
import { type Aws, startAws } from "./aws/aws.ts";
import type { Clock } from "./aws/clock.ts";
import { createLocalEndpoints, type LocalPorts } from "./control/local-endpoints.ts";
import { problem } from "./control/problems.ts";
import { createSignIn, type SignIn } from "./control/sign-in.ts";
import { readQueueSources, readScheduleSources } from "./events/event-sources.ts";
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
const CLOCK_SETTLE_TIMEOUT_MS = 30_000;
/** How often one jump of the clock fires the schedules: what a first run has put off to "now" is taken up by the next. */
const ROUNDS_AFTER_A_JUMP_MAX = 3;

/** Starts everything that the template describes, at `base`. Throws on what it does not know how to host. */
export async function startStack(templatePath: string, base: string, clock: Clock): Promise<Stack> {
  const aws = await startAws({ templatePath, clock });
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

  const pools = new Map<string, FunctionPool>();
  for (const settings of readFunctions(template, templatePath, place, (value) =>
    atBase(value, apis, place.region, base),
  )) {
    const pool = createFunctionPool(settings, {
      clockBuffer: clock.buffer,
      gateway,
      region: place.region,
      credentials: aws.credentialsFor(settings.logicalId),
      writeLog: (message) => {
        logs.write({ logGroup: settings.logGroupName, function: settings.name, message });
      },
    });
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
  const sources = readQueueSources(template);
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
  const consumedQueues = new Set(sources.map(({ queueArn }) => queueArn.split(":").at(-1)));
  const schedules = startSchedules(
    readScheduleSources(template, (logicalId) => template.attribute(logicalId, "Arn")),
    place,
    invoke,
  );

  const work: WorkSources = {
    poke: pokeConsumers,
    fireDue: async () => {
      aws.sms.reportDue();
      await schedules.fireDue();
    },
    isAtRest: async () =>
      schedules.isIdle() &&
      consumers.every((consumer) => consumer.isIdle()) &&
      [...pools.values()].every((pool) => pool.busy() === 0) &&
      aws.queues.queueState().every(({ name, visible }) => visible === 0 || !consumedQueues.has(name)) &&
      aws.pendingWork() === 0,
  };
  const moveClock = async (toMs: number) => {
    clock.advanceTo(Math.max(toMs, clock.now()));
    for (let round = 0; round < ROUNDS_AFTER_A_JUMP_MAX; round += 1) {
      pokeConsumers();
      const invocations = invocationCount();
      await settle(work, CLOCK_SETTLE_TIMEOUT_MS);
      if (invocationCount() === invocations) return;
    }
  };

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
    nextVisibleMs: () =>
      aws.queues
        .queueState()
        .filter(({ name }) => consumedQueues.has(name))
        .flatMap(({ nextVisibleAt }) => (nextVisibleAt === undefined ? [] : [nextVisibleAt]))
        .toSorted((one, other) => one - other)[0],
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

  function invocationCount(): number {
    return [...pools.values()].reduce((sum, pool) => sum + pool.invocations(), 0);
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
        aws.sms.receive(text);
        pokeConsumers();
      },
      emitTextEvent: async (textId, eventType) => {
        if (!aws.sms.texts().some(({ id }) => id === textId)) return false;
        try {
          aws.sms.emitEvent(textId, eventType);
        } catch (error) {
          if (error instanceof RangeError) return undefined;
          throw error;
        }
        pokeConsumers();
        return true;
      },
      modelBehaves: (behaviour) => {
        aws.bedrock.behave(behaviour);
      },
      emails: () => aws.ses.emails(),
      emailViews: () =>
        aws.ses
          .emails()
          .map(({ to, subject, body, sentAt }) => ({ to: to.join(", "), subject, body, sentAt })),
      moveClock,
      calls: (sinceMs) => aws.calls(new Date(sinceMs).toISOString()),
      logs: (sinceMs) => logs.since(sinceMs),
      accessLogs: (sinceMs) => accessLogs.filter(({ time }) => Date.parse(time) >= sinceMs),
      queueBodies: () => aws.queues.bodiesSeen(),
      exportTable: async (name) =>
        template.find("AWS::DynamoDB::Table", name) === undefined ? undefined : aws.exportTable(name),
      settled: () => settle(work, SETTLE_TIMEOUT_MS),
    };
  }
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
