import type { VocabularyResponse } from "#shared/contracts/vocabulary.ts";
import { type Html, html } from "#shared/domain/html.ts";
import { counted, inWords, wholePage, withSlots } from "./page.ts";
import { languageName, purposeInWords, useInWords } from "./words-for.ts";

type Template = VocabularyResponse["templates"][number];
type Printed = Template["longest"][number];
type Slot = VocabularyResponse["slots"][number];
type Email = VocabularyResponse["emails"][number];

const parts = (count: number) => (count === 1 ? "1 part" : `${count} parts`);

function verdict({ passes, tier }: { readonly passes: boolean; readonly tier: number }): Html {
  if (!passes && tier < 3) {
    return html`<span class="fails">takes more parts than it may and would not be sent</span>`;
  }
  return passes
    ? html`passes the found-phone test (tier ${tier})`
    : html`<span class="fails">fails the found-phone test (tier ${tier}) and would not be sent</span>`;
}

function measured({ units, encoding, segments, passes, tier }: Printed): Html {
  return html`${units} ${encoding === "GSM-7" ? "characters" : "units in UCS-2"}, ${parts(segments)}, ${verdict({ passes, tier })}`;
}

const isAlike = (one: Printed, other: Printed) =>
  one.units === other.units && one.tier === other.tier && one.passes === other.passes;

function worstOf(shown: number, count: string): Html {
  if (count === "1") return html`The only possible text`;
  if (count === String(shown)) return html`All ${counted(count)} possible texts`;
  return html`${shown} of the longest of ${counted(count)} possible texts`;
}

/** What is the same of all is said once: the list is long. */
function worstCases({ longest, count }: Template): Html {
  const [first] = longest;
  if (first === undefined)
    return html`<p class="quiet">No name is approved for one of its slots, so it cannot be sent.</p>`;
  const saidOnce = longest.every((text) => isAlike(text, first));
  const lines = longest.map(
    (text) =>
      html`<li>${text.text}${saidOnce ? html`` : html` <span class="quiet">${measured(text)}</span>`}</li>
`,
  );
  return html`<p class="quiet">${worstOf(longest.length, count)}${saidOnce ? html`: ${longest.length === 1 ? "" : "each "}${measured(first)}` : html``}</p>
<ol class="sent">
${lines}</ol>
`;
}

function wording(template: Template): Html {
  const { language, text } = template;
  return html`<section><h4>${languageName(language)}</h4>
<p class="words" lang="${language}">${withSlots(text)}</p>
${worstCases(template)}</section>
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

/** Who answers for a template of the practice's own. */
function story({ about, approvedAt }: Template, timeZone: string): Html {
  if (approvedAt === null) return html``;
  const approved = `pproved ${inWords(approvedAt, timeZone)}`;
  if (about === null)
    return html`<p class="quiet">A${approved}.</p>
`;
  const { author, writtenAt, approvedBy, reviewers } = about;
  return html`<p class="quiet">Written by ${author}, ${inWords(writtenAt, timeZone)}; read in English by ${reviewers.en}, in Spanish by ${reviewers.es}; a${approved} by ${approvedBy}.</p>
`;
}

function article(versions: readonly Template[], timeZone: string): Html {
  const [first] = versions;
  if (first === undefined) return html``;
  const { id, version, use, purpose, about } = first;
  // A question tells what it asks about already.
  const subject = purpose === null || use.startsWith("opt-in-") ? "" : `; about ${purposeInWords(purpose)}`;
  return html`<article>
<div class="head"><h3>${about?.name ?? id}</h3>
<span class="quiet">${about === null ? "" : `${id}, `}version ${version}: ${useInWords(use)}${subject}</span></div>
${story(first, timeZone)}<div class="languages">
${versions.map(wording)}</div></article>
`;
}

function templatesOf(origin: Template["origin"], { templates }: VocabularyResponse, timeZone: string): Html {
  const found = byVersion(templates.filter((template) => template.origin === origin));
  if (found.length === 0) return html`<p>None.</p>`;
  return html`${found.map((versions) => article(versions, timeZone))}`;
}

function slot({ slot: name, language, count, values, rule }: Slot): Html {
  const told =
    values === null
      ? html`<p>${rule}</p>`
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
<div class="head"><h3>${id}</h3><span class="quiet">version ${version}, ${languageName(language)}, ${verdict(rest)}</span></div>
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
<p class="quiet">Lengths are those of texts as they are sent: a link counts with its whole token, and a code with its six digits. Here both are masked as records mask them (******).</p>
<nav aria-label="On this page"><ul>
<li><a href="#own">The practice's own templates</a></li>
<li><a href="#shipped">Templates that ship</a></li>
<li><a href="#emails">E-mails</a></li>
<li><a href="#slots">What fills the slots</a></li>
</ul></nav>
<h2 id="own">The practice's own templates</h2>
<div class="list">${templatesOf("own", vocabulary, timeZone)}</div>
<h2 id="shipped">Templates that ship with the product</h2>
<p class="quiet">${shipped.says}</p>
<p class="quiet">SHA-256: <code>${shipped.sha256}</code></p>
<div class="list">${templatesOf("shipped", vocabulary, timeZone)}</div>
<h2 id="emails">E-mails</h2>
<div class="list">${emails.map(email)}</div>
<h2 id="slots">What fills the slots</h2>
<div class="list">${slots.map(slot)}</div>
</main>`,
  );
}
