import { type Html, html, render, stylesheet } from "../../domain/html.ts";
import { type Cell, type Column, type Edition, fingerprintOf, type Report, VERIFY_FIRST } from "./report.ts";
import { shownTime } from "./shown-time.ts";

const STYLE = stylesheet(`
:root { color-scheme: light; }
body { margin: 2rem auto; padding: 0 1.5rem; max-width: 84rem; background: #fff; color: #14202b;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 0; }
dt { color: #465766; }
dd { margin: 0; overflow-wrap: anywhere; }
.mark { border: 1px solid #9a5b00; background: #fff7e8; padding: .5rem .75rem; margin: 1rem 0; }
.wide { overflow-x: auto; background:
  linear-gradient(to right, #fff 50%, transparent) left / 3rem 100% no-repeat local,
  linear-gradient(to left, #fff 50%, transparent) right / 3rem 100% no-repeat local,
  linear-gradient(to right, #8798a6, transparent) left / 1rem 100% no-repeat scroll,
  linear-gradient(to left, #8798a6, transparent) right / 1rem 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-size: .8125rem; line-height: 1.4; }
th, td { border: 1px solid #c3ced7; padding: .3rem .45rem; text-align: left; vertical-align: top; }
th { background: #eef2f5; hyphens: auto; }
td.number, th.number { text-align: right; }
td.number { font-variant-numeric: tabular-nums; }
.counts th.number span { writing-mode: vertical-rl; transform: rotate(180deg); }
td.references { font-size: .9em; color: #33424f; }
td.references div { margin-bottom: .15rem; }
.whole { white-space: nowrap; }
.long { display: inline-block; min-width: 6.5em; overflow-wrap: anywhere; vertical-align: top; }
ul { margin: 0; padding-left: 1.25rem; }
.sign { display: grid; grid-template-columns: repeat(3, 1fr); gap: 2rem; margin-top: 3.5rem; }
.sign p { border-top: 1px solid #14202b; margin: 0; padding-top: .3rem; color: #465766; }
@media screen and (max-width: 52rem) {
  body { margin: 1rem auto; padding: 0 .9rem; }
  dl { display: block; }
  dt { margin-top: .5rem; }
  .wide { overflow: visible; background: none; }
  table, tbody, tr, td { display: block; width: auto; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  thead th { writing-mode: horizontal-tb; }
  table { font-size: .9375rem; }
  tr { border: 1px solid #c3ced7; border-top: 3px solid #465766; margin-bottom: 1rem; }
  td { border: 0; border-top: 1px solid #e3e9ed; overflow-wrap: anywhere; }
  td:first-child { border-top: 0; }
  td:empty { display: none; }
  td::before { content: attr(data-title); display: block; color: #465766; font-size: .8125rem; }
  td.number { display: flex; justify-content: space-between; gap: 1rem; }
  .long { display: inline; min-width: 0; }
  .sign { grid-template-columns: 1fr; gap: 3rem; }
}
@media print {
  @page { size: letter landscape; margin: 12mm; }
  body { margin: 0; padding: 0; max-width: none; font-size: 9pt; }
  .wide { overflow: visible; background: none; }
  table { font-size: 7pt; }
  th, td { padding: .2rem .3rem; }
  thead { display: table-header-group; }
  tr, .sign, .mark { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`);

/** With more columns of counts than this their titles are turned, so that they fit. */
const UPRIGHT_MAX = 6;

const LONG_WORD = /(\S{18,})/u;

