import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import type { FunctionOutcome } from "./function-outcome.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { GatewayAddress } from "./network-guard.ts";
import type { InvocationRequest, WorkerMessage, WorkerSettings } from "./worker-protocol.ts";

/** What an instance of a function needs of the host. */
export type InstancePorts = {
  readonly clockBuffer: SharedArrayBuffer;
  readonly gateway: GatewayAddress;
  readonly region: string;
  /** The access key of one instance, which tells the gateway whose call it answers. */
  readonly credentialsOf: (instanceId: string) => {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  readonly writeLog: (message: string) => void;
};

/** One execution environment of a function: a worker thread that runs one event at a time. */
export type Instance = {
  readonly id: string;
  /** Resolves when the bundle is loaded; undefined, or the failure of the load. */
  readonly ready: Promise<Extract<FunctionOutcome, { kind: "failed" }> | undefined>;
  readonly isAlive: () => boolean;
  /** Runs one event. Never rejects; after a time-out or a crash the instance is no longer alive. */
  run(event: string): Promise<FunctionOutcome>;
  /**
   * Ends the instance in the middle of what it runs, as a crash or a time-out does. `atEnd` is called when nothing of it
   * runs any more and before anybody learns of the outcome; the invocation then ends with what it gives.
   */
  kill(atEnd: () => InstanceEnd): Promise<void>;
  end(): Promise<void>;
};

/** How an instance ends before its invocation has answered. */
export type InstanceEnd = "crashed" | "timedOut";

const INIT_TIMEOUT_MS = 60_000;

/** Starts a worker thread with exactly the function's environment, its own credentials, the shared clock and a closed network. */
export function startInstance(settings: FunctionSettings, ports: InstancePorts): Instance {
  const id = randomUUID();
  const logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
  const workerSettings: WorkerSettings = {
    bundleUrl: settings.bundleUrl,
    handlerName: settings.handlerName,
    clockBuffer: ports.clockBuffer,
    gateway: ports.gateway,
    functionName: settings.functionName,
    functionArn: settings.functionArn,
    memoryMb: settings.memoryMb,
    logGroupName: settings.logGroupName,
    logStreamName,
    jsonLogs: settings.jsonLogs,
  };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: workerSettings,
    env: environmentOf(settings, ports, id, logStreamName),
    // None of the host's own; the template's NODE_OPTIONS count.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb, maxYoungGenerationSizeMb: 16 },
  });
  const flushLogs = captureLines([worker.stdout, worker.stderr], ports.writeLog);
  let alive = true;
  let fault: Extract<FunctionOutcome, { kind: "failed" }> = {
    kind: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: "The execution environment ended before it answered.",
  };
  let settle: ((outcome: FunctionOutcome) => void) | undefined;
  let runningId = "";
  let atEnd: (() => InstanceEnd) | undefined;
  const finish = (outcome: FunctionOutcome) => {
    settle?.(outcome);
    settle = undefined;
  };

  let settleReady: (outcome: Extract<FunctionOutcome, { kind: "failed" }> | undefined) => void = () =>
    undefined;
  const ready = new Promise<Extract<FunctionOutcome, { kind: "failed" }> | undefined>((resolve) => {
    settleReady = resolve;
  });
  const initTimer = setTimeout(() => {
    fault = {
      kind: "failed",
      errorType: "Sandbox.Timedout",
      errorMessage: "The bundle did not load in time.",
    };
    void worker.terminate();
  }, INIT_TIMEOUT_MS);

  worker.on("message", (message: WorkerMessage) => {
    // What an ended instance still said comes from a thread that no longer counts.
    if (!alive) return;
    switch (message.kind) {
      case "ready":
        clearTimeout(initTimer);
        settleReady(undefined);
        break;
      case "initFailed":
        fault = { kind: "failed", errorType: message.errorType, errorMessage: message.errorMessage };
        ports.writeLog(errorLine("Uncaught Exception", message, settings.jsonLogs, ""));
        void worker.terminate();
        break;
      case "answered":
        finish({ kind: "answered", payload: message.payload });
        break;
      case "failed":
        ports.writeLog(errorLine("Invoke Error", message, settings.jsonLogs, message.requestId));
        finish({ kind: "failed", errorType: message.errorType, errorMessage: message.errorMessage });
        break;
      default:
        message satisfies never;
    }
  });
  worker.on("error", (error) => {
    const errorType = error instanceof Error ? error.name : "Error";
    const errorMessage = error instanceof Error ? error.message : "";
    fault = { kind: "failed", errorType, errorMessage };
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    ports.writeLog(
      errorLine("Uncaught Exception", { errorType, errorMessage, stack }, settings.jsonLogs, ""),
    );
  });
  worker.on("exit", () => {
    alive = false;
    clearTimeout(initTimer);
    flushLogs();
    settleReady(fault);
    finish(atEnd === undefined ? fault : endedBy(atEnd()));
  });
  const endedBy = (end: InstanceEnd): FunctionOutcome => {
    ports.writeLog(endLine(end, runningId, settings));
    return end === "timedOut" ? { kind: "timedOut" } : fault;
  };

  return {
    id,
    ready,
    isAlive: () => alive,
    async run(event) {
      const failure = await ready;
      if (failure !== undefined) return failure;
      const requestId = randomUUID();
      const traceId = `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll("-", "").slice(0, 24)}`;
      const request: InvocationRequest = { requestId, traceId, event, timeoutMs: settings.timeoutMs };
      const startedMs = performance.now();
      runningId = requestId;
      ports.writeLog(platformLine("start", requestId, settings, 0));
      const outcome = await new Promise<FunctionOutcome>((resolve) => {
        const timer = setTimeout(() => {
          ports.writeLog(endLine("timedOut", requestId, settings));
          alive = false;
          finish({ kind: "timedOut" });
          void worker.terminate();
        }, settings.timeoutMs);
        settle = (result) => {
          clearTimeout(timer);
          resolve(result);
        };
        if (!alive) finish(fault);
        else worker.postMessage(request);
      });
      ports.writeLog(platformLine("report", requestId, settings, performance.now() - startedMs));
      return outcome;
    },
    async kill(end) {
      if (!alive) return;
      alive = false;
      atEnd = end;
      await worker.terminate();
    },
    async end() {
      alive = false;
      await worker.terminate();
    },
  };
}

