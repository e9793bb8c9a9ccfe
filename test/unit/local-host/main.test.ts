import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFixture } from "../../support/fixture-stack/template.ts";
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