/** A text whose words stay whole, but for those such as ids that would make a column too wide. */
function breakable(text: string): Html {
  // Every second part is what the pattern found.
  const parts = text
    .split(LONG_WORD)
    .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<span class="long">${part}</span>`));
  return html`${parts}`;
}

/** Every word in one piece, so that no date is broken at a hyphen. */
const inWords = (text: string): Html =>
  html`${text.split(" ").map((word) => html`<span class="whole">${word}</span> `)}`;

function shown(cell: Cell, { isTime }: Column, timeZone: string): Html {
  if (cell === null) return html``;
  if (typeof cell === "boolean") return html`${cell ? "yes" : "no"}`;
  return isTime === true ? inWords(shownTime(String(cell), timeZone)) : breakable(String(cell));
}

/** True for a column that counts. */
function isNumber({ rows }: Report, { key }: Column): boolean {
  return rows.every((row) => typeof row[key] === "number");
}

function references(columns: readonly Column[], row: Report["rows"][number], timeZone: string): Html {
  const lines = columns.flatMap((column) => {
    const cell = row[column.key] ?? null;
    return cell === null ? [] : [html`<div>${column.title}: ${shown(cell, column, timeZone)}</div>`];
  });
  return html`<td class="references" data-title="References">${lines}</td>`;
}

function table(report: Report, { timeZone }: Edition): Html {
  const { columns, rows } = report;
  if (rows.length === 0) return html`<p>${report.empty}</p>`;
  const main = columns
    .filter(({ isReference }) => isReference !== true)
    .map((column) => ({ column, kind: isNumber(report, column) ? "number" : "text" }));
  const folded = columns.filter(({ isReference }) => isReference === true);
  const lines = rows.map((row) => {
    const cells = main.map(
      ({ column, kind }) =>
        html`<td class="${kind}" data-title="${column.title}">${shown(row[column.key] ?? null, column, timeZone)}</td>`,
    );
    return html`<tr>${cells}${folded.length === 0 ? html`` : references(folded, row, timeZone)}</tr>\n`;
  });
  const titles = main.map(
    ({ column, kind }) => html`<th scope="col" class="${kind}"><span>${column.title}</span></th>`,
  );
  const turned = main.filter(({ kind }) => kind === "number").length > UPRIGHT_MAX ? "counts" : "";
  const last = folded.length === 0 ? html`` : html`<th scope="col">References</th>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${report.title}"><table class="${turned}">
<thead><tr>${titles}${last}</tr></thead>
<tbody>
${lines}</tbody></table></div>`;
}

const SUBJECT_TITLES: Readonly<Record<string, string>> = {
  patientId: "Patient",
  numberId: "Number or address",
  month: "Month",
};

const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function facts(report: Report, edition: Edition): readonly (readonly [string, string])[] {
  const { subject, period, totals } = report;
  return [
    ...Object.entries(subject).map(([name, value]) => [SUBJECT_TITLES[name] ?? name, value] as const),
    ["Period", `${period.from ?? "from the first entry"} to before ${period.to}`],
    ["Rows", String(report.rows.length)],
    ...Object.entries(totals).map(([name, count]) => [capitalised(name), String(count)] as const),
    ["Made at", edition.madeAt],
    ["Times are shown for", edition.timeZone],
    ["Derived from", edition.derivedFrom ?? "the table Audit itself"],
    ["SHA-256 of what it says", fingerprintOf(report)],
  ];
}

/** A report as one page that needs nothing else, for screens and paper; everything in it is escaped. */
export function reportPage(report: Report, edition: Edition): string {
  const terms = facts(report, edition).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`);
  const mark = edition.derivedFrom === null ? html`` : html`<p class="mark">${VERIFY_FIRST}</p>`;
  const remarks = (report.remarks ?? []).map((remark) => html`<p class="mark">${remark}</p>\n`);
  const sign = report.signOff
    ? html`<div class="sign"><p>Reviewed by (name, role)</p><p>Date</p><p>Signature</p></div>`
    : html``;
  return render(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${report.title}</title>
${STYLE}
</head>
<body>
<main>
<h1>${report.title}</h1>
${mark}
${remarks}<dl>
${terms}</dl>
<h2>Rows</h2>
${table(report, edition)}
<h2>How to read it</h2>
<ul>
${report.notes.map((note) => html`<li>${note}</li>\n`)}</ul>
${sign}
</main>
</body>
</html>
`);
}
