import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { madeTemplate, makeTemplate } from "#infra/local/template-maker.ts";

const ROOT = join(import.meta.dirname, "../..");
const START_TIMEOUT_MS = 90_000;

/** Who can call the API in a test. */
export type HostUser = "frontdesk" | "clinician" | "compliance" | "admin" | "auditor" | "integration";

/** An answer of the API or of the host's own addresses; the body is parsed where it is JSON. */
export type HostAnswer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** An answer of the portal. */
export type PortalAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly cookies: readonly string[];
};

/** A text that the SMS double accepted. */
export type HostText = {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly sentAt: string;
  readonly context: Readonly<Record<string, string>>;
  readonly status: string;
};

/** A local host of the synthesized template, in a process of its own. */
export type LocalHost = {
  /** Base address, for example `http://127.0.0.1:40123`. */
  readonly base: string;
  /** An access token that is valid at the present local clock. */
  token(user: HostUser): Promise<string>;
  /** Calls the staff API: `path` is the part after `/v1`. Without a user the call has no token. */
  api(
    method: string,
    path: string,
    body?: unknown,
    user?: HostUser,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HostAnswer>;
  /** Calls one of the host's own addresses: `path` is the part after `/_local`. */
  local(method: string, path: string, body?: unknown): Promise<HostAnswer>;
  /** Opens a portal address; with a form it is posted. Redirects are not followed. */
  portal(
    address: string,
    form?: Readonly<Record<string, string>>,
    cookies?: readonly string[],
  ): Promise<PortalAnswer>;
  /** Every text, oldest first; only those to one number where it is given. */
  texts(to?: string): Promise<readonly HostText[]>;
  /** Waits until nothing is left to do at the present clock. */
  settled(): Promise<void>;
  /** Moves the clock; what is due has happened when this resolves. */
  advance(seconds: number): Promise<void>;
  /** What the process printed so far. */
  output(): string;
  /** Ends the process with a signal, SIGTERM unless told; gives its exit code. */
  stop(signal?: "SIGINT" | "SIGTERM" | "SIGHUP"): Promise<number | null>;
};

/** How to start a host. */
export type HostOptions = {
  /** Loads the demo practice first; off unless asked for. */
  readonly seed?: boolean;
  /** A template made elsewhere; by default it is made once for all files of one test run. */
  readonly templatePath?: string;
};

/** Starts a host on a free port. Rejects with what the process printed where it does not become ready. */
export async function startLocalHost(options: HostOptions = {}): Promise<LocalHost> {
  const templatePath = options.templatePath ?? (await sharedTemplate());
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "infra/local/main.ts"),
      "--template",
      templatePath,
      ...(options.seed === true ? [] : ["--no-seed"]),
    ],
    { cwd: ROOT, env: { PATH: process.env["PATH"], PORT: "0" }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const base = await readyLine(child, () => output);
  return connect(base, child, () => output);
}

function connect(base: string, child: ChildProcess, output: () => string): LocalHost {
  const tokens = new Map<HostUser, Promise<string>>();

  const send = async (
    method: string,
    address: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
  ): Promise<HostAnswer> => {
    const response = await fetch(address, {
      method,
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text !== "" && isJson(response) ? (JSON.parse(text) as unknown) : text,
    };
  };
  const local: LocalHost["local"] = (method, path, body) => send(method, `${base}/_local${path}`, body, {});
  const expectOk = async (answer: Promise<HostAnswer>): Promise<Readonly<Record<string, unknown>>> => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`The local host answered ${String(status)}: ${JSON.stringify(body)}`);
    return body as Readonly<Record<string, unknown>>;
  };
  const signIn = async (user: HostUser): Promise<string> =>
    String((await expectOk(local("POST", "/tokens", { user })))["accessToken"]);
  const token: LocalHost["token"] = (user) => {
    // Kept before it is there: calls made at once are one sign-in, not many.
    const known = tokens.get(user) ?? signIn(user);
    tokens.set(user, known);
    return known;
  };

  return {
    base,
    token,
    local,
    async api(method, path, body, user, headers = {}) {
      const authorization: Readonly<Record<string, string>> =
        user === undefined ? {} : { Authorization: `Bearer ${await token(user)}` };
      return send(method, `${base}/v1${path}`, body, { ...authorization, ...headers });
    },
    async portal(address, form, cookies = []) {
      const response = await fetch(new URL(address, base), {
        method: form === undefined ? "GET" : "POST",
        redirect: "manual",
        headers:
          cookies.length === 0 ? {} : { Cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      });
      return {
        status: response.status,
        headers: response.headers,
        html: await response.text(),
        cookies: response.headers.getSetCookie(),
      };
    },
    async texts(to) {
      const { items } = (await expectOk(local("GET", "/texts"))) as { readonly items: readonly HostText[] };
      return to === undefined ? items : items.filter((text) => text.to === to);
    },
    async settled() {
      await expectOk(local("GET", "/settled"));
    },
    async advance(seconds) {
      // A token may be over at the new time.
      tokens.clear();
      await expectOk(local("POST", "/clock", { advanceSeconds: seconds }));
    },
    output,
    async stop(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = new Promise<number | null>((resolve) => {
        child.once("exit", resolve);
      });
      child.kill(signal);
      return ended;
    },
  };
}

function isJson(response: Response): boolean {
  return /json/u.test(response.headers.get("content-type") ?? "");
}

function readyLine(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(`The local host ${why}:\n${output()}`));
    };
    const timer = setTimeout(() => {
      fail("was not ready in time");
    }, START_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      fail("ended before it was ready");
    });
    child.stdout?.on("data", () => {
      const base = /^ready (\S+)$/mu.exec(output())?.[1];
      if (base === undefined) return;
      clearTimeout(timer);
      child.removeAllListeners("exit");
      resolve(base);
    });
  });
}

/** The template of this test run. Every file of one run has the same parent process: the first one makes it for all. */
export async function sharedTemplate(): Promise<string> {
  return madeTemplate(process.ppid) ?? makeTemplate(new AbortController().signal, process.ppid);
}
