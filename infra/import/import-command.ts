import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { IMPORT_BYTES_MAX, IMPORT_KINDS } from "#shared/domain/imports/kinds.ts";
import { createProgressBar } from "../template-audit/progress-bar.ts";
import { FILE_WORDS, ROW_WORDS } from "./codes.ts";
import { type ImportAccess, readImport, type ShownImport, uploadFile } from "./import-api.ts";
import { ImportError } from "./import-error.ts";
import { createProgressLines } from "./progress-lines.ts";

const USAGE =
  `Usage: npm run -s import -- FILE --kind ${[...IMPORT_KINDS, "visits"].join("|")} [--dry-run] [--base URL] [--token-file FILE]   ` +
  "(or FOUNDPHONE_TOKEN and FOUNDPHONE_BASE; FILE is CSV or a FHIR R4 Bundle)";
const LOCAL_BASE = "http://127.0.0.1:4400";
const POLL_MS = 500;
const BAR_AFTER_MS = 2000;
/** Between two lines of progress where no terminal shows a bar. */
const LINE_EVERY_MS = 5000;
/** What is refused and why, by heart or in a pipe: the whole report has its pages. */
const COUNTS = ["created", "changed", "unchanged", "existing", "refused", "ignored", "warnings"] as const;

/** What a run of the command works with. */
export interface ImportSurroundings {
  readonly commandArguments: readonly string[];
  /** Where a relative path begins. */
  readonly folder: string;
  readonly environment: { readonly token: string | undefined; readonly base: string | undefined };
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

interface Options {
  readonly file: string;
  readonly kind: string;
  readonly dryRun: boolean;
  readonly access: ImportAccess;
}

/**
 * Imports a file and writes the report. Gives the exit status: 2 for a wrong call, or a file that came to nothing; 1 where
 * rows were refused; else 0. An error is one line on `errors`.
 */
export async function runImportCommand(surroundings: ImportSurroundings): Promise<0 | 1 | 2> {
  const { output, errors } = surroundings;
  try {
    const options = await readOptions(surroundings);
    if (options === undefined) {
      output.write(`${USAGE}\n`);
      return 0;
    }
    await checkFile(options.file);
    const { kind, dryRun } = options;
    const id = await uploadFile(options.access, options.file, { kind, dryRun });
    const shown = await untilOver(options.access, id, errors);
    return await report(options, id, shown, output);
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    errors.write(`${error.message}\n`);
    return 2;
  }
}

async function untilOver(
  access: ImportAccess,
  id: string,
  errors: ImportSurroundings["errors"],
): Promise<ShownImport> {
  const bar =
    errors.isTTY === true
      ? createProgressBar(errors, 1, { unit: "rows", afterMs: BAR_AFTER_MS })
      : createProgressLines(errors, LINE_EVERY_MS);
  try {
    for (;;) {
      const shown = await readImport(access, id, null);
      if (shown.state !== "waiting" && shown.state !== "running") return shown;
      bar.update(shown.progress, shown.counts["done"] ?? 0);
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
  } finally {
    bar.clear();
  }
}

async function report(
  { access, dryRun }: Options,
  id: string,
  first: ShownImport,
  output: NodeJS.WritableStream,
): Promise<0 | 1> {
  for (let page = first; ; ) {
    for (const row of page.rows) output.write(`${rowLine(row)}\n`);
    if (page.nextCursor === null) break;
    page = await readImport(access, id, page.nextCursor);
  }
  const { state, failure, counts, columns } = first;
  if (state === "expired") throw new ImportError("The upload did not arrive in time: run it again.");
  if (state === "failed") {
    const code = failure?.code ?? "interrupted";
    const words = wordsOf(FILE_WORDS, code);
    const fields = failure === null || failure.fields.length === 0 ? "" : ` (${failure.fields.join(", ")})`;
    throw new ImportError(`The file was not imported, ${code}${fields}: ${words}.`);
  }
  const ignored = columns.ignored.map(({ position, reason }) =>
    reason === "never-kept" ? `${position} (never kept)` : String(position),
  );
  if (ignored.length > 0) output.write(`Columns that were not read: ${ignored.join(", ")}\n`);
  const told = COUNTS.filter((name) => (counts[name] ?? 0) > 0 || name === "refused");
  const sums = told.map((name) => `${name} ${counts[name] ?? 0}`).join(", ");
  output.write(`${dryRun ? "On trial, nothing was written. " : ""}Rows: ${counts["total"] ?? 0}; ${sums}\n`);
  return (counts["refused"] ?? 0) > 0 ? 1 : 0;
}

function rowLine({ line, code, column, otherLine }: ShownImport["rows"][number]): string {
  const field = column === undefined ? "" : ` (${column})`;
  const other = otherLine === undefined ? "" : `; see line ${otherLine}`;
  return `line ${line}: ${code}${field}: ${wordsOf(ROW_WORDS, code)}${other}`;
}

/** A newer API may know codes that this command does not. */
function wordsOf(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? "see the README of this version of the API";
}

async function checkFile(path: string): Promise<void> {
  const stats = await stat(path).catch(() => {
    throw new ImportError("There is no such file: check the path.");
  });
  if (!stats.isFile()) throw new ImportError("FILE is no file: name a CSV file or a FHIR Bundle.");
  if (stats.size === 0) throw new ImportError("The file is empty: name one that holds rows.");
  if (stats.size > IMPORT_BYTES_MAX)
    throw new ImportError(`The file was not imported: ${FILE_WORDS.too_large}.`);
}

async function readOptions({
  commandArguments,
  folder,
  environment,
}: ImportSurroundings): Promise<Options | undefined> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(commandArguments);
  } catch {
    throw new ImportError(USAGE);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return undefined;
  const [file, ...more] = positionals;
  // As the rest of the documentation calls them.
  const asked = values.kind === "visits" ? "appointments" : values.kind;
  const kind = IMPORT_KINDS.find((known) => known === asked);
  if (file === undefined || more.length > 0 || kind === undefined) throw new ImportError(USAGE);
  const tokenFile = values["token-file"];
  const token =
    tokenFile === undefined
      ? environment.token
      : await readFile(resolve(folder, tokenFile), "utf8").catch(() => {
          throw new ImportError("The token file cannot be read: check its path.");
        });
  if (token === undefined || !/^[\w.~+/=-]+$/u.test(token.trim())) {
    throw new ImportError("There is no token: set FOUNDPHONE_TOKEN or name a file with --token-file.");
  }
  const base = baseOf(values.base ?? environment.base ?? LOCAL_BASE);
  return {
    file: resolve(folder, file),
    kind,
    dryRun: values["dry-run"] === true,
    access: { base, token: token.trim() },
  };
}

/** With the stage; the token goes over TLS, or to this machine. */
function baseOf(address: string): string {
  // Without a scheme it is one of this machine, or TLS.
  const url = /^[a-z][a-z\d+.-]*:\/\//iu.test(address) ? URL.parse(address) : withScheme(address);
  if (url === null) {
    throw new ImportError("--base (or FOUNDPHONE_BASE) is no address: write https://… of the staff API.");
  }
  const isLocal = isThisMachine(url);
  if (url.protocol !== "https:" && !(isLocal && url.protocol === "http:")) {
    throw new ImportError("--base must begin with https://: the token would be readable on the way.");
  }
  return `${url.origin}${url.pathname.replace(/\/(?:v1\/?)?$/u, "")}/v1`;
}

function withScheme(address: string): URL | null {
  const url = URL.parse(`https://${address}`);
  return url !== null && isThisMachine(url) ? URL.parse(`http://${address}`) : url;
}

function isThisMachine({ hostname }: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function parse(commandArguments: readonly string[]) {
  return parseArgs({
    args: [...commandArguments],
    allowPositionals: true,
    options: {
      kind: { type: "string" },
      "dry-run": { type: "boolean" },
      base: { type: "string" },
      "token-file": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
}
