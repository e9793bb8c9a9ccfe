import type { Evidence } from "./evidence.ts";
import type { SafeguardsFacts } from "./facts.ts";
import type { Asset } from "./inventory.ts";
import { mermaidOf } from "./mermaid.ts";
import type { Judged } from "./safeguard.ts";
import { CANNOT_KNOW, PREFACE, STATUS_MEANINGS, settingLines, tally, testsOf } from "./wording.ts";

/** The report as Markdown, with the flow map as Mermaid text. */
export function markdownOf({ settings, assets, map, rule, proposed }: SafeguardsFacts): string {
  return [
    `# Safeguards of stage ${settings.stage}`,
    PREFACE,
    ...table(["setting", "value"], settingLines(settings)),
    "## What the words mean",
    ...table(["status", "meaning"], Object.entries(STATUS_MEANINGS)),
    "What no template can tell:",
    CANNOT_KNOW.map((line) => `- ${line}`).join("\n"),
    "## The Security Rule (45 CFR part 164, subpart C)",
    summary(rule),
    ...safeguards(rule),
    "## The rule proposed in 2025 (90 FR 898; not in force)",
    summary(proposed),
    ...safeguards(proposed),
    "## Asset inventory",
    ...table(["asset", "type", "data", "holds", "key", "kept", "backup", "accesses"], assets.map(assetCells)),
    "## Flow map of ePHI",
    `\`\`\`mermaid\n${mermaidOf(map)}\`\`\``,
    "",
  ].join("\n\n");
}

function summary(rows: readonly Judged[]): string {
  return tally(rows)
    .map(([status, count]) => `${count} ${status}`)
    .join(" · ");
}

function safeguards(rows: readonly Judged[]): readonly string[] {
  return table(
    ["citation", "safeguard", "status", "what implements it", "left to the practice", "shown by"],
    rows.map((row) => [
      row.citation,
      `${row.asks} (${row.force})`,
      row.status,
      row.evidence.flatMap(evidenceLines).join("<br>"),
      [
        ...(row.practice === null ? [] : [`the practice must show: ${row.practice}`]),
        ...(row.cannotKnow === null ? [] : [`cannot know: ${row.cannotKnow}`]),
      ].join("<br>"),
      testsOf(row).join("<br>"),
    ]),
  );
}

function evidenceLines({ claim, found, lacking }: Evidence): readonly string[] {
  return [
    `${lacking.length === 0 ? "✓" : "✗"} ${claim}`,
    ...found.map((line) => `– ${line}`),
    ...lacking.map((line) => `– lacks: ${line}`),
  ];
}

function assetCells(asset: Asset): readonly string[] {
  const type = asset.type.replace(/^AWS::/, "");
  return [
    asset.name,
    type,
    asset.kind,
    asset.holds,
    asset.key,
    asset.retention,
    asset.backup,
    asset.accessLog,
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [[line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n")];
}
