import { type Html, html, render, stylesheet } from "#shared/domain/html.ts";

const STYLE = stylesheet(`
:root { color-scheme: light; }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 64rem; background: #fff; color: #14202b;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; text-wrap: balance; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 .5rem; padding-bottom: .25rem;
  border-bottom: 2px solid #14202b; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 44rem; }
.lead { color: #465766; margin: 0 0 1.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 1.5rem 0 0; padding: 0; }
a { color: #0b4f7a; text-underline-offset: .2em; }
a:focus-visible { outline: 3px solid #0b4f7a; outline-offset: 2px; }
dl { display: grid; grid-template-columns: 15rem 1fr; gap: .2rem 1.25rem; margin: 0; }
dt { color: #465766; }
dd { margin: 0; overflow-wrap: anywhere; }
.big { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
article { border: 1px solid #c3ced7; border-radius: .375rem; margin: 1rem 0; padding: .9rem 1rem; break-inside: avoid; }
.head { display: flex; flex-wrap: wrap; gap: .15rem .75rem; align-items: baseline; }
.quiet { color: #465766; font-size: .875rem; min-width: 0; overflow-wrap: anywhere; }
.words { background: #f1f4f6; border-radius: .25rem; margin: .6rem 0; padding: .5rem .7rem; white-space: pre-wrap;
  overflow-wrap: anywhere; max-width: none; }
.slot { font-weight: 600; color: #0b4f7a; }
h3.part { margin: 1.25rem 0 .25rem; }
h4 { font-size: .875rem; margin: .5rem 0 0; color: #465766; font-weight: 600; }
.languages { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.5rem; }
.languages > section { min-width: 0; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #c3ced7;
  overflow-wrap: anywhere; font-weight: 400; }
thead th, tbody th { font-weight: 600; }
ol, ul { margin: .4rem 0 0; padding-left: 1.5rem; }
li { margin: .4rem 0; }
.sent { font-size: .875rem; }
.sent li { margin: .15rem 0; overflow-wrap: anywhere; }
.fails { color: #9c1f14; font-weight: 700; }
.values { columns: 3 14rem; list-style: none; padding: 0; margin: .4rem 0 0; }
.values li { break-inside: avoid; margin: .1rem 0; overflow-wrap: anywhere; }
code { font: .875em/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
del b, ins b { display: block; font-size: .8125rem; color: #465766; font-weight: 600; }
del, ins { text-decoration: none; display: block; border-radius: .25rem; margin: .4rem 0; padding: .5rem .7rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
del { background: #fbeeec; border-left: 4px solid #9c1f14; }
ins { background: #edf6ee; border-left: 4px solid #2a6b35; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  dl { display: block; }
  dt { margin-top: .5rem; }
  article { padding: .75rem .8rem; }
  .values { columns: 1; }
  .languages { display: block; }
  th, td { padding-right: .4rem; font-size: .875rem; }
}
@media print {
  @page { size: letter; margin: 12mm; }
  body { padding: 0; max-width: none; font-size: 8pt; line-height: 1.3; }
  h1 { font-size: 14pt; }
  h2 { font-size: 11pt; margin: 1.2rem 0 .3rem; break-after: avoid; }
  h3 { font-size: 8.5pt; }
  h4, .quiet, .sent { font-size: 7.5pt; }
  p { max-width: none; margin: .2rem 0; }
  nav { display: none; }
  .list { columns: 2; column-gap: 6mm; }
  .languages { display: block; }
  article { margin: 0 0 2mm; padding: 1.2mm 2mm; border-radius: 0; }
  .words, del, ins { border: 1px solid #c3ced7; background: none; margin: .2rem 0; padding: .2rem .4rem; }
  ol, ul { margin: .15rem 0 0; padding-left: 1.2rem; }
  .sent li { margin: 0; }
  .values { columns: 2; }
  a { color: inherit; text-decoration: none; }
}
`);

/** A whole page for screens and paper that needs nothing else; everything in it is escaped. */
export function wholePage(title: string, body: Html): string {
  return render(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${STYLE}
</head>
<body>
${body}
</body>
</html>
`);
}

const SLOT = /(\{[a-z]+\})/u;

/** A template's words, its slots marked. */
export function withSlots(text: string): Html {
  // Every second part is what the pattern found.
  const parts = text
    .split(SLOT)
    .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<span class="slot">${part}</span>`));
  return html`${parts}`;
}

const DIGITS_MAX = 21;

/** A count that may be large, in decimal digits, as people read it: in groups of three, or as a power of ten. */
export function counted(digits: string): Html {
  if (digits.length <= DIGITS_MAX) return html`${digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ",")}`;
  return html`about ${digits.slice(0, 1)}.${digits.slice(1, 3)} &times; 10<sup>${digits.length - 1}</sup>`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment as people of the practice write it, such as `November 22, 2026 at 9:15 AM PST`. */
export function inWords(at: string, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      year: "numeric",
      month: "long",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      timeZoneName: "short",
    });
  formats.set(timeZone, format);
  return format.format(new Date(at));
}
