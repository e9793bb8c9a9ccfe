import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartFailure } from "./start-failure.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Where the local host keeps the template that it made; apart from cdk.out, so that a synthesis beside it disturbs nothing. */
const LOCAL_TEMPLATES = join(ROOT, "build", "local");

/**
 * Bundles the functions and synthesizes the stack, in a process of its own; gives the path of the template. Throws a
 * StartFailure with the reason in one line. `signal` ends the process.
 */
export async function makeTemplate(signal: AbortSignal, outdir: string = LOCAL_TEMPLATES): Promise<string> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const child = spawn(
    process.execPath,
    ["--enable-source-maps", fileURLToPath(new URL("./synthesize.ts", import.meta.url)), outdir],
    {
      cwd: ROOT,
      env: { ...process.env, CDK_VALIDATION: "false" },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      output = `${output}${chunk}`.slice(-20_000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new StartFailure(
      `The template could not be made: ${reasonIn(output)} Run npm run synth to see all of it.`,
    );
  const templates = readdirSync(outdir).filter((name) => name.endsWith(".template.json"));
  const [template] = templates;
  if (template === undefined || templates.length > 1)
    throw new StartFailure("The synthesis did not make exactly one template; see infra/app.ts.");
  return join(outdir, template);
}

function reasonIn(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const missing = /Cannot find (?:package|module) '([^'/][^']*)'/u.exec(output)?.[1];
  if (missing !== undefined && !missing.startsWith("#"))
    return `the package ${missing} is missing; run npm ci.`;
  const line =
    lines.find((each) => /^(?:✘ \[ERROR\]|(?:[A-Z]\w*)?Error\b)/u.test(each)) ??
    lines.findLast((each) => each !== "");
  return (line ?? "the process ended without a word.").replace(/([^.!?])$/u, "$1.");
}
