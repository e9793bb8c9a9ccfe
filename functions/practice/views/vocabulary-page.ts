import type { VocabularyResponse } from "#shared/contracts/vocabulary.ts";
import { type Html, html } from "#shared/domain/html.ts";
import { counted, inWords, languageName, wholePage, withSlots } from "./page.ts";

type Template = VocabularyResponse["templates"][number];
type Printed = Template["longest"][number];
type Slot = VocabularyResponse["slots"][number];
type Email = VocabularyResponse["emails"][number];

const parts = (count: number) => (count === 1 ? "1 part" : `${count} parts`);

function verdict({ passes, tier }: { readonly passes: boolean; readonly tier: number }): Html {
  return passes
    ? html`passes the found-phone test (tier ${tier})`
    : html`<span class="fails">fails the found-phone test (tier ${tier}) and would not be sent</span>`;
}

function printed(text: Printed): Html {
  return html`<li><span class="sent">${text.text}</span>
<span class="quiet">${text.units} ${text.encoding === "GSM-7" ? "characters" : "units in UCS-2"}, ${parts(text.segments)}; ${verdict(text)}</span></li>
`;
}

function wording(template: Template): Html {
  const { language, text, count, longest } = template;
  const worst =
    longest.length === 0
      ? html`<p class="quiet">Nothing can fill one of its slots yet, so it cannot be sent.</p>`
      : html`<details open><summary class="quiet">The ${longest.length === 1 ? "only" : "longest"} of ${counted(count)} possible ${count === "1" ? "text" : "texts"}</summary>
<ol>
${longest.map(printed)}</ol></details>`;
  return html`<p class="quiet">${languageName(language)}</p>
<p class="words" lang="${language}">${withSlots(text)}</p>
${worst}
`;
}

/** The languages of one version of a template together. */
function byVersion(templates: readonly Template[]): readonly (readonly Template[])[] {
  const found = new Map<string, Template[]>();
  for (const template of templates) {
    const key = `${template.id}@${template.version}`;
    found.set(key, [...(found.get(key) ?? []), template]);
  }
  return [...found.values()];
}

function article(versions: readonly Template[], timeZone: string): Html {
  const [first] = versions;
  if (first === undefined) return html``;
  const { id, version, use, purpose, approvedAt } = first;
  const since = approvedAt === null ? "ships with the product" : `approved ${inWords(approvedAt, timeZone)}`;
  return html`<article>
<div class="head"><h3>${id}, version ${version}</h3>
<span class="quiet">${use === id ? "" : `for ${use}; `}${purpose === null ? "" : `about ${purpose}; `}${since}</span></div>
${versions.map(wording)}</article>
`;
}

function templatesOf(origin: Template["origin"], { templates }: VocabularyResponse, timeZone: string): Html {
  const found = byVersion(templates.filter((template) => template.origin === origin));
  if (found.length === 0) return html`<p>None.</p>`;
  return html`${found.map((versions) => article(versions, timeZone))}`;
}

function slot({ slot: name, language, count, values, rule, pattern }: Slot): Html {
  const told =
    values === null
      ? html`<p>${rule}</p>
<p class="quiet">Every value fits <code>${pattern}</code></p>`
      : html`<ul class="values">${values.map((value) => html`<li>${value}</li>`)}</ul>`;
  const of = language === null ? "" : ` in ${languageName(language)}`;
  return html`<article>
<div class="head"><h3>{${name}}${of}</h3><span class="quiet">${counted(count)} ${count === "1" ? "value" : "values"}</span></div>
${count === "0" ? html`<p>None is approved.</p>` : told}
</article>
`;
}

function email({ id, version, language, subject, text, ...rest }: Email): Html {
  return html`<article>
<div class="head"><h3>${id}, version ${version}</h3><span class="quiet">${languageName(language)}; ${verdict(rest)}</span></div>
<p class="words" lang="${language}">${subject}

${text}</p>
</article>
`;
}

/** The vocabulary as a page to read and to print. */
export function vocabularyPage(vocabulary: VocabularyResponse, timeZone: string): string {
  const { practice, version, since, asOf, count, countSays, emails, slots, shipped } = vocabulary;
  const approved =
    version === 0
      ? "Nothing is approved yet"
      : `Version ${version}, in force since ${inWords(since, timeZone)}`;
  const failing = vocabulary.templates.flatMap(({ longest }) => longest).filter(({ passes }) => !passes);
  return wholePage(
    `What texts of ${practice.name} can say`,
    html`<main>
<h1>What texts of ${practice.name} can say</h1>
<p class="lead">Everything that can be sent to a phone, as of ${inWords(asOf, timeZone)}. Nothing else can be.</p>
<dl>
<dt>Approved words and names</dt><dd>${approved}</dd>
<dt>Phone</dt><dd>${practice.phone}</dd>
<dt>Links lead to</dt><dd>${practice.portalHost}</dd>
<dt>E-mails come from</dt><dd>${practice.emailSender ?? "no e-mails are sent"}</dd>
<dt>Possible texts</dt><dd class="big">${counted(count)}</dd>
<dt>Found-phone test</dt><dd>${failing.length === 0 ? "Every longest text below passes" : html`<span class="fails">${failing.length} of the longest texts below fail</span>`}</dd>
</dl>
<p class="quiet">${countSays}</p>
<nav aria-label="On this page"><ul>
<li><a href="#own">The practice's own templates</a></li>
<li><a href="#shipped">Templates that ship</a></li>
<li><a href="#emails">E-mails</a></li>
<li><a href="#slots">What fills the slots</a></li>
</ul></nav>
<h2 id="own">The practice's own templates</h2>
${templatesOf("own", vocabulary, timeZone)}
<h2 id="shipped">Templates that ship with the product</h2>
<p class="quiet">${shipped.says}</p>
<p class="quiet">SHA-256: <code>${shipped.sha256}</code></p>
${templatesOf("shipped", vocabulary, timeZone)}
<h2 id="emails">E-mails</h2>
${emails.map(email)}
<h2 id="slots">What fills the slots</h2>
${slots.map(slot)}
</main>`,
  );
}
