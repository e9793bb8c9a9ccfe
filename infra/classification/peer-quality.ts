import { type ContenderRun, runContender } from "./contender-run.ts";
import { PEERS } from "./contenders.ts";
import type { Judged } from "./cross-validation.ts";
import { directionOf } from "./cross-validation.ts";
import { share } from "./evaluation-report.ts";
import { sampleOf } from "./sampling.ts";

const TEXTS = 1500;
const SEED = 11;
const SECONDS_EACH = 60;

const KINDS =
  "Anything: a finding of any type; of Foundphone, tier 2 or 3. Something clinical: of a type that the package files " +
  "under healthcare, which redact-pii, compromise and wink-nlp have none of; of Foundphone, tier 3.";

/** What one contender found in the texts of a sample; a contender that ended early has judged the first of them. */
export type Found = {
  readonly name: string;
  /** In the order of the sample: whether it found anything, and something clinical. */
  readonly verdicts: readonly { readonly any: boolean; readonly clinical: boolean }[];
  readonly failure?: string | undefined;
};

/** Asks the peers about a sample of the judged texts and shows beside theirs what cross-validation made of the same. */
export async function comparePeers(
  judged: readonly Judged[],
  announce: (what: string) => void,
): Promise<string> {
  const sample = sampleOf(judged, TEXTS, SEED);
  const texts = sample.map(({ example }) => ({ text: example.text, direction: directionOf(example) }));
  const found: Found[] = [
    {
      name: "Foundphone, not having seen the text's file",
      verdicts: sample.map(({ tier }) => ({ any: tier > 1, clinical: tier === 3 })),
    },
  ];
  for (const peer of PEERS) {
    announce(`${peer.name}: ${texts.length} texts`);
    found.push(foundBy(peer.name, await runContender(peer, texts, { rounds: 1, seconds: SECONDS_EACH })));
  }
  return peerTable(
    sample.map(({ example }) => example.tier),
    found,
  );
}

function foundBy(name: string, { readings, failure }: ContenderRun): Found {
  return { name, verdicts: readings.map(({ any, clinical }) => ({ any, clinical })), failure };
}

/** What share of clinical and of harmless texts each contender finds something in: a Markdown table with its notes. */
export function peerTable(tiers: readonly (1 | 2 | 3)[], found: readonly Found[]): string {
  const lines = [
    "| | texts | tier 3: anything found | tier 3: something clinical | tier 1 and 2: anything found | tier 1 and 2: something clinical |",
    "|---|---|---|---|---|---|",
  ];
  const notes: string[] = [];
  for (const { name, verdicts, failure } of found) {
    const cell = (isClinicalText: boolean, kind: "any" | "clinical"): string => {
      const rows = verdicts.filter((_, index) => (tiers[index] === 3) === isClinicalText);
      return share(rows.filter((verdict) => verdict[kind]).length, rows.length);
    };
    lines.push(
      `| ${name} | ${verdicts.length} | ${cell(true, "any")} | ${cell(true, "clinical")} | ${cell(false, "any")} | ${cell(false, "clinical")} |`,
    );
    if (failure !== undefined) notes.push(`${name} ${failure}.`);
    else if (verdicts.length < tiers.length)
      notes.push(
        `${name}: the first ${verdicts.length} of ${tiers.length} texts, in random order, in ${SECONDS_EACH} s.`,
      );
  }
  return [...lines, "", KINDS, ...notes.flatMap((note) => ["", note])].join("\n");
}
