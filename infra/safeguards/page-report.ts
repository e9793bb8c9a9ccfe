import type { SafeguardsFacts } from "./facts.ts";
import { drawFlows, FLOW_STYLE } from "./flow-picture.ts";
import type { Asset } from "./inventory.ts";
import { type Markup, markup, styleSheet, written } from "./markup.ts";
import type { Judged, Status } from "./safeguard.ts";
import { CANNOT_KNOW, PREFACE, STATUS_MEANINGS, settingLines, tally, testsOf } from "./wording.ts";

const STYLE = `
:root { color-scheme: light; }
body { margin: 0 auto; padding: 24px 20px 60px; max-width: 1240px; color: #1c1c1c; background: #fff;
  font: 14px/1.45 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 26px; margin: 0 0 8px; }
h2 { font-size: 19px; margin: 36px 0 8px; }
p { max-width: 80ch; }
td p { margin: 0 0 6px; }
table { border-collapse: collapse; width: 100%; margin: 10px 0; }
th, td { text-align: left; vertical-align: top; padding: 6px 8px; border-bottom: 1px solid #d9d9d9; }
th { background: #f3f3f3; font-weight: 600; }
caption { text-align: left; color: #555; padding: 4px 0; }
.narrow { width: auto; }
.cite { white-space: nowrap; font-variant-numeric: tabular-nums; }
.force { color: #555; }
.status { white-space: nowrap; font-weight: 600; }
.status::before { content: ""; display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 2px;
  border: 1px solid #555; }
.in-place::before { background: #2c6b2f; }
.supported::before { background: #9fcf9a; }
.partly::before { background: #f0b429; }
.missing::before { background: #b3261e; }
.by-the-practice::before, .not-known::before { background: #fff; }
.evidence { margin: 0 0 6px; }
.evidence ul { margin: 2px 0 0; padding-left: 18px; color: #444; }
.lacks { color: #8c1d18; }
.tests { font-size: 12px; color: #555; overflow-wrap: anywhere; }
.wide { font-size: 12.5px; }
.scroll { overflow-x: auto; }
.hint { display: none; color: #555; }
svg.flows { width: 100%; min-width: 900px; height: auto; display: block; }
@media screen and (max-width: 960px) { .hint { display: block; } }
@media screen and (max-width: 820px) {
  body { padding: 16px 14px 40px; overflow-wrap: anywhere; }
  table, tbody, tr, th, td, caption { display: block; width: auto; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border: 1px solid #d9d9d9; border-top: 3px solid #555; margin-bottom: 14px; }
  td { border-bottom: 1px solid #eee; }
  td:empty { display: none; }
  td[data-head]::before { content: attr(data-head); display: block; color: #555; font-size: 12px; }
}
@media print {
  @page { size: landscape; margin: 12mm; }
  body { padding: 0; max-width: none; font-size: 11px; }
  h2 { break-after: avoid; }
  tr, svg.flows { break-inside: avoid; }
  svg.flows { min-width: 0; max-height: 180mm; }
  thead { display: table-header-group; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;

/** The report as one page that needs nothing from anywhere, for screen and paper. */
export function pageOf({ settings, assets, map, rule, proposed }: SafeguardsFacts): string {
  return written(markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Safeguards of stage ${settings.stage}</title>${styleSheet(STYLE + FLOW_STYLE)}</head><body>
<h1>Safeguards of stage ${settings.stage}</h1>
<p>${PREFACE}</p>
<table class="narrow"><tbody>${settingLines(settings).map(([label, value]) => markup`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</tbody></table>
<h2>What the words mean</h2>
<table class="narrow"><tbody>${Object.entries(STATUS_MEANINGS).map(([status, meaning]) => markup`<tr><td>${badge(status as Status)}</td><td>${meaning}</td></tr>`)}</tbody></table>
<p>What no template can tell:</p><ul>${CANNOT_KNOW.map((line) => markup`<li>${line}</li>`)}</ul>
<h2>The Security Rule (45 CFR part 164, subpart C)</h2>${safeguards(rule)}
<h2>The rule proposed in 2025 (90 FR 898; not in force)</h2>${safeguards(proposed)}
<h2>Flow map of ePHI</h2>
<p>Derived from role policies, routes, event sources and topic policies. Dead-letter queues and the keys that encrypt
whole stores are left out; the inventory has them.</p>
<p class="hint">The picture is wider than this screen: it scrolls sideways.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Flow map of ePHI">${drawFlows(map)}</div>
<h2>Asset inventory</h2>${inventory(assets)}
</body></html>
`);
}

function badge(status: Status): Markup {
  return markup`<span class="status ${status.replaceAll(" ", "-")}">${status}</span>`;
}

/** A table; on a narrow screen each row stands below the other with the head before every cell. */
function table(
  heads: readonly string[],
  rows: readonly (readonly Markup[])[],
  { kind = "", caption = "" }: { readonly kind?: string; readonly caption?: string } = {},
): Markup {
  const told = caption === "" ? [] : [markup`<caption>${caption}</caption>`];
  const cells = (row: readonly Markup[]) =>
    row.map((cell, index) => markup`<td data-head="${heads[index] ?? ""}">${cell}</td>`);
  return markup`<table class="${kind}">${told}<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${cells(row)}</tr>\n`)}</tbody></table>`;
}

function safeguards(rows: readonly Judged[]): Markup {
  const caption = tally(rows)
    .map(([status, count]) => `${count} ${status}`)
    .join(" · ");
  const heads = ["Citation", "Safeguard", "Status", "What implements it", "Left to the practice"];
  return table(heads, rows.map(safeguardCells), { caption });
}

function safeguardCells(row: Judged): readonly Markup[] {
  const tests = testsOf(row);
  const rest = [
    ...(row.practice === null ? [] : [markup`<p><strong>Must show:</strong> ${row.practice}</p>`]),
    ...(row.cannotKnow === null ? [] : [markup`<p><strong>Cannot know:</strong> ${row.cannotKnow}</p>`]),
  ];
  const shown = tests.length === 0 ? [] : [markup`<div class="tests">Shown by ${tests.join(", ")}</div>`];
  const evidence = row.evidence.map(
    ({ claim, found, lacking }) =>
      markup`<div class="evidence">${lacking.length === 0 ? "✓" : "✗"} ${claim}<ul>${[
        ...found.map((line) => markup`<li>${line}</li>`),
        ...lacking.map((line) => markup`<li class="lacks">lacks: ${line}</li>`),
      ]}</ul></div>`,
  );
  return [
    markup`<span class="cite">${row.citation}</span>`,
    markup`${row.asks} <span class="force">(${row.force})</span>`,
    badge(row.status),
    markup`${evidence}${shown}`,
    markup`${rest}`,
  ];
}

function inventory(assets: readonly Asset[]): Markup {
  const heads = ["Asset", "Type", "Data", "Holds", "Key", "Kept", "Backup", "Accesses logged"];
  const rows = assets.map((asset) =>
    [
      asset.name,
      asset.type.replace(/^AWS::/, ""),
      asset.kind,
      asset.holds,
      asset.key,
      asset.retention,
      asset.backup,
      asset.accessLog,
    ].map((text) => markup`${text}`),
  );
  return markup`<div class="scroll">${table(heads, rows, { kind: "wide" })}</div>`;
}
