/**
 * Leave-one-file-out evaluation: `node infra/classification/evaluate.ts VECTORS.json [--errors]`.
 * Each file (the two one-sided files together) is judged by a model trained on the others, through the whole pipeline
 * with the shipped thresholds. Leak: tier 3 called lower. Alarm: tier 1 or 2 called 3.
 */
import { judge } from "#shared/domain/classification/judge.ts";
import { readModel } from "#shared/domain/classification/model.ts";
import { type LabelledText, readExamples, readVectors, VECTOR_WORDS } from "./examples.ts";
import { trainModel } from "./training.ts";

const [path, ...options] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write("usage: node infra/classification/evaluate.ts VECTORS.json [--errors]\n");
  process.exit(2);
}
const vectors = readVectors(path, VECTOR_WORDS);
const examples = readExamples();
const folds = [["dev-mixed"], ["dev-threads"], ["dev-spanish"], ["dev-clinical", "dev-admin"]];

/** Shifts of the clinical thresholds at which the operating curve is printed. */
const SHIFTS = [-1, -0.5, -0.25, 0, 0.25, 0.5, 1];
type Outcome = { readonly file: string; readonly clinical: boolean; readonly called: boolean };
const curve = new Map<number, Outcome[]>(SHIFTS.map((shift) => [shift, []]));

type Judged = { readonly example: LabelledText; readonly tier: number; readonly voices: string };
const judged: Judged[] = [];
for (const fold of folds) {
  const model = readModel(
    trainModel(
      examples.filter(({ file }) => !fold.includes(file)),
      vectors,
    ),
  );
  for (const example of examples.filter(({ file }) => fold.includes(file))) {
    for (const [shift, outcomes] of curve) {
      const shifted = {
        ...model,
        thresholds: {
          ...model.thresholds,
          english: model.thresholds.english + shift,
          spanish: model.thresholds.spanish + shift,
        },
      };
      outcomes.push({
        file: example.file,
        clinical: example.tier === 3,
        called: judge(shifted, example.text, "outbound").tier === 3,
      });
    }
    const { tier, reasons } = judge(model, example.text, "outbound");
    judged.push({
      example,
      tier,
      voices: reasons.map(({ rule, start, end }) => `${rule}:${example.text.slice(start, end)}`).join(" | "),
    });
  }
}

/** "12.3 % (45/367; 95 % 9.3-16.1)" with the Wilson interval. */
function share(part: number, whole: number): string {
  if (whole === 0) return "-";
  const rate = part / whole;
  const z = 1.96;
  const middle = (rate + (z * z) / (2 * whole)) / (1 + (z * z) / whole);
  const half =
    (z * Math.sqrt((rate * (1 - rate)) / whole + (z * z) / (4 * whole * whole))) / (1 + (z * z) / whole);
  const percent = (value: number): string => (100 * value).toFixed(1);
  return `${percent(rate)} % (${part}/${whole}; ${percent(Math.max(0, middle - half))}-${percent(middle + half)})`;
}

function report(title: string, rows: readonly Judged[]): void {
  const clinical = rows.filter(({ example }) => example.tier === 3);
  const harmless = rows.filter(({ example }) => example.tier < 3);
  const leak = share(clinical.filter(({ tier }) => tier < 3).length, clinical.length);
  const alarm = share(harmless.filter(({ tier }) => tier === 3).length, harmless.length);
  const exact = share(rows.filter(({ example, tier }) => tier === example.tier).length, rows.length);
  process.stdout.write(`| ${title} | ${leak} | ${alarm} | ${exact} |\n`);
}

function reportBy(key: (row: Judged) => string): void {
  for (const name of [...new Set(judged.map(key))].sort())
    report(
      name,
      judged.filter((row) => key(row) === name),
    );
}
process.stdout.write("| texts | leak (95 % interval) | alarm | right tier |\n|---|---|---|---|\n");
report("all", judged);
reportBy(({ example }) => example.file);
reportBy(({ example }) => `language ${example.lang}`);
reportBy(({ example }) => `category ${example.category}`);
report(
  "up to 160 characters",
  judged.filter(({ example }) => example.text.length <= 160),
);
report(
  "longer",
  judged.filter(({ example }) => example.text.length > 160),
);
process.stdout.write("\nleak / alarm in % by shift of the thresholds\n");
for (const [shift, outcomes] of curve) {
  const cells = ["", ...new Set(outcomes.map(({ file }) => file))].map((file) => {
    const rows = outcomes.filter((row) => file === "" || row.file === file);
    const rate = (clinical: boolean, called: boolean): string => {
      const side = rows.filter((row) => row.clinical === clinical);
      return side.length === 0
        ? "-"
        : ((100 * side.filter((row) => row.called === called).length) / side.length).toFixed(1);
    };
    return `${file || "all"} ${rate(true, false)} / ${rate(false, true)}`;
  });
  process.stdout.write(`${shift >= 0 ? "+" : ""}${shift}: ${cells.join("   ")}\n`);
}
if (options.includes("--errors")) {
  for (const { example, tier, voices } of judged) {
    if ((tier === 3) !== (example.tier === 3))
      process.stdout.write(
        `${example.tier === 3 ? "LEAK" : "ALARM"} ${example.file} ${example.category}: ${example.text} [${voices}]\n`,
      );
  }
}
