import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

/** A browser to start, with what it needs in its environment besides the usual. */
interface Candidate {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

const packageFolder = dirname(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))));
const cacheFolder = join(dirname(dirname(packageFolder)), ".cache");

/**
 * Starts a headless browser that fetches nothing of its own accord: the one of CHROME_PATH, else an installed
 * Chrome or Chromium, else the Chromium of the npm package. Throws with each candidate's reason if none starts.
 */
export async function launchBrowser(): Promise<Browser> {
  const reasons: string[] = [];
  for await (const { executablePath, env } of candidates()) {
    try {
      return await chromium.launch({
        executablePath,
        args: ARGUMENTS,
        env: { ...process.env, ...env },
        timeout: 30_000,
      });
    } catch (error) {
      reasons.push(`${executablePath}: ${firstLines(error)}`);
    }
  }
  throw new Error(
    `No browser starts here. Install one (on Debian: apt-get install chromium) or name one in CHROME_PATH.\n${reasons.join("\n")}`,
  );
}

async function* candidates(): AsyncGenerator<Candidate> {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined) {
    yield { executablePath: named, env: {} };
    return;
  }
  for (const executablePath of INSTALLED) {
    if (existsSync(executablePath)) yield { executablePath, env: {} };
  }
  if (process.platform !== "linux") return;
  const unpacked = await unpackedChromium();
  const executablePath = join(unpacked, "chromium");
  const fonts = existsSync("/etc/fonts") ? {} : { FONTCONFIG_PATH: join(unpacked, "fonts") };
  yield { executablePath, env: fonts };
  // A slim machine lacks the libraries of the network security services; the package brings those of Lambda.
  yield { executablePath, env: { ...fonts, LD_LIBRARY_PATH: join(unpacked, "al2023/lib") } };
}

/** The folder of the npm package's Chromium, unpacked once for each version of it. */
async function unpackedChromium(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as {
    readonly version: string;
  };
  const folder = join(cacheFolder, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const partial = await mkdtemp(join(cacheFolder, "chromium-partial-"));
  try {
    // The package unpacks into the folder for temporary files, which only the environment can name. AWS_EXECUTION_ENV
    // makes it unpack the libraries too.
    const unpack = 'await (await import("@sparticuz/chromium")).default.executablePath()';
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", unpack], {
      cwd: packageFolder,
      env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
    });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process has unpacked it in the meantime.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function firstLines(error: unknown): string {
  return String(error).split("\n").slice(0, 3).join(" ");
}
