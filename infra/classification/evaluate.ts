/**
 * `npm run eval`: leave-one-file-out evaluation of the classifier. Each file (the two one-sided files together) is judged
 * by a model trained on the others. Leak: tier 3 called lower. Alarm: tier 1 or 2 called 3. `--errors` lists every error.
 * Beside it what other packages find in a sample of the same texts; `--no-peers` leaves them out. `--metamorphic` also
 * changes the texts in ways that must not lower a tier.
 */
import { crossValidate, directionOf, foldsOf, type Judged } from "./cross-validation.ts";
import { readOptions, USAGE } from "./evaluation-options.ts";
import { calibration, figures, operatingCurve } from "./evaluation-report.ts";
import { readExamples } from "./examples.ts";
import { installPeers } from "./install-peers.ts";
import { metamorphicTable, raisedTexts, runMetamorphic } from "./metamorphic-run.ts";
import { comparePeers } from "./peer-quality.ts";
import { readWordVectors } from "./word-vectors.ts";

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const announce = (what: string): void => {
  process.stderr.write(`  ${what}\n`);
};

const examples = readExamples();
const folds = foldsOf(examples).length;
process.stderr.write(`Judging ${examples.length} texts by models that have not seen their file …\n`);
const judged: Judged[] = [];
for (const { fold, judged: rows } of crossValidate(examples, readWordVectors())) {
  judged.push(...rows);
  process.stderr.write(
    `  ${fold.join(" and ")}: done (${judged.length} of ${examples.length}, ${folds} runs)\n`,
  );
}

say(figures(judged));
say("\nOperating curve: leak / alarm in % by shift of the clinical thresholds\n");
say(operatingCurve(judged));
say("\nCalibration\n");
say(calibration(judged));
if (options.peers) {
  process.stderr.write("Asking the peers …\n");
  const missing = await installPeers();
  say("\nPeers: in what share of the texts each finds something (95 % interval)\n");
  say(missing ?? (await comparePeers(judged, announce)));
}
if (options.metamorphicCases !== undefined) {
  const cases = options.metamorphicCases;
  const texts = raisedTexts(
    examples.map((example) => ({ text: example.text, direction: directionOf(example) })),
  );
  process.stderr.write(`Changing ${texts.length} texts in ways that must not lower a tier …\n`);
  const results = runMetamorphic(texts, cases, (done) => announce(`${done} of ${cases} cases`));
  say(
    `\nMetamorphic: ${texts.length} texts that the shipped classifier calls above tier 1, changed and judged again\n`,
  );
  say(metamorphicTable(results));
}
if (options.errors) {
  say("");
  for (const { example, tier, voices } of judged) {
    if ((tier === 3) === (example.tier === 3)) continue;
    const kind = example.tier === 3 ? "LEAK" : "ALARM";
    say(`${kind} ${example.file} ${example.category}: ${example.text} [${voices.join(" | ")}]`);
  }
}
