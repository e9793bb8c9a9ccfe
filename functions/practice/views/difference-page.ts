import type { VocabularyDiffResponse } from "#shared/contracts/vocabulary.ts";
import { type Html, html } from "#shared/domain/html.ts";
import { inWords, wholePage } from "./page.ts";
import { languageName, purposeInWords, useInWords } from "./words-for.ts";

type Template = VocabularyDiffResponse["templates"]["added"][number];
type Name = VocabularyDiffResponse["names"]["added"][number];

const LANGUAGES = ["en", "es"] as const;

/** What was said before and is now, each marked by a word too: paper has no colours. */
function words(before: string | undefined, after: string | undefined, language: string): Html {
  if (before === after) return html`<p class="words" lang="${language}">${before ?? ""}</p>`;
  return html`${before === undefined ? html`` : html`<del><b>Before</b><span lang="${language}">${before}</span></del>`}
${after === undefined ? html`` : html`<ins><b>After</b><span lang="${language}">${after}</span></ins>`}
`;
}

/** Which version came after which. */
function versions(before: number | undefined, after: number | undefined): string {
  if (before === undefined) return `not there before, now version ${after}`;
  return after === undefined ? `was version ${before}, now not there` : `version ${before} to ${after}`;
}

function template(before: Template | undefined, after: Template | undefined, timeZone: string): Html {
  const newest = after ?? before;
  if (newest === undefined) return html``;
  const { id, use, purpose, about } = newest;
  const approved =
    after === undefined
      ? ""
      : `Approved ${inWords(after.approvedAt, timeZone)}${about === null ? "" : ` by ${about.approvedBy}, written by ${about.author}`}.`;
  const texts = LANGUAGES.map(
    (language) => html`<section><h4>${languageName(language)}</h4>
${words(before?.texts[language], after?.texts[language], language)}</section>
`,
  );
  return html`<article>
<div class="head"><h3>${about?.name ?? id}</h3><span class="quiet">${about === null ? "" : `${id}; `}${useInWords(use)}; about ${purposeInWords(purpose)}; ${versions(before?.version, after?.version)}</span></div>
${approved === "" ? html`` : html`<p class="quiet">${approved}</p>`}
<div class="languages">
${texts}</div></article>
`;
}

function name(before: Name | undefined, after: Name | undefined): Html {
  const newest = after ?? before;
  return html`<tr><th scope="row">${newest?.id ?? ""}</th><td>${newest?.kind ?? ""}</td><td>${before?.textName ?? "not there"}</td><td>${after?.textName ?? "not there"}</td></tr>
`;
}

type Difference<Value> = {
  readonly added: readonly Value[];
  readonly removed: readonly Value[];
  readonly changed: readonly { readonly before: Value; readonly after: Value }[];
};

function templatesSection({ added, changed, removed }: Difference<Template>, timeZone: string): Html {
  const shown = [
    ["Added", added.map((one) => template(undefined, one, timeZone))],
    ["Changed", changed.map(({ before, after }) => template(before, after, timeZone))],
    ["Removed", removed.map((one) => template(one, undefined, timeZone))],
  ] as const;
  return html`<h2>The practice's own templates</h2>
${shown.map(
  ([what, articles]) => html`<h3 class="part">${what}</h3>
${articles.length === 0 ? html`<p>None.</p>` : html`${articles}`}
`,
)}`;
}

function namesSection({ added, changed, removed }: Difference<Name>): Html {
  const rows = [
    ...added.map((one) => name(undefined, one)),
    ...changed.map(({ before, after }) => name(before, after)),
    ...removed.map((one) => name(one, undefined)),
  ];
  const table = html`<table>
<thead><tr><th scope="col">Entry</th><th scope="col">Kind</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
  return html`<h2>Names</h2>
${rows.length === 0 ? html`<p>No change.</p>` : table}
`;
}

/** What changed in the vocabulary between two moments, to read and to print. */
export function differencePage(
  { from, to, templates, names, shipped }: VocabularyDiffResponse,
  practice: { readonly name: string },
  timeZone: string,
): string {
  const began = from.version === 0 ? "nothing was approved yet" : `version ${from.version}`;
  const ended = to.version === 0 ? "nothing was approved yet" : `version ${to.version}`;
  return wholePage(
    `What changed in the texts of ${practice.name}`,
    html`<main>
<h1>What changed in the texts of ${practice.name}</h1>
<p class="lead">From ${inWords(from.asOf, timeZone)} (${began}) to ${inWords(to.asOf, timeZone)} (${ended}).</p>
${templatesSection(templates, timeZone)}
${namesSection(names)}
<h2>Templates that ship with the product</h2>
<p>${shipped.says}</p>
<p class="quiet">SHA-256: <code>${shipped.sha256}</code></p>
</main>`,
  );
}
