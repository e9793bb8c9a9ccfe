import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { FIXTURE_TEMPLATE, writeFixture } from "../../support/fixture-stack/template.ts";
import { startLocalHost } from "../../support/host.ts";

const MAIN = join(import.meta.dirname, "../../../infra/local/main.ts");

type End = { readonly code: number | null; readonly output: string; readonly errors: string };

function run(environment: Readonly<Record<string, string>>, ...more: readonly string[]): Promise<End> {
  const child = spawn(process.execPath, [MAIN, "--no-seed", ...more], {
    env: { PATH: process.env["PATH"], ...environment },
    timeout: 15_000,
    killSignal: "SIGKILL",
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
  });
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, output, errors }));
  });
}

async function withTemplate<T>(
  more: Readonly<Record<string, unknown>>,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = writeFixture(more);
  try {
    return await use(path);
  } finally {
    rmSync(dirname(path), { recursive: true });
  }
}

describe("a start that cannot succeed", () => {
  it("tells of a taken port, in one line with a way out", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => {
        const address = other.address();
        resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
      });
    });
    const { code, errors } = await run({ PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(errors).toBe(
      `Port ${String(port)} is taken: end what uses it, or choose another one, for example PORT=${String(port + 1)} npm start.\n`,
    );
  });

  it.each(["abc", "70000", "-1", "4400.5"])("refuses the port %s", async (port) => {
    const { code, errors } = await run({ PORT: port });
    expect(code).toBe(1);
    expect(errors).toMatch(/^PORT is not a port number: .+\n$/);
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ["an unknown resource type", { Strange: { Type: "AWS::Strange::Thing" } }, /Strange/],
    [
      "another runtime",
      { Echo: { Type: "AWS::Lambda::Function", Properties: { Runtime: "python3.14" } } },
      /Echo/,
    ],
    [
      "a schedule that is not a rate",
      { EveryMinute: { Type: "AWS::Events::Rule", Properties: { ScheduleExpression: "cron(0 8 * * ? *)" } } },
      /EveryMinute is not a rate/,
    ],
    [
      "a function that may not read its queue",
      {
        RolePolicy: {
          Type: "AWS::IAM::Policy",
          Properties: {
            PolicyName: "none",
            Roles: [],
            PolicyDocument: { Version: "2012-10-17", Statement: [] },
          },
        },
      },
      /may not read its queue/,
    ],
  ])("refuses a template with %s", async (_, more, reason) => {
    const { code, errors } = await withTemplate(more, (path) => run({ PORT: "0" }, "--template", path));
    expect(code).toBe(1);
    expect(errors).toMatch(/^The template cannot be hosted: .+\n$/);
    expect(errors).toMatch(reason);
  });

  it("refuses a template that is not JSON", async () => {
    const { code, errors } = await withTemplate({}, (path) => {
      writeFileSync(path, "Resources:");
      return run({ PORT: "0" }, "--template", path);
    });
    expect(code).toBe(1);
    expect(errors).toMatch(/^The template cannot be hosted: .+\n$/);
  });
});

/** Starts a host with options, gives what it printed and what its clock shows, and ends it. */
async function clockOf(
  ...more: readonly string[]
): Promise<{ readonly output: string; readonly nowMs: number }> {
  const child = spawn(process.execPath, [MAIN, "--no-seed", ...more], {
    env: { PATH: process.env["PATH"], PORT: "0" },
    timeout: 30_000,
    killSignal: "SIGKILL",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let output = "";
  const base = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      const ready = /^ready (\S+)$/mu.exec(output)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    void ended.then(() => reject(new Error("The host ended before it was ready.")));
  });
  const { now } = (await (await fetch(`${base}/_local/clock`)).json()) as { readonly now: string };
  child.kill("SIGTERM");
  await ended;
  return { output, nowMs: Date.parse(now) };
}

describe("the clock at the start", () => {
  /** A time zone where it is about three in the morning now. */
  const nightZone = (): string => {
    const hours = ((3 - new Date().getUTCHours() + 12 + 24) % 24) - 12;
    return hours === 0 ? "Etc/GMT" : `Etc/GMT${hours < 0 ? "+" : "-"}${String(Math.abs(hours))}`;
  };
  const inZone = (timeZone: string) => ({
    Echo: {
      Type: "AWS::Lambda::Function",
      Properties: {
        ...FIXTURE_TEMPLATE.Resources.Echo.Properties,
        Environment: { Variables: { PRACTICE_TIME_ZONE: timeZone } },
      },
    },
  });

  it("stands at one in the afternoon where it is night in the practice's time zone, and the start says so", async () => {
    const timeZone = nightZone();
    const { output, nowMs } = await withTemplate(inZone(timeZone), (path) => clockOf("--template", path));
    const wall = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
    expect(wall.format(new Date(nowMs))).toBe("13:00");
    expect(nowMs - Date.now()).toBeGreaterThan(8 * 3_600_000);
    expect(nowMs - Date.now()).toBeLessThan(11 * 3_600_000);
    expect(output).toMatch(/^The clock starts at \S+, 13:00 in Etc\/GMT/mu);
  });

  it("stands at the machine's time where that is asked for", async () => {
    const { output, nowMs } = await withTemplate(inZone(nightZone()), (path) =>
      clockOf("--template", path, "--clock", "machine"),
    );
    expect(Math.abs(nowMs - Date.now())).toBeLessThan(10_000);
    expect(output).not.toContain("The clock starts at");
  });

  it.each(["2020-02-29T23:00:00Z", "2031-07-01T06:00:00-04:00"])(
    "stands at %s where that is asked for",
    async (at) => {
      const { nowMs } = await withTemplate(inZone(nightZone()), (path) =>
        clockOf("--template", path, "--clock", at),
      );
      expect(nowMs - Date.parse(at)).toBeGreaterThanOrEqual(0);
      expect(nowMs - Date.parse(at)).toBeLessThan(10_000);
    },
  );

  it("is no word", async () => {
    const { code, errors } = await run({ PORT: "0" }, "--clock", "tomorrow");
    expect(code).toBe(1);
    expect(errors).toMatch(/^--clock is not a time: .+\n$/);
  });
});

describe("a signal", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s stops the host and frees its port",
    async (signal) => {
      await withTemplate({}, async (templatePath) => {
        const host = await startLocalHost({ templatePath });
        const startedMs = performance.now();
        expect(await host.stop(signal)).toBe(0);
        expect(performance.now() - startedMs).toBeLessThan(3000);
        await expect(fetch(host.base)).rejects.toThrow("fetch failed");
      });
    },
  );
});
