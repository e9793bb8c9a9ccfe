import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const LOCK = {
  lockfileVersion: 3,
  packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } },
};

/** Stands in for npm: says a word on standard output, as npm does, and leaves the list that npm leaves. */
const NPM = `
const { cpSync, appendFileSync } = require("node:fs");
console.log("added 1 package");
appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
cpSync("package-lock.json", "node_modules/.package-lock.json");
`;

let root: string;
let started: ChildProcessWithoutNullStreams[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "foundphone-run-"));
  started = [];
  for (const file of ["infra/run.mjs", "infra/end-with-parent.mjs"]) cpSync(file, join(root, file));
  write("package.json", JSON.stringify({ type: "module" }));
  write("package-lock.json", JSON.stringify(LOCK));
  write("node_modules/.package-lock.json", JSON.stringify(LOCK));
  write("tools/package.json", JSON.stringify({ type: "commonjs" }));
  write("tools/npm.js", NPM);
  const packaged = join(root, `node_modules/node-${process.platform}-${process.arch}/bin`);
  mkdirSync(packaged, { recursive: true });
  symlinkSync(process.execPath, join(packaged, "node"));
});

afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(root, { recursive: true });
});

describe("running a command", () => {
  it("hands down arguments and standard input, and hands back output and exit code alone", async () => {
    write(
      "infra/classify.ts",
      'process.stdin.on("data", (data) => { console.log(process.argv.slice(2).join("+"), String(data)); process.exit(3); });',
    );

    const child = run("classify", "--one", "two words");
    child.stdin.end("text");

    expect(await ended(child)).toEqual({ code: 3, stdout: "--one+two words text\n", stderr: "" });
  });

  it("names the commands when asked for one that it does not know", async () => {
    const { code, stderr } = await ended(run("sing"));

    expect(code).toBe(1);
    expect(stderr).toBe(
      "Unknown command. Known: start, test, check, synth, classify, audit-templates, audit, safeguards, eval, bench, openapi, import.\n",
    );
  });

  it("gives one line when the lock file is gone", async () => {
    rmSync(join(root, "package-lock.json"));

    expect(await ended(run("classify"))).toEqual({
      code: 1,
      stdout: "",
      stderr: "package-lock.json is missing or cannot be read.\n",
    });
  });
});

describe("installing", () => {
  beforeEach(() => write("infra/classify.ts", 'console.log("{}");'));

  it("leaves an installed tree alone", async () => {
    await ended(run("classify"));

    expect(existsSync(join(root, "npm-calls"))).toBe(false);
  });

  it.each([
    ["nothing is installed", undefined],
    [
      "an installed package has another version",
      { ...LOCK, packages: { "node_modules/a": { version: "0.9.0", integrity: "sha512-a" } } },
    ],
    [
      "an installed package has another content",
      { ...LOCK, packages: { "node_modules/a": { version: "1.0.0", integrity: "sha512-b" } } },
    ],
    ["a package is missing", { ...LOCK, packages: {} }],
  ])("happens once when %s, and says nothing on standard output", async (_, installed) => {
    if (installed === undefined) rmSync(join(root, "node_modules/.package-lock.json"));
    else write("node_modules/.package-lock.json", JSON.stringify(installed));

    const first = await ended(run("classify"));
    await ended(run("classify"));

    expect(first).toMatchObject({ code: 0, stdout: "{}\n" });
    expect(readFileSync(join(root, "npm-calls"), "utf8")).toBe("ci --no-audit --no-fund --loglevel=error\n");
  });

  it("happens once when two commands are started at the same time", async () => {
    rmSync(join(root, "node_modules/.package-lock.json"));

    const both = await Promise.all([ended(run("classify")), ended(run("classify"))]);

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(readFileSync(join(root, "npm-calls"), "utf8")).toBe("ci --no-audit --no-fund --loglevel=error\n");
    expect(existsSync(join(root, ".installing"))).toBe(false);
  });

  it("takes over from one that was killed in the middle", async () => {
    rmSync(join(root, "node_modules/.package-lock.json"));
    const { pid } = spawnSync(process.execPath, ["--version"]);
    write(".installing", String(pid));

    expect((await ended(run("classify"))).code).toBe(0);
  });

  it("does not wait for packages of other systems", async () => {
    const foreign = { version: "1.0.0", optional: true, os: ["plan9"], cpu: [process.arch] };
    write(
      "package-lock.json",
      JSON.stringify({ ...LOCK, packages: { ...LOCK.packages, "node_modules/b": foreign } }),
    );

    await ended(run("classify"));

    expect(existsSync(join(root, "npm-calls"))).toBe(false);
  });

  it("stops with npm's exit code when npm fails", async () => {
    rmSync(join(root, "node_modules/.package-lock.json"));
    write("tools/npm.js", 'console.error("npm error no network"); process.exit(4);');

    const { code, stdout, stderr } = await ended(run("classify"));

    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain("npm error no network\nInstalling failed");
  });
});

describe.skipIf(process.platform === "win32")("signals", () => {
  beforeEach(() =>
    write(
      "infra/local/main.ts",
      `let interrupts = 0;
      process.on("SIGINT", () => { interrupts += 1; setTimeout(() => { console.log("interrupts", interrupts); process.exit(7); }, 300); });
      setInterval(() => {}, 1000);
      console.log("pid", process.pid);`,
    ),
  );

  it("passes on one Ctrl-C once, however often it arrives", async () => {
    const child = run("start");
    await once(child.stdout, "data");

    process.kill(-pidOf(child), "SIGINT");
    await wait(50);
    child.kill("SIGINT");

    expect(await ended(child)).toMatchObject({ code: 7, stdout: "interrupts 1\n" });
  });

  it("ends the program when npm's shell is gone", async () => {
    const shell = start("sh", ["-c", `"${process.execPath}" infra/run.mjs start; true`], {
      npm_lifecycle_event: "start",
    });
    const [said] = (await once(shell.stdout, "data")) as [Buffer];

    shell.kill("SIGTERM");

    await expect.poll(() => isAlive(programIn(said)), { timeout: 5000 }).toBe(false);
  });

  it("takes the program along when it is killed itself", async () => {
    const child = run("start");
    const [said] = (await once(child.stdout, "data")) as [Buffer];

    child.kill("SIGKILL");

    await expect.poll(() => isAlive(programIn(said)), { timeout: 5000 }).toBe(false);
  });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function run(...runArguments: readonly string[]): ChildProcessWithoutNullStreams {
  return start(process.execPath, [join(root, "infra/run.mjs"), ...runArguments]);
}

function start(program: string, programArguments: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(program, programArguments, {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      npm_execpath: join(root, "tools/npm.js"),
      npm_node_execpath: process.execPath,
      ...env,
    },
    detached: true,
  });
  started.push(child);
  return child;
}

async function ended(child: ChildProcessWithoutNullStreams) {
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (output.stdout += String(data)));
  child.stderr.on("data", (data) => (output.stderr += String(data)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}

function pidOf(child: ChildProcessWithoutNullStreams): number {
  if (child.pid === undefined) throw new Error("run.mjs did not start");
  return child.pid;
}

function programIn(output: Buffer): number {
  return Number(/pid (\d+)/.exec(String(output))?.[1]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