function environmentOf(
  settings: FunctionSettings,
  ports: InstancePorts,
  instanceId: string,
  logStreamName: string,
): Record<string, string> {
  const credentials = ports.credentialsOf(instanceId);
  return {
    ...settings.environment,
    AWS_REGION: ports.region,
    AWS_DEFAULT_REGION: ports.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: `http://${ports.gateway.hostname}:${String(ports.gateway.port)}`,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    LAMBDA_TASK_ROOT: "/var/task",
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    _HANDLER: `index.${settings.handlerName}`,
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
  };
}

function captureLines(streams: readonly Readable[], write: (line: string) => void): () => void {
  const flushes = streams.map((stream) => {
    let partial = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      const lines = `${partial}${chunk}`.split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) write(line);
    });
    return () => {
      if (partial !== "") write(partial);
      partial = "";
    };
  });
  return () => {
    for (const flush of flushes) flush();
  };
}

type Fault = { readonly errorType: string; readonly errorMessage: string; readonly stack: string };

function errorLine(
  kind: string,
  { errorType, errorMessage, stack }: Fault,
  jsonLogs: boolean,
  requestId: string,
): string {
  const timestamp = new Date().toISOString();
  const error = { errorType, errorMessage, stackTrace: stack.split("\n").slice(1) };
  if (jsonLogs) return JSON.stringify({ timestamp, level: "ERROR", requestId, message: error });
  return `${timestamp}\t${requestId}\tERROR\t${kind} \t${JSON.stringify(error)}`;
}

/** What Lambda logs of an invocation that its instance did not survive. */
function endLine(end: InstanceEnd, requestId: string, settings: FunctionSettings): string {
  if (end === "crashed") return `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`;
  const seconds = (settings.timeoutMs / 1000).toFixed(2);
  return `${new Date().toISOString()} ${requestId} Task timed out after ${seconds} seconds`;
}

function platformLine(
  kind: "start" | "report",
  requestId: string,
  settings: FunctionSettings,
  durationMs: number,
): string {
  if (settings.jsonLogs) {
    const record =
      kind === "start"
        ? { requestId, version: "$LATEST" }
        : { requestId, metrics: { durationMs: Number(durationMs.toFixed(3)) } };
    return JSON.stringify({ time: new Date().toISOString(), type: `platform.${kind}`, record });
  }
  if (kind === "start") return `START RequestId: ${requestId} Version: $LATEST`;
  return `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tMemory Size: ${String(settings.memoryMb)} MB`;
}
