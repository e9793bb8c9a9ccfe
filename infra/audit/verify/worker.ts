import { createHash, createPublicKey } from "node:crypto";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type ReadAnchor, readAnchor } from "./anchor-documents.ts";
import { bytesMaxOf, md5OfFile, readLines, UnreadableFileError } from "./export-lines.ts";
import { type Finding, Findings } from "./finding.ts";
import type { DataFile } from "./manifests.ts";
import { mergeBucket } from "./merge-bucket.ts";
import { ItemScanner } from "./scan-items.ts";
import { BlockReader, SpillWriter } from "./spill.ts";
import { ClaimedTexts } from "./texts.ts";
import type { Answers, Collected, Merged, Task, WorkerMessage, WorkerSettings } from "./worker-tasks.ts";

/** Lines beyond those that the manifest counts are judged too, so many of them. */
const LINES_BEYOND_MAX = 10_000;

const { root, spillPath, bucketCount, keys, progress, index } = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new Error("this file runs as a worker");

const findings = new Findings();
const spill = new SpillWriter(spillPath, bucketCount);
const reader = new BlockReader();
const texts = new ClaimedTexts();
const scanner = new ItemScanner(spill, texts);
const publicKeys = new Map(
  keys.map((pem) => {
    const key = createPublicKey(pem);
    return [fingerprint(key.export({ type: "spki", format: "der" })), key] as const;
  }),
);

port.on("message", (task: Task) => {
  perform(task).then(
    (answer) => say({ kind: "answer", answer }),
    (error: unknown) => {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      say({ kind: "failure", code });
    },
  );
});

function say(message: WorkerMessage): void {
  port?.postMessage(message);
}

async function perform(task: Task): Promise<Answers[Task["kind"]]> {
  switch (task.kind) {
    case "anchors":
      return readAnchors(task.files);
    case "scan":
      return scan(task);
    case "checksum":
      compare(task.file, await md5OfFile(join(root, task.file.path), count));
      return undefined;
    case "collect":
      return collect();
    case "merge":
      return merge(task);
    default:
      return task satisfies never;
  }
}

async function readAnchors(files: readonly string[]): Promise<readonly ReadAnchor[]> {
  const tools = {
    report: (finding: Finding) => findings.add(finding),
    spill,
    longChains: scanner.longChains,
  };
  const anchors: ReadAnchor[] = [];
  for (const file of files) {
    const anchor = await readAnchor(root, file, publicKeys, tools);
    if (anchor !== undefined) anchors.push(anchor);
  }
  return anchors;
}

async function scan({
  file,
  source,
  isIncremental,
  lateMs,
}: Extract<Task, { kind: "scan" }>): Promise<undefined> {
  const path = join(root, file.path);
  // An empty partition gives an empty file.
  if (file.bytes === 0 && file.itemCount === 0) {
    compare(file, await md5OfFile(path, count));
    return undefined;
  }
  const inFile = new Findings();
  scanner.begin(source, lateMs, inFile);
  const linesMax = file.itemCount + LINES_BEYOND_MAX;
  let lines = 0;
  let isReadable = true;
  let md5 = "";
  try {
    const read = await readLines(
      path,
      {
        lines: (text) => {
          lines = takeLines(text, lines, linesMax, file.path, isIncremental);
          if (texts.isFull) say({ kind: "texts", texts: texts.takeTexts() });
          // Nothing says where they would end.
          return lines <= linesMax;
        },
        unreadable: () => {
          lines += 1;
          const says = "the line is longer than an item can be, or no UTF-8";
          inFile.add({ kind: "line-unreadable", says, file: file.path, line: lines });
          return lines <= linesMax;
        },
      },
      count,
      bytesMaxOf(file.itemCount),
    );
    ({ md5 } = read);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    isReadable = false;
  }
  if (md5 === "") md5 = await md5OfFile(path, () => undefined);
  const isDamaged = compare(file, md5, { cause: true });
  // What is wrong in the lines of a file that was damaged may be nothing but the damage.
  const mark = (finding: Finding): Finding => (isDamaged ? { ...finding, follows: true } : finding);
  findings.addAll(inFile.result(), mark);
  if (!isReadable) {
    const says = `the file cannot be read beyond ${String(lines)} lines: its gzip is wrong, or something stands behind it`;
    findings.add(mark({ kind: "line-unreadable", says, file: file.path, line: lines + 1, cause: true }));
  } else if (lines !== file.itemCount) {
    const more = lines > linesMax ? `more than ${String(linesMax)}` : String(lines);
    const says = `the manifest counts ${String(file.itemCount)} items, the file holds ${more}`;
    findings.add(
      mark({ kind: "count-differs", says, file: file.path, ...(lines > linesMax ? { cause: true } : {}) }),
    );
  }
  return undefined;
}

/** Takes the lines of a text; the number of lines so far. */
function takeLines(
  text: string,
  before: number,
  linesMax: number,
  file: string,
  isIncremental: boolean,
): number {
  let line = before;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    if (stop > start) {
      line += 1;
      if (line > linesMax) return line;
      const words = text.slice(start, stop);
      const where = { file, line };
      if (isIncremental) scanner.incrementalLine(words, where);
      else scanner.fullLine(words, where);
    }
    start = stop + 1;
  }
  return line;
}

/** Whether the file is another one than its manifest describes. */
function compare(file: DataFile, md5: string, more: { readonly cause?: true } = {}): boolean {
  if (md5 === file.md5) return false;
  const says = "the file does not give the manifest's MD5";
  findings.add({ kind: "file-changed", says, file: file.path, ...more });
  return true;
}

function collect(): Collected {
  return {
    found: findings.result(),
    times: scanner.times,
    late: [...scanner.late.values()],
    spilled: spill.finish(),
    longChains: scanner.longChains,
    remembered: scanner.remembered,
    texts: texts.takeTexts(),
    directories: texts.directories,
    own: texts.own,
  };
}

function merge({ spilled, longChains, limits }: Extract<Task, { kind: "merge" }>): Merged {
  const found = new Findings();
  const { totals, segments } = mergeBucket(spilled, longChains, limits, found, reader);
  return { found: found.result(), totals, segments };
}

function count(bytes: number): void {
  progress[index] = (progress[index] ?? 0) + bytes;
}

function fingerprint(der: Buffer): string {
  return createHash("sha256").update(der).digest("hex");
}
