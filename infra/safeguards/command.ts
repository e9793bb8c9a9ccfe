import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { StageSettings } from "../stages.ts";
import { stageSettings } from "../stages.ts";
import { safeguardsReport } from "./report.ts";

const USAGE =
  "Usage: npm run -s safeguards -- [--stage NAME] [--template FILE] [--format md|json|html] [--out DIR]   " +
  "(without --out the report goes to standard output; with it all three forms go to DIR)";

const FORMATS = ["md", "json", "html"] as const;
type Format = (typeof FORMATS)[number];

interface Options {
  readonly settings: StageSettings;
  readonly template: string | undefined;
  readonly format: Format;
  readonly out: string | undefined;
}

/** What a run of the command works with. */
export interface SafeguardsSurroundings {
  readonly commandArguments: readonly string[];
  /** Where a relative path begins. */
  readonly folder: string;
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream;
}

/** A call that cannot be carried out; the message says what to change. */
class CallProblem extends Error {}

/**
 * Writes the safeguards report of a stage, from the template that it synthesizes or from a file. Gives the exit status:
 * 2 for a wrong call or a file that is no template, with one line on `errors`; else 0, whatever the report says.
 */
export async function runSafeguards(surroundings: SafeguardsSurroundings): Promise<0 | 2> {
  const { commandArguments, folder, output, errors } = surroundings;
  try {
    const options = readOptions(commandArguments);
    if (options === undefined) {
      output.write(`${USAGE}\n`);
      return 0;
    }
    const template =
      options.template === undefined
        ? await synthesizedTemplate(options.settings)
        : await readTemplate(resolve(folder, options.template));
    const report = reportOf(template, options.settings);
    if (options.out === undefined) {
      output.write(report[options.format]);
      return 0;
    }
    const target = resolve(folder, options.out);
    await mkdir(target, { recursive: true });
    for (const format of FORMATS) await writeFile(join(target, `safeguards.${format}`), report[format]);
    const names = FORMATS.map((format) => `safeguards.${format}`).join(", ");
    errors.write(`Wrote ${names} to ${options.out}.\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof CallProblem)) throw error;
    errors.write(`${error.message}\n`);
    return 2;
  }
}

function readOptions(commandArguments: readonly string[]): Options | undefined {
  let values: { stage?: string; template?: string; format?: string; out?: string; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...commandArguments],
      options: {
        stage: { type: "string" },
        template: { type: "string" },
        format: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch {
    throw new CallProblem(USAGE);
  }
  if (values.help === true) return undefined;
  const format = FORMATS.find((one) => one === (values.format ?? "md"));
  if (format === undefined) throw new CallProblem(`--format takes ${FORMATS.join(", ")}.`);
  return {
    settings: settingsOf(values.stage ?? "evaluation"),
    template: values.template,
    format,
    out: values.out,
  };
}

function settingsOf(stage: string): StageSettings {
  try {
    return stageSettings(stage);
  } catch (error) {
    throw new CallProblem(error instanceof Error ? error.message : "Unknown stage.");
  }
}

async function readTemplate(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    throw new CallProblem(
      "The template cannot be read: give a file that `npm run synth` has written, such as cdk.out/Foundphone.template.json.",
    );
  }
}

/** The template of a stage with placeholders for code: the report reads none. */
async function synthesizedTemplate(settings: StageSettings): Promise<unknown> {
  // The CDK takes a while to load, and a given template does without it.
  const { createApp } = await import("../synth.ts");
  const outdir = await mkdtemp(join(tmpdir(), "foundphone-safeguards-"));
  try {
    const { app, stack } = createApp({ settings, outdir, validate: false, placeholderCode: true });
    return app.synth().getStackArtifact(stack.artifactId).template;
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

function reportOf(template: unknown, settings: StageSettings): Readonly<Record<Format, string>> {
  try {
    const { json, html, markdown } = safeguardsReport(template, settings);
    return { json, html, md: markdown };
  } catch (error) {
    throw new CallProblem(error instanceof Error ? `No report: ${error.message}.` : "No report.");
  }
}
