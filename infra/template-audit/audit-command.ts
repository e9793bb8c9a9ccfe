import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { AuditError } from "./audit-error.ts";
import { auditRow } from "./audit-row.ts";
import type { ColumnChoice } from "./columns.ts";
import { CsvTemplates } from "./csv-templates.ts";
import { FORMATS, type Format, formatOfContent, formatOfName } from "./formats.ts";
import { summaryLines, templateLines, unreadableLines } from "./human-report.ts";
import { summaryJson, templateJson, unreadableJson } from "./json-report.ts";
import { JsonTemplates } from "./json-templates.ts";
import { ROW_UNITS_MAX } from "./limits.ts";
import { createProgressBar } from "./progress-bar.ts";
import { ReportOutput } from "./report-output.ts";
import { countTemplate, countUnreadable, emptyTally, type Tally } from "./tally.ts";
import type { TemplateRow, TemplateRows } from "./template-rows.ts";
import { decodeText } from "./text-decoding.ts";

const USAGE =
  "Usage: npm run -s audit-templates -- FILE [--json] [--column NAME] [--id-column NAME] [--name-column NAME] " +
  "[--format csv|jsonl]   (FILE is CSV or JSON Lines; - reads standard input)";

/** What a run of the command works with. */
export interface AuditSurroundings {
  readonly commandArguments: readonly string[];
  /** Where a relative path begins. */
  readonly folder: string;
  readonly input: AsyncIterable<Buffer | string>;
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

interface Options {
  readonly file: string;
  readonly json: boolean;
  readonly choice: ColumnChoice;
  readonly format: Format | undefined;
}

interface Source {
  readonly bytes: AsyncIterable<Buffer | string>;
  readonly totalBytes: number | undefined;
  close(): Promise<void>;
}

/**
 * Audits the templates of a file and writes the report. Gives the exit status: 1 when a template is clinical; else 2 for
 * a wrong call, a file that cannot be read or a row of it that cannot; else 0. An error is one line on `errors`. When the
 * reader of `output` leaves, the audit ends there, with 1 when a template so far is clinical and else with 0.
 */
export async function runAuditCommand(surroundings: AuditSurroundings): Promise<0 | 1 | 2> {
  const { commandArguments, errors } = surroundings;
  const output = new ReportOutput(surroundings.output);
  try {
    const options = readOptions(commandArguments);
    if (options === undefined) {
      await output.write(`${USAGE}\n`);
      return 0;
    }
    return await audit(options, surroundings, output);
  } catch (error) {
    const isReading = error instanceof Error && "syscall" in error && error.syscall === "read";
    if (!(error instanceof AuditError) && !isReading) throw error;
    errors.write(`${isReading ? "The file cannot be read to its end: copy it anew." : error.message}\n`);
    return 2;
  }
}

async function audit(
  options: Options,
  { folder, input, errors }: AuditSurroundings,
  output: ReportOutput,
): Promise<0 | 1 | 2> {
  const source = await openSource(options.file, folder, input);
  const bar = createProgressBar(errors, source.totalBytes);
  const tally = emptyTally();
  const write = async (text: string): Promise<void> => {
    if (text === "") return;
    bar.clear();
    await output.write(text);
  };
  let bytesRead = 0;
  let encoding = "utf-8";
  async function* counted(): AsyncGenerator<Buffer | string> {
    for await (const chunk of source.bytes) {
      bytesRead += chunk.length;
      yield chunk;
    }
  }
  try {
    const pieces = decodeText(counted(), (told) => {
      encoding = told;
    });
    const rows = readRows(pieces, options);
    let about: ReturnType<TemplateRows["describe"]> = {};
    for await (const item of rows) {
      if ("about" in item) {
        about = item.about;
        continue;
      }
      await write(report(item, options, tally));
      if (output.isClosed) break;
      bar.update(bytesRead, tally.templates);
    }
    if (output.isClosed) return tally.tiers[3] > 0 ? 1 : 0;
    if (bytesRead === 0) throw new AuditError("The file is empty: name one that holds templates.");
    if (tally.templates + tally.unreadable + tally.emptyTexts === 0)
      throw new AuditError("The file holds a header and no templates: name one that holds some.");
    const summary = { ...about, encoding };
    await write(options.json ? summaryJson(tally, summary) : summaryLines(tally, summary));
  } finally {
    bar.clear();
    await source.close();
  }
  if (tally.tiers[3] > 0) return 1;
  if (tally.unreadable === 0 || output.isClosed) return 0;
  errors.write(`Rows that could not be read: ${tally.unreadable}. Mend them and run again.\n`);
  return 2;
}

/** Rows of the file in order, and at the end how it was read. */
async function* readRows(
  pieces: AsyncIterable<string>,
  { file, choice, format }: Options,
): AsyncGenerator<TemplateRow | { readonly about: ReturnType<TemplateRows["describe"]> }> {
  let told = format ?? formatOfName(file);
  let reader: TemplateRows | undefined;
  let beginning = "";
  const start = (): TemplateRows => {
    told ??= formatOfContent(firstLine(beginning) ?? beginning);
    return told === "csv" ? new CsvTemplates(choice) : new JsonTemplates(choice);
  };
  for await (const piece of pieces) {
    if (reader !== undefined) {
      yield* reader.read(piece);
      continue;
    }
    beginning += piece;
    if (told === undefined && firstLine(beginning) === undefined && beginning.length < ROW_UNITS_MAX)
      continue;
    reader = start();
    yield* reader.read(beginning);
    beginning = "";
  }
  if (reader === undefined) {
    if (beginning === "") return;
    reader = start();
    yield* reader.read(beginning);
  }
  yield* reader.end();
  yield { about: reader.describe() };
}

/** The first line with anything in it, once it is complete. */
function firstLine(text: string): string | undefined {
  return /^\s*(\S[^\r\n]*)[\r\n]/.exec(text)?.[1];
}

/** Counts a row and gives what the report says of it. */
function report(row: TemplateRow, { json }: Options, tally: Tally): string {
  if ("problem" in row) {
    countUnreadable(tally, row);
    return json ? unreadableJson(row) : unreadableLines(row);
  }
  const audited = auditRow(row.texts);
  if (audited.texts.length === 0) {
    tally.emptyTexts += 1;
    return "";
  }
  countTemplate(tally, audited);
  return json ? templateJson(row, audited) : templateLines(row, audited);
}

function readOptions(commandArguments: readonly string[]): Options | undefined {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(commandArguments);
  } catch {
    throw new AuditError(USAGE);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return undefined;
  const [file, ...more] = positionals;
  const format = FORMATS.find((known) => known === values.format);
  if (file === undefined || more.length > 0 || (values.format !== undefined && format === undefined))
    throw new AuditError(USAGE);
  return {
    file,
    json: values.json === true,
    choice: { text: values.column, id: values["id-column"], name: values["name-column"] },
    format,
  };
}

function parse(commandArguments: readonly string[]) {
  return parseArgs({
    args: [...commandArguments],
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
      column: { type: "string" },
      "id-column": { type: "string" },
      "name-column": { type: "string" },
      format: { type: "string" },
    },
  });
}

async function openSource(
  file: string,
  folder: string,
  input: AsyncIterable<Buffer | string>,
): Promise<Source> {
  if (file === "-") return { bytes: input, totalBytes: undefined, close: async () => undefined };
  try {
    const handle = await open(resolve(folder, file));
    const stats = await handle.stat();
    if (stats.isDirectory()) {
      await handle.close();
      throw new AuditError("FILE is a folder: name a CSV or JSON Lines file in it.");
    }
    return {
      bytes: handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>,
      totalBytes: stats.isFile() ? stats.size : undefined,
      close: () => handle.close(),
    };
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") throw new AuditError("There is no such file: check the path.");
    throw new AuditError("The file cannot be opened: check that this user may read it.");
  }
}
