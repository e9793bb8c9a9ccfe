import { parentPort, workerData } from "node:worker_threads";
import { installClock } from "../aws/clock.ts";
import { guardNetwork } from "./network-guard.ts";
import { patchConsole } from "./worker-console.ts";
import { createOutputFlush } from "./worker-output.ts";
import type { InvocationRequest, WorkerMessage, WorkerSettings } from "./worker-protocol.ts";

// The clock and the closed network come before the bundle: its modules read both while they load.
const settings = workerData as WorkerSettings;
installClock(settings.clockBuffer);
guardNetwork(settings.gateway);

if (parentPort === null) throw new Error("This file runs as a worker thread of the local host.");
const port = parentPort;
const tell = (message: WorkerMessage) => {
  port.postMessage(message);
};
let requestId = "";
patchConsole(() => requestId, settings.jsonLogs);
const flushOutput = createOutputFlush();

type Handler = (event: unknown, context: unknown) => unknown;

let handler: Handler | undefined;
try {
  const bundle = (await import(settings.bundleUrl)) as Readonly<Record<string, unknown>>;
  const exported = bundle[settings.handlerName];
  if (typeof exported !== "function")
    throw new Error(`The bundle exports no function named ${settings.handlerName}.`);
  // Lambda's Node 24 runtime refuses handlers that take a callback.
  if (exported.length > 2)
    throw new Error("The handler takes a callback, which Lambda's Node 24 runtime refuses.");
  handler = exported as Handler;
  tell({ kind: "ready" });
} catch (error) {
  tell({ kind: "initFailed", ...described(error) });
}

port.on("message", (request: InvocationRequest) => {
  void run(request);
});

async function run(request: InvocationRequest): Promise<void> {
  requestId = request.requestId;
  process.env["_X_AMZN_TRACE_ID"] = request.traceId;
  const endsAtMs = performance.now() + request.timeoutMs;
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    awsRequestId: request.requestId,
    logGroupName: settings.logGroupName,
    logStreamName: settings.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAtMs - performance.now())),
  };
  try {
    const answer: unknown = await handler?.(JSON.parse(request.event), context);
    const payload = JSON.stringify(answer) ?? "null";
    await flushOutput();
    tell({ kind: "answered", requestId: request.requestId, payload });
  } catch (error) {
    await flushOutput();
    tell({ kind: "failed", requestId: request.requestId, ...described(error) });
  }
}

function described(error: unknown): {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stack: string;
} {
  if (error instanceof Error)
    return { errorType: error.name, errorMessage: error.message, stack: error.stack ?? error.message };
  return { errorType: typeof error, errorMessage: String(error), stack: String(error) };
}
