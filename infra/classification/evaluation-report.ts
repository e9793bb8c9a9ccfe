import { directionOf, type Judged } from "./cross-validation.ts";

/** Shifts of the clinical thresholds at which the operating curve is printed. */
const SHIFTS = [-2, -1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2];
const LONG_TEXT_UNITS = 160;

/** "12.3 % (45/367; 10.1-16.1)": a share with its 95 % Wilson interval. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "-";
  const rate = part / whole;
  const z = 1.96;
  const middle = (rate + (z * z) / (2 * whole)) / (1 + (z * z) / whole);
  const half =
    (z * Math.sqrt((rate * (1 - rate)) / whole + (z * z) / (4 * whole * whole))) / (1 + (z * z) / whole);
  const percent = (value: number): string => (100 * value).toFixed(1);
  return `${percent(rate)} % (${part}/${whole}; ${percent(Math.max(0, middle - half))}-${percent(middle + half)})`;
}

function row(title: string, rows: readonly Judged[]): string {
  const clinical = rows.filter(({ example }) => example.tier === 3);
  const harmless = rows.filter(({ example }) => example.tier < 3);
  const leak = share(clinical.filter(({ tier }) => tier < 3).length, clinical.length);
  const alarm = share(harmless.filter(({ tier }) => tier === 3).length, harmless.length);
  const exact = share(rows.filter(({ example, tier }) => tier === example.tier).length, rows.length);
  return `| ${title} | ${leak} | ${alarm} | ${exact} |`;
}

/** Leak, alarm and right tier over all texts and by file, language, direction, category and length: a Markdown table. */
export function figures(judged: readonly Judged[]): string {
  const lines = [
    "| texts | leak (95 % interval) | alarm | right tier |",
    "|---|---|---|---|",
    row("all", judged),
  ];
  const by = (key: (one: Judged) => string): void => {
    for (const name of [...new Set(judged.map(key))].sort())
      lines.push(
        row(
          name,
          judged.filter((one) => key(one) === name),
        ),
      );
  };
  by(({ example }) => `file ${example.file}`);
  by(({ example }) => `language ${example.lang}`);
  by(({ example }) =>
    example.direction === undefined ? "direction not recorded" : `direction ${directionOf(example)}`,
  );
  by(({ example }) => `category ${example.category}`);
  by(({ example }) =>
    example.text.length <= LONG_TEXT_UNITS ? `up to ${LONG_TEXT_UNITS} characters` : "longer",
  );
  return lines.join("\n");
}

/** Leak and alarm in percent by shift of the clinical thresholds, over all texts and by language: a Markdown table. */
export function operatingCurve(judged: readonly Judged[]): string {
  const groups = new Map<string, readonly Judged[]>([["all", judged]]);
  for (const lang of ["en", "es", "mixed"])
    groups.set(
      lang,
      judged.filter(({ example }) => example.lang === lang),
    );
  for (const direction of ["outbound", "inbound"] as const)
    groups.set(
      direction,
      judged.filter(({ example }) => example.direction === direction),
    );
  const names = [...groups.keys()];
  const rate = (rows: readonly Judged[], shift: number): string => {
    const called = ({ margin }: Judged): boolean => margin > shift;
    const clinical = rows.filter(({ example }) => example.tier === 3);
    const harmless = rows.filter(({ example }) => example.tier < 3);
    const percent = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(1);
    const leak = percent(clinical.filter((one) => !called(one)).length, clinical.length);
    return `${leak} / ${percent(harmless.filter(called).length, harmless.length)}`;
  };
  return [
    `| shift | ${names.join(" | ")} |`,
    `|---|${names.map(() => "---|").join("")}`,
    ...SHIFTS.map((shift) => {
      const cells = names.map((name) => rate(groups.get(name) ?? [], shift));
      const title = shift === 0 ? "**0 (shipped)**" : `${shift > 0 ? "+" : ""}${shift}`;
      return `| ${title} | ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

/** How often verdicts of a stated confidence are right, in six bins: a Markdown table. */
export function calibration(judged: readonly Judged[]): string {
  const bins = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.01];
  const lines = ["| confidence | texts | tier 3 or not: right |", "|---|---|---|"];
  bins.slice(0, -1).forEach((from, index) => {
    const to = bins[index + 1] ?? 1;
    const rows = judged.filter(({ confidence }) => confidence >= from && confidence < to);
    const right = rows.filter(({ example, tier }) => (example.tier === 3) === (tier === 3)).length;
    lines.push(`| ${from} to ${Math.min(1, to)} | ${rows.length} | ${share(right, rows.length)} |`);
  });
  return lines.join("\n");
}
