import type { VocabularyDiffResponse } from "#shared/contracts/vocabulary.ts";
import { type Html, html } from "#shared/domain/html.ts";
import { inWords, wholePage } from "./page.ts";

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

function template(before: Template | undefined, after: Template | undefined): Html {
  const { id, use, purpose } = after ?? before ?? { id: "", use: "", purpose: "" };
  const versions = [before, after].map((one) => (one === undefined ? "none" : `version ${one.version}`));
  const texts = LANGUAGES.map((language) => words(before?.texts[language], after?.texts[language], language));
  return html`<article>
<div class="head"><h3>${id}</h3><span class="quiet">for ${use}, about ${purpose}: ${versions.join(" to ")}</span></div>
${texts}</article>
`;
}

function name(before: Name | undefined, after: Name | undefined): Html {
  const { id, kind } = after ?? before ?? { id: "", kind: "" };
  return html`<article>
<div class="head"><h3>${id}</h3><span class="quiet">${kind}</span></div>
${words(before?.textName, after?.textName, "en")}</article>
`;
}

function section<Value>(
  title: string,
  {
    added,
    removed,
    changed,
  }: {
    readonly added: readonly Value[];
    readonly removed: readonly Value[];
    readonly changed: readonly { readonly before: Value; readonly after: Value }[];
  },
  show: (before: Value | undefined, after: Value | undefined) => Html,
): Html {
  const parts = [
    ["Added", added.map((value) => show(undefined, value))],
    ["Changed", changed.map(({ before, after }) => show(before, after))],
    ["Removed", removed.map((value) => show(value, undefined))],
  ] as const;
  return html`${parts.map(
    ([what, shown]) => html`<h2>${title}: ${what.toLowerCase()}</h2>
${shown.length === 0 ? html`<p>None.</p>` : html`${shown}`}
`,
  )}`;
}

/** What changed in the vocabulary between two moments, to read and to print. */
export function differencePage(
  { from, to, templates, names, shipped }: VocabularyDiffResponse,
  practice: { readonly name: string },
  timeZone: string,
): string {
  return wholePage(
    `What changed in the texts of ${practice.name}`,
    html`<main>
<h1>What changed in the texts of ${practice.name}</h1>
<p class="lead">From ${inWords(from.asOf, timeZone)} (version ${from.version}) to ${inWords(to.asOf, timeZone)} (version ${to.version}).</p>
${section("Own templates", templates, template)}
${section("Names", names, name)}
<h2>Templates that ship with the product</h2>
<p>${shipped.says}</p>
<p class="quiet">SHA-256: <code>${shipped.sha256}</code></p>
</main>`,
  );
}
