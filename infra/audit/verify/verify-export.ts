import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSeries } from "./anchor-series.ts";
import { CrewWork } from "./crew-work.ts";
import { type ExportDirectory, readDirectory } from "./directory.ts";
import { limitsOf, reportAges, reportLate, TORN_MS } from "./export-age.ts";
import { type Finding, Findings, followingLoss } from "./finding.ts";
import { FoundPhoneTest } from "./found-phone.ts";
import { readExport } from "./manifests.ts";
import type { VerifyOptions } from "./options.ts";
import { settleOwnTexts } from "./own-texts.ts";
import type { OnProgress } from "./progress-line.ts";
import { readKeys } from "./public-keys.ts";
import { chooseSources, otherFiles } from "./sources.ts";
import type { MetText } from "./texts.ts";
import { timesOf, type Verification, verificationOf } from "./verification.ts";
import { VerifyError } from "./verify-error.ts";
import { planWork } from "./work-plan.ts";

const ANCHOR = /(?:^|\/)anchors\/(\d{12})\.json$/;
/** What takes away entries that may have told of approvals. */
const LOST_ENTRIES = [
  "line-unreadable",
  "entry-changed",
  "entry-missing",
  "anchored-entry-missing",
  "chain-missing",
] as const;
const HEADS = /(?:^|\/)anchors\/(\d{12})-[0-9a-f]{16}\.heads\.jsonl\.gz$/;

/** Verifies an export. Throws a {@link VerifyError} where there is nothing that could be verified. */
export async function verifyExport(
  options: VerifyOptions,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Verification> {
  const startMs = performance.now();
  const findings = new Findings();
  const report = (finding: Finding) => findings.add(finding);
  const directory = readDirectory(options.directory);
  const { sources, others } = readExports(directory, report);
  const anchorFiles = directory.anchorFiles.filter((file) => ANCHOR.test(file));
  const keys = readKeys(
    directory,
    { files: options.keyFiles, fingerprints: options.keyFingerprints },
    report,
  );
  reportStrays(directory, report);

  const plan = planWork(sources.exports, others, anchorFiles);
  if (plan.items === 0 && !findings.lost.record)
    throw new VerifyError("The export of the audit table holds no entry: there is nothing to verify.");
  if (keys.pinnedKeys.length > 0 && anchorFiles.length === 0)
    report({ kind: "anchor-missing", says: "a key was named, and there is no anchor that it signed" });

  const folder = temporaryFolder();
  const phone = new FoundPhoneTest(options.wordingFile, findings);
  const place = {
    root: directory.root,
    folder,
    keys: keys.keys,
    onProgress,
    signal,
    onTexts: (texts: ReadonlyMap<string, MetText>) => phone.take(texts),
  };
  let work: CrewWork | undefined;
  try {
    work = new CrewWork(plan, place, findings);
    const { anchors, collected } = await work.read();
    reportLate(
      sources.exports,
      collected.flatMap(({ late }) => late),
      report,
    );
    const { stateMs } = sources;
    const context = {
      remembered: collected.flatMap((each) => each.remembered),
      numbers: numbersOf(directory.anchorFiles, ANCHOR),
      headsNumbers: numbersOf(directory.anchorFiles, HEADS),
      pinnedKeys: keys.pinnedKeys,
      isLossy: findings.lost.record,
      youngMs: stateMs - TORN_MS,
    };
    const series = checkSeries(anchors, context, report);
    const limits = limitsOf(series, stateMs, options.asOfExport);
    const chains = await work.judge(collected, limits);
    const { lost } = findings;
    reportAges(series, chains, { ...timesOf(collected), stateMs }, options.asOfExport, (finding) =>
      report(followingLoss(finding, lost)),
    );
    settleOwnTexts(
      collected.map(({ own }) => own),
      // Approvals may be among what is not there or cannot be believed.
      (finding, count) => {
        const follows = findings.lost.record || findings.hasAny(LOST_ENTRIES);
        findings.add(follows ? { ...finding, follows } : finding, count);
      },
    );
    for (const { texts } of collected) phone.take(texts);
    const texts = await phone.finish();
    const outcome = verificationOf({ sources, others, keys, series, collected, chains, texts }, options);
    return {
      ...outcome,
      ...findings.result(),
      verdict: findings.size === 0 ? "proved" : "findings",
      bytes: plan.bytes,
      seconds: (performance.now() - startMs) / 1000,
    };
  } finally {
    await work?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What of the directory is verified entry by entry, and the data files of which only checksums are compared. */
function readExports(directory: ExportDirectory, report: (finding: Finding) => void) {
  const read = directory.exports.map((folder) => {
    const found: Finding[] = [];
    return { told: readExport(directory, folder, (finding) => found.push(finding)), found };
  });
  const all = read.flatMap(({ told }) => told ?? []);
  const sources = chooseSources(all, "Audit", report);
  if (sources === undefined)
    throw new VerifyError(
      "There is no full export of the audit table below DIR: copy the bucket of exports, or name another DIR.",
    );
  for (const { told, found } of read) {
    // What is wrong with exports of which only checksums are compared makes no gap in the record.
    const isUsed = told === undefined || sources.exports.includes(told);
    for (const { cause, ...finding } of found)
      report(isUsed && cause === true ? { ...finding, cause } : finding);
  }
  return { sources, others: otherFiles(all, sources) };
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "foundphone-audit-"));
  } catch {
    throw new VerifyError("The temporary directory cannot be used: name another one in TMPDIR.");
  }
}

function numbersOf(files: readonly string[], name: RegExp): ReadonlySet<number> {
  return new Set(files.flatMap((file) => name.exec(file)?.[1] ?? []).map(Number));
}

/** Files among the anchors that are none. */
function reportStrays({ anchorFiles }: ExportDirectory, report: (finding: Finding) => void): void {
  for (const file of anchorFiles)
    if (!ANCHOR.test(file) && !HEADS.test(file))
      report({ kind: "anchor-unreadable", says: "the file has not the name of an anchor", file });
}
