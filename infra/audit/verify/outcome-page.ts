import { html, render, stylesheet } from "#shared/domain/html.ts";
import { factsOf } from "./outcome-facts.ts";
import type { Verification } from "./verification.ts";

const STYLE = stylesheet(`
:root { color-scheme: light; }
body { margin: 2rem auto; padding: 0 1.5rem; max-width: 60rem; background: #fff; color: #14202b;
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 0; }
dt { color: #465766; }
dd { margin: 0; overflow-wrap: anywhere; }
.verdict { border: 2px solid; padding: .5rem .75rem; font-weight: 600; }
.proved { border-color: #1b6b3a; background: #eef8f1; }
.findings { border-color: #a32020; background: #fdf0f0; }
ul { margin: 0; padding-left: 1.25rem; overflow-wrap: anywhere; }
@media print {
  @page { size: letter; margin: 12mm; }
  body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; }
  h2 { break-after: avoid; }
  .verdict, dl { break-inside: avoid; }
}
`);

/** The outcome as one page that needs nothing else, for screens and paper; everything in it is escaped. */
export function outcomePage(outcome: Verification, madeAt: string): string {
  const { title, verdict, sections, notes, findings, following } = factsOf(outcome, madeAt);
  const found = findings.map(({ kind, count, first }) => {
    const more = count - first.length;
    return html`<h3>${kind}: ${count.toLocaleString("en-US")}</h3>
<ul>
${first.map((words) => html`<li>${words}</li>\n`)}${more > 0 ? html`<li>and ${more.toLocaleString("en-US")} more</li>\n` : html``}</ul>
`;
  });
  const consequences = following.map(
    ({ kind, count, first }) => html`<h3>${kind}: ${count.toLocaleString("en-US")}, such as</h3>
<ul>
${first.map((words) => html`<li>${words}</li>\n`)}</ul>
`,
  );
  const follow =
    following.length === 0
      ? html``
      : html`<h2>May follow from these; mend them first, and verify again</h2>\n${consequences}`;
  const parts = sections.map(
    (section) => html`<h2>${section.title}</h2>
<dl>
${section.facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
`,
  );
  const remarks =
    notes.length === 0
      ? html``
      : html`<h2>To be read besides</h2>
<ul>
${notes.map((note) => html`<li>${note}</li>\n`)}</ul>
`;
  return render(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${STYLE}
</head>
<body>
<main>
<h1>${title}</h1>
<p class="verdict ${outcome.verdict}">${verdict}</p>
${found.length === 0 ? html`` : html`<h2>Findings</h2>\n${found}`}${follow}${parts}${remarks}</main>
</body>
</html>
`);
}
