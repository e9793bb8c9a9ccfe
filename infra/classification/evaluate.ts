/**
 * `npm run eval`: leave-one-file-out evaluation of the classifier. Each file (the two one-sided files together) is judged
 * by a model trained on the others. Leak: tier 3 called lower. Alarm: tier 1 or 2 called 3. `--errors` lists every error.
 */
import { crossValidate, foldsOf, type Judged } from "./cross-validation.ts";
import { calibration, figures, operatingCurve } from "./evaluation-report.ts";
import { readExamples } from "./examples.ts";
import { readWordVectors } from "./word-vectors.ts";

const options = process.argv.slice(2);
const unknown = options.find((option) => option !== "--errors");
if (unknown !== undefined) {
  process.stderr.write("usage: npm run eval -- [--errors]\n");
  process.exit(2);
}
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
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
if (options.includes("--errors")) {
  say("");
  for (const { example, tier, voices } of judged) {
    if ((tier === 3) === (example.tier === 3)) continue;
    const kind = example.tier === 3 ? "LEAK" : "ALARM";
    say(`${kind} ${example.file} ${example.category}: ${example.text} [${voices.join(" | ")}]`);
  }
}
