import { cpSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { BUNDLE_OPTIONS } from "../bundle.ts";
import { type PosedText, runContender } from "../classification/contender-run.ts";
import { type Contender, OWN, PEERS } from "../classification/contenders.ts";
import { directionOf } from "../classification/cross-validation.ts";
import { readExamples } from "../classification/examples.ts";
import { installPeers } from "../classification/install-peers.ts";
import { percentile } from "../classification/percentile.ts";
import { sampleOf } from "../classification/sampling.ts";
import { median, type Report, type ReportRow } from "./report.ts";

const SHORT_TEXT_UNITS = 320;
const TEXTS = 1500;
const SEED = 12;
const WARM_UP_ROUNDS = 8;
const ROUNDS = 5;
const SECONDS_EACH = 20;
const LOADS = 5;
const OWN_DATA = fileURLToPath(new URL("../../shared/domain/classification/data", import.meta.url));

/** What a contender took; undefined where its process never came so far. */
export type ContenderSpeed = {
  readonly name: string;
  readonly bundleBytes: number;
  /** Rising: what each text took in each round that counts. */
  readonly microseconds: readonly number[];
  readonly loadMilliseconds: number | undefined;
  readonly failure?: string | undefined;
};

/** What a run of the command gives the measurement. */
export type PeerSpeedOptions = {
  /** Where bundles may lie until the command ends. */
  readonly folder: string;
  readonly announce: (what: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Times the classifier and its peers in the same way: each bundled as the functions are and run in a process of its
 * own over the same labelled texts of at most 320 characters; loading in several fresh processes after that.
 */
export async function reportPeerSpeed({ folder, announce, signal }: PeerSpeedOptions): Promise<Report> {
  const missing = await installPeers({ signal });
  const texts = sampleOf(
    readExamples().filter(({ text }) => text.length <= SHORT_TEXT_UNITS),
    TEXTS,
    SEED,
  ).map((example): PosedText => ({ text: example.text, direction: directionOf(example) }));
  const speeds: ContenderSpeed[] = [];
  for (const contender of [OWN, ...(missing === undefined ? PEERS : [])]) {
    announce(`timing ${contender.name}`);
    speeds.push(await timeContender(contender, texts, folder, signal));
  }
  return peerSpeedReport(speeds, texts.length, missing === undefined ? [] : [missing]);
}

async function timeContender(
  contender: Contender,
  texts: readonly PosedText[],
  folder: string,
  signal: AbortSignal,
): Promise<ContenderSpeed> {
  const { name } = contender;
  const outfile = join(folder, `contender-${contender.exportName}`, "index.mjs");
  try {
    await bundle(contender, outfile);
  } catch {
    return {
      name,
      bundleBytes: 0,
      microseconds: [],
      loadMilliseconds: undefined,
      failure: "cannot be bundled",
    };
  }
  const bundled = { ...contender, moduleUrl: pathToFileURL(outfile) };
  const { readings, loadMilliseconds, failure } = await runContender(bundled, texts, {
    rounds: WARM_UP_ROUNDS + ROUNDS,
    seconds: SECONDS_EACH,
    signal,
  });
  const loads: number[] = [];
  for (let load = 0; load < LOADS && failure === undefined; load++) {
    const fresh = await runContender(bundled, [], { rounds: 0, seconds: 0, signal });
    if (fresh.loadMilliseconds !== undefined) loads.push(fresh.loadMilliseconds);
  }
  return {
    name,
    bundleBytes: statSync(outfile).size,
    microseconds: readings
      .filter(({ round }) => round >= WARM_UP_ROUNDS)
      .map(({ microseconds }) => microseconds)
      .sort((left, right) => left - right),
    loadMilliseconds: loads.length === 0 ? loadMilliseconds : median(loads),
    failure,
  };
}

async function bundle(contender: Contender, outfile: string): Promise<void> {
  await build({
    ...BUNDLE_OPTIONS,
    sourcemap: false,
    stdin: {
      contents: `export { ${contender.exportName} } from ${JSON.stringify(fileURLToPath(contender.moduleUrl))};`,
      resolveDir: fileURLToPath(new URL(".", contender.moduleUrl)),
    },
    outfile,
    logLevel: "silent",
  });
  if (contender === OWN) cpSync(OWN_DATA, join(outfile, "../data"), { recursive: true });
}

/** The first contender is ours: the others are compared with it. */
export function peerSpeedReport(
  speeds: readonly ContenderSpeed[],
  texts: number,
  notes: readonly string[],
): Report {
  const own = speeds[0];
  const expected = texts * ROUNDS;
  return {
    name: "Peers",
    title:
      `${String(texts)} labelled texts of at most ${String(SHORT_TEXT_UNITS)} characters, ${String(ROUNDS)} times after ` +
      `${String(WARM_UP_ROUNDS)} to warm up; load: import to first answer, median of ${String(LOADS)} fresh processes`,
    columns: ["classifier", "p50 µs", "x ours", "p99 µs", "x ours", "load ms", "x ours", "code KB"],
    rows: speeds.map((speed) => rowOf(speed, own)),
    notes: [
      "Each is bundled as the functions are; code is without the data that ours reads from files.",
      ...speeds.flatMap(({ name, microseconds, failure }) => {
        if (failure !== undefined) return [`${name} ${failure}.`];
        if (microseconds.length >= expected) return [];
        return [
          `${name}: ${String(microseconds.length)} of ${String(expected)} timings in ${String(SECONDS_EACH)} s.`,
        ];
      }),
      ...notes,
    ],
  };
}

function rowOf(speed: ContenderSpeed, own: ContenderSpeed | undefined): ReportRow {
  const at = ({ microseconds }: ContenderSpeed, share: number): number | undefined =>
    microseconds.length === 0 ? undefined : percentile(microseconds, share);
  const pair = (figure: (each: ContenderSpeed) => number | undefined, digits: number): string[] => {
    const value = figure(speed);
    const ours = own && figure(own);
    if (value === undefined) return ["-", "-"];
    return [value.toFixed(digits), ours === undefined ? "-" : (value / ours).toFixed(1)];
  };
  return {
    cells: [
      speed.name,
      ...pair((each) => at(each, 0.5), 0),
      ...pair((each) => at(each, 0.99), 0),
      ...pair(({ loadMilliseconds }) => loadMilliseconds, 0),
      speed.bundleBytes === 0 ? "-" : (speed.bundleBytes / 1024).toFixed(0),
    ],
    verdict: undefined,
  };
}
