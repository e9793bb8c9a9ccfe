import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PEERS_FOLDER = fileURLToPath(new URL("./peers/", import.meta.url));
const NPM_ARGUMENTS = [
  ...["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
  // Without a registry npm would try for minutes.
  ...["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"],
];
const INSTALL_LIMIT_MS = 5 * 60 * 1000;
const REASON_LENGTH_MAX = 160;

/** What is needed to install; the defaults are the peers of this project. */
export type InstallOptions = {
  /** @default infra/classification/peers */
  readonly folder?: string;
  readonly signal?: AbortSignal;
};

/**
 * Installs the peers where they are missing or not those of their lock file. They come whole or not at all: npm works
 * in a folder beside, which takes its place when it is done, so two commands may do so at the same time. Gives one line
 * that tells why they are not there, or undefined where they are.
 */
export async function installPeers({
  folder = PEERS_FOLDER,
  signal,
}: InstallOptions = {}): Promise<string | undefined> {
  if (isInstalled(folder)) return undefined;
  process.stderr.write("Installing the packages that the classifier is compared with, once …\n");
  const workshop = mkdtempSync(join(folder, ".installing-"));
  const clear = (): void => {
    rmSync(workshop, { recursive: true, force: true });
  };
  process.once("exit", clear);
  try {
    for (const file of ["package.json", "package-lock.json"])
      cpSync(join(folder, file), join(workshop, file));
    const failure = await runNpm(workshop, signal);
    if (failure !== undefined) return refusal(failure);
    if (!isInstalled(folder)) putInPlace(join(workshop, "node_modules"), join(folder, "node_modules"));
    return undefined;
  } catch (error) {
    return refusal(error instanceof Error ? error.message : String(error));
  } finally {
    process.off("exit", clear);
    clear();
  }
}

function refusal(reason: string): string {
  return (
    `The peers are left out, npm could not install them: ${reason}. ` +
    "Run the command again where npm reaches its registry, or with --no-peers."
  );
}

type Lock = { readonly packages?: Readonly<Record<string, { readonly integrity?: string }>> };

function readLock(path: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Whether node_modules holds what the lock file lists; npm writes its own list as the last step of an install. */
function isInstalled(folder: string): boolean {
  const wanted = readLock(join(folder, "package-lock.json"))?.packages ?? {};
  const installed = readLock(join(folder, "node_modules/.package-lock.json"))?.packages;
  if (installed === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { integrity }]) => path === "" || installed[path]?.integrity === integrity,
  );
}

function putInPlace(made: string, place: string): void {
  if (existsSync(place)) renameSync(place, join(dirname(made), "replaced"));
  renameSync(made, place);
}

/** Runs npm in a folder; gives its first words where it fails. */
async function runNpm(folder: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  // npm names itself and its Node to the scripts it starts; run by hand, npm is looked up on the path.
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env;
  const viaNpm = npm?.endsWith(".js") === true;
  const limit = AbortSignal.timeout(INSTALL_LIMIT_MS);
  const child = spawn(
    viaNpm ? (npmNode ?? process.execPath) : "npm",
    [...(viaNpm ? [npm] : []), ...NPM_ARGUMENTS, `--prefix=${folder}`],
    {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      shell: !viaNpm && process.platform === "win32",
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    },
  );
  let said = "";
  child.stderr.on("data", (data) => {
    said += String(data);
  });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return code === 0 ? undefined : reasonIn(said);
  } catch {
    if (limit.aborted) return `it took longer than ${String(INSTALL_LIMIT_MS / 60_000)} minutes`;
    return signal?.aborted === true ? "it was stopped" : "npm was not found";
  }
}

/** The first line of npm's error that says what happened, without npm's own prefix. */
function reasonIn(said: string): string {
  const lines = said
    .split("\n")
    .map((line) => line.replace(/^npm (?:error|ERR!)\s*/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("npm warn"));
  const reason =
    lines.find((line) => !/^(?:code|errno|syscall) /.test(line)) ?? lines[0] ?? "no reason given";
  return reason.slice(0, REASON_LENGTH_MAX).replace(/\.$/, "");
}
