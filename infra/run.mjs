// Plain JavaScript: this file runs on the machine's own Node (20 or newer), before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const NODE_MAJOR_TO_START = 20;
const NODE_MAJOR_TO_RUN = 24;
/** npm passes on a Ctrl-C that the terminal has sent us already; the copy arrives within this time. */
const SAME_SIGNAL_MS = 500;
const PARENT_CHECK_MS = 500;
const INSTALL_CHECK_MS = 300;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");

/** Arguments of Node for each command; `check` has several, run in turn. */
const COMMANDS = {
  start: [["infra/local/main.ts"]],
  test: [[tool("vitest", "vitest.mjs"), "run"]],
  check: [
    { name: "types", arguments: [tool("typescript", "bin/tsc"), "--noEmit", "-p", "."] },
    { name: "format, lint, layers", arguments: [tool("@biomejs/biome", "bin/biome"), "ci", "."] },
    {
      name: "promises, exhaustiveness",
      arguments: [
        tool("oxlint", "bin/oxlint"),
        ...["--type-aware", "--deny-warnings"],
        ...["infra", "functions", "shared", "test", "vitest.config.ts"],
      ],
    },
    { name: "unused code", arguments: [tool("knip", "bin/knip.js")] },
  ],
  synth: [["infra/app.ts"]],
  classify: [["infra/classify.ts"]],
  "audit-templates": [["infra/audit-templates.ts"]],
  audit: [["infra/audit/main.ts"]],
  safeguards: [["infra/safeguards.ts"]],
  eval: [["infra/classification/evaluate.ts"]],
  bench: [["infra/bench/main.ts"]],
  openapi: [["infra/openapi.ts"]],
  import: [["infra/import.ts"]],
};

function tool(packageName, file) {
  return join("node_modules", packageName, file);
}

function major(version) {
  return Number.parseInt(version.replace(/^v/, ""), 10);
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what the lock file asks for on this machine. npm writes its own list of what it
 * has installed as the last step of an install, so an interrupted install has none.
 */
function isInstalled() {
  const installed = readJson(join(modules, ".package-lock.json"))?.packages;
  const wanted = readJson(join(root, "package-lock.json"))?.packages;
  if (wanted === undefined) stop("package-lock.json is missing or cannot be read.");
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found !== undefined) return found.version === entry.version && found.integrity === entry.integrity;
    return (entry.optional === true || entry.devOptional === true) && !isForThisMachine(entry);
  });
}

/** Whether npm installs an optional package here. One for a certain C library is left to npm. */
function isForThisMachine({ os, cpu, libc }) {
  if (os === undefined || cpu === undefined || libc !== undefined) return false;
  return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
}

/** Runs a program to its end with this process's terminal and signals; resolves to its exit code. */
function run(program, programArguments, options = {}) {
  return new Promise((resolve, reject) => {
    // In a process group of its own the child gets each signal from us and only from us: from the terminal,
    // npm or a supervisor it would come once, twice or not at all.
    const grouped = process.platform !== "win32";
    const child = spawn(program, programArguments, {
      cwd: root,
      stdio: "inherit",
      ...options,
      detached: grouped,
    });
    const lastSeen = new Map();
    const pass = (signal) => {
      const now = Date.now();
      const previous = lastSeen.get(signal);
      lastSeen.set(signal, now);
      if (previous !== undefined && now - previous < SAME_SIGNAL_MS) return;
      try {
        process.kill(grouped ? -child.pid : child.pid, signal);
      } catch {
        // It has ended already; its exit code is on the way.
      }
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
    for (const signal of signals) process.on(signal, pass);
    // npm's shell dies of a SIGTERM without passing it on: then nobody waits for us any more.
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) pass("SIGTERM");
    }, PARENT_CHECK_MS);
    const settle = (finish) => {
      clearInterval(watch);
      for (const signal of signals) process.off(signal, pass);
      finish();
    };
    child.once("error", (cause) => settle(() => reject(new Error(`${program} did not start`, { cause }))));
    child.once("exit", (code, signal) => settle(() => resolve(code ?? 128 + constants.signals[signal])));
  });
}

