import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { recordOf, textOf } from "../local/json-shape.ts";
import type { FilledVisits } from "./fill-visits.ts";
import type { DueReads, FillRequest, HostNews } from "./filled-host.ts";

/** An answer of the host. */
export type HostAnswer = { readonly status: number; readonly body: string };

/** The local host without the demo, in a process of its own. */
export type HostUnderTest = {
  readonly base: string;
  /** Fills the tables up to so many patients; gives the ids of all. */
  fill(patients: number): Promise<readonly string[]>;
  /** Queues one alert for each of the first patients; resolves when all are on the queue. */
  queueAlerts(count: number): Promise<void>;
  /** Queues a code on the urgent queue; gives the alert's id. */
  queueCode(): Promise<string>;
  /** Fills the tables with so many visits, `due` of them with a reminder that is due soon. */
  fillVisits(visits: number, due: number): Promise<FilledVisits>;
  /** What queries of the due index went through since this was asked last. */
  dueReads(): Promise<DueReads>;
  /** An access token of a seeded user. */
  token(user: string): Promise<string>;
  /** Sends a request and reads the whole answer; a body that is not text goes as JSON. */
  call(
    method: string,
    path: string,
    options?: { readonly token?: string; readonly body?: unknown; readonly idempotencyKey?: string },
  ): Promise<HostAnswer>;
  stop(): Promise<void>;
};

/** Starts the host of the template at `templatePath`; it ends at the latest with this process. */
export async function startHostUnderTest(templatePath: string, signal: AbortSignal): Promise<HostUnderTest> {
  const child = fork(fileURLToPath(new URL("./filled-host.ts", import.meta.url)), [templatePath], {
    env: { PATH: process.env["PATH"], TZ: "UTC" },
    // A hundred thousand visits are a million items.
    execArgv: ["--enable-source-maps", "--max-old-space-size=6144"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    signal,
    killSignal: "SIGKILL",
  });
  // An aborted start is told by whoever waits for the child's news.
  child.on("error", () => undefined);
  const ready = await nextNews(child);
  if (ready.kind !== "ready") throw new Error("the local host did not start");
  const { base } = ready;

  const call: HostUnderTest["call"] = async (method, path, { token, body, idempotencyKey } = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    return { status: response.status, body: await response.text() };
  };

  const ask = (request: FillRequest) => {
    const news = nextNews(child);
    child.send(request);
    return news;
  };

  const queue = async (request: FillRequest): Promise<string | null> => {
    const queued = await ask(request);
    if (queued.kind !== "queued") throw new Error("nothing was queued");
    return queued.alertId;
  };

  return {
    base,
    call,
    async fill(patients) {
      const filled = await ask({ patients });
      if (filled.kind !== "filled") throw new Error("the tables were not filled");
      return filled.patientIds;
    },
    async fillVisits(visits, due) {
      const filled = await ask({ visits, due });
      if (filled.kind !== "visits") throw new Error("the tables were not filled");
      return filled;
    },
    async dueReads() {
      const reads = await ask({ dueReads: true });
      if (reads.kind !== "due-reads") throw new Error("the queries were not counted");
      return reads;
    },
    async queueAlerts(count) {
      await queue({ alerts: count });
    },
    async queueCode() {
      return (await queue({ code: true })) ?? "";
    },
    async token(user) {
      const { body } = await call("POST", "/_local/tokens", { body: { user } });
      const token = textOf(recordOf(JSON.parse(body))["accessToken"]);
      if (token === undefined) throw new Error(`signing in as ${user} failed`);
      return token;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function nextNews(child: ChildProcess): Promise<Exclude<HostNews, { kind: "failed" }>> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (news: unknown) => {
      settle();
      const told = news as HostNews;
      if (told.kind === "failed") reject(new Error(`the local host failed: ${told.reason}`));
      else resolve(told);
    };
    const onExit = () => {
      settle();
      reject(new Error("the local host ended before its time"));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}