async function install() {
  process.stderr.write("Installing what package-lock.json lists …\n");
  const npmArguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  // npm names itself and its Node to the scripts it starts; run by hand, npm is looked up on the path.
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env;
  const viaNpm = npm?.endsWith(".js") === true;
  const program = viaNpm ? (npmNode ?? process.execPath) : "npm";
  const code = await run(program, viaNpm ? [npm, ...npmArguments] : npmArguments, {
    stdio: ["ignore", process.stderr.fd, process.stderr.fd],
    shell: !viaNpm && process.platform === "win32",
  }).catch(() => stop("npm was not found: install Node with npm, version 20 or newer."));
  if (code !== 0) {
    process.stderr.write("Installing failed; npm's own words are above.\n");
    process.exit(code);
  }
}

/** Whether the process that wrote the lock still runs; a lock that cannot be read yet counts as held. */
function isHeld(lock) {
  const holder = Number(readJson(lock) ?? process.pid);
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Installs what is missing, once, however many commands are started on a fresh clone at the same time. */
async function installOnce() {
  const lock = join(root, ".installing");
  for (let waiting = false; !isInstalled(); waiting = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      const release = () => rmSync(lock, { force: true });
      process.once("exit", release);
      // The holder before may have finished between our look and our turn.
      if (!isInstalled()) await install();
      process.off("exit", release);
      release();
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!isHeld(lock)) rmSync(lock, { force: true });
    else {
      if (!waiting) process.stderr.write("Waiting for the install that another command has begun …\n");
      await sleep(INSTALL_CHECK_MS);
    }
  }
}

/** The Node that the project is made for: its own from npm, else the machine's if that is new enough. */
function projectNode() {
  const packaged = join(
    modules,
    `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`,
    process.platform === "win32" ? "bin/node.exe" : "bin/node",
  );
  if (process.execPath === packaged) return packaged;
  if (existsSync(packaged) && spawnSync(packaged, ["--version"]).status === 0) return packaged;
  if (major(process.version) >= NODE_MAJOR_TO_RUN) return process.execPath;
  return stop(
    `Foundphone runs on Node ${NODE_MAJOR_TO_RUN}; npm has none for ${process.platform}-${process.arch} and this ` +
      `machine's is ${process.version}: install Node ${NODE_MAJOR_TO_RUN}.`,
  );
}

async function runInTurn(node, steps) {
  const failed = [];
  for (const step of steps) {
    const startedAt = Date.now();
    const code = await run(node, step.arguments);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? "ok    " : "failed"} ${step.name} (${seconds} s)\n`);
    if (code > 128) return code;
    if (code !== 0) failed.push(step.name);
  }
  if (failed.length > 0) process.stdout.write(`Failed: ${failed.join("; ")}\n`);
  return failed.length > 0 ? 1 : 0;
}

async function main([name, ...rest]) {
  if (major(process.version) < NODE_MAJOR_TO_START) {
    stop(`Foundphone needs Node ${NODE_MAJOR_TO_START} or newer; this is ${process.version}.`);
  }
  if (!Object.hasOwn(COMMANDS, name ?? "")) {
    stop(`Unknown command. Known: ${Object.keys(COMMANDS).join(", ")}.`);
  }
  await installOnce();
  const node = projectNode();
  const command = COMMANDS[name];
  if (name === "check") return runInTurn(node, command);
  const guard = `${pathToFileURL(join(root, "infra/end-with-parent.mjs")).href}?parent=${process.pid}`;
  return run(node, ["--import", guard, ...command[0], ...rest], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
}

process.exit(await main(process.argv.slice(2)).catch((error) => stop(error.message)));
