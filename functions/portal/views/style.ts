import { createHash } from "node:crypto";
import { type Html, stylesheet } from "#shared/domain/html.ts";

const CSS = `
:root {
  color-scheme: light dark;
  --ground: #f6f3ee;
  --card: #fffefc;
  --text: #211d18;
  --quiet: #5c554b;
  --line: #e3dcd1;
  --edge: #857b6d;
  --accent: #17594a;
  --own: #17594a;
  --on-accent: #fff;
  --alarm: #9c1f14;
  --alarm-ground: #fdf1ee;
  --shade: 0 1px 2px rgb(60 45 20 / .06), 0 8px 24px rgb(60 45 20 / .06);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #161411;
    --card: #221f1b;
    --text: #f3efe8;
    --quiet: #c0b7aa;
    --line: #3a352e;
    --edge: #958a7b;
    --accent: #8fd3bf;
    --on-accent: #14110d;
    --alarm: #ffb4a8;
    --alarm-ground: #35201c;
    --shade: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: flex;
  flex-direction: column;
  background: var(--ground);
  color: var(--text);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word;
}
.bubble, .file, .row > p, dd { overflow-wrap: anywhere; }
h1, h2, h3, p, ol, ul, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
ol, ul { list-style: none; }
h1 { font-size: 1.625rem; line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.1875rem; line-height: 1.3; }
small { display: block; color: var(--quiet); font-size: .875rem; line-height: 1.4; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .375rem; }
.number { white-space: nowrap; }
.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.inner {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: .25rem .75rem;
  width: 100%;
  max-width: 44rem;
  margin: 0 auto;
  padding: .5rem max(1rem, env(safe-area-inset-right)) .5rem max(1rem, env(safe-area-inset-left));
}
.who { flex: 1 1 8rem; display: flex; align-items: center; gap: .625rem; min-width: 0; }
.logo { flex: none; width: 2.5rem; height: 2.5rem; border-radius: .625rem; object-fit: contain; background: #fff; }
.name { font-weight: 700; line-height: 1.25; }
.hours { color: var(--quiet); font-size: .875rem; line-height: 1.3; }
.touch { display: inline-flex; align-items: center; gap: .375rem; min-height: 2.75rem; min-width: 2.75rem; }
.card {
  width: min(27rem, 100% - 1.5rem);
  margin: clamp(.75rem, 5vh, 3.5rem) auto 1rem;
  padding: 1.75rem 1.5rem 1.25rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1.25rem;
  box-shadow: var(--shade);
}
.card > * + *, form > * + * { margin-top: 1rem; }
.quiet { color: var(--quiet); font-size: .9375rem; line-height: 1.5; }
label, legend { display: block; padding: 0; font-weight: 600; }
.hint { margin-top: .125rem; color: var(--quiet); font-size: .9375rem; }
input, textarea {
  display: block;
  width: 100%;
  min-height: 3.25rem;
  margin-top: .5rem;
  padding: .5rem .875rem;
  border: 1.5px solid var(--edge);
  border-radius: .75rem;
  background: var(--card);
  color: var(--text);
  font: inherit;
  font-size: 1.25rem;
}
input[type=time] { padding-inline: .75rem .5rem; font-size: 1.0625rem; }
input[type=file] { padding: .75rem; font-size: 1rem; }
input[aria-invalid] { border: 2px solid var(--alarm); }
input.code { letter-spacing: .2em; font-variant-numeric: tabular-nums; }
input[type=radio], input[type=checkbox] {
  flex: none;
  width: 1.375rem;
  height: 1.375rem;
  min-height: 0;
  margin: .125rem 0 0;
  accent-color: var(--accent);
}
.choice, .tick { display: flex; align-items: flex-start; gap: .75rem; font-weight: 400; cursor: pointer; }
.choice { margin-top: .5rem; padding: .75rem .875rem; border: 1px solid var(--line); border-radius: .75rem; }
.choice:focus-within, .choice:hover { border-color: var(--edge); }
.tick { align-items: center; min-height: 2.75rem; gap: .5rem; }
.tick input { margin: 0; }
.card .tick { margin: 0; }
fieldset > .tick { padding-block: .375rem; line-height: 1.4; }
form:not(:has(.new:checked)) > .agree { display: none; }
.tick input:disabled + span { color: var(--quiet); }
button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: .5rem;
  min-height: 3rem;
  padding: .5rem 1.25rem;
  border: 1.5px solid var(--accent);
  border-radius: .75rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 650;
  line-height: 1.25;
  vertical-align: top;
  cursor: pointer;
}
.wide { width: 100%; min-height: 3.25rem; }
.second { background: transparent; color: var(--accent); }
button:hover { filter: brightness(1.08); }
button:disabled { opacity: .6; cursor: default; }
.notice {
  padding: .875rem 1rem;
  border: 1px solid var(--alarm);
  border-inline-start-width: .375rem;
  border-radius: .75rem;
  background: var(--alarm-ground);
}
.notice strong { color: var(--alarm); }
.notice.calm, .notice.good { border-color: var(--edge); background: var(--card); }
.notice.good { border-color: var(--accent); scroll-margin-top: 8rem; }
.notice.good strong { color: var(--accent); }
.notice > * + * { margin-top: .5rem; }
.urgent a { display: inline-flex; align-items: center; min-height: 2.75rem; font-weight: 700; }
.tried:not(:target) { display: none; }
.rule { padding-top: 1rem; border-top: 1px solid var(--line); }
.folds { border-block: 1px solid var(--line); }
.folds > * + * { border-top: 1px solid var(--line); }
summary { padding: .75rem 0; color: var(--accent); font-weight: 600; cursor: pointer; }
details[open] > form { margin-top: .25rem; padding-bottom: 1.25rem; }
.card > .folds + p { margin-top: .25rem; }
.facts dt { color: var(--quiet); font-size: .9375rem; }
.facts dd { margin-bottom: .75rem; font-weight: 600; }
.plain { list-style: disc; padding-inline-start: 1.25rem; }
.card > h2 + p, .card > h2 + ul { margin-top: .375rem; }
.card > h2 + .notice { margin-top: .75rem; }
.card > h2:not(:first-child) { margin-top: 1.5rem; }
.foot {
  width: min(34rem, 100% - 1.5rem);
  margin: auto auto 1rem;
  padding-top: 1rem;
  color: var(--quiet);
  font-size: .9375rem;
  text-align: center;
}
.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.stay { z-index: 2; }
.tools { gap: .25rem; padding-block: 0 .25rem; }
.tools form { flex: 1 1 auto; display: flex; }
.tool {
  flex: 1 1 auto;
  min-height: 2.75rem;
  padding: .25rem;
  gap: .375rem;
  display: inline-flex;
  align-items: center;
  justify-content: center;
  border: 0;
  border-radius: .625rem;
  background: none;
  color: var(--accent);
  font-size: .9375rem;
  font-weight: 600;
  line-height: 1.2;
  text-decoration: none;
}
.tool:hover { background: var(--ground); filter: none; }
.tool[aria-current] { color: var(--text); box-shadow: inset 0 -2px var(--accent); border-radius: 0; }
.exit {
  min-height: 2.75rem;
  padding: .25rem .75rem;
  gap: .25rem;
  border-color: var(--alarm);
  background: none;
  color: var(--alarm);
  font-size: .9375rem;
  white-space: nowrap;
}
.icon { width: 1.25rem; height: 1.25rem; flex: none; }
.talk { flex: 1; display: flex; flex-direction: column; width: 100%; max-width: 44rem; margin: 0 auto; padding: .75rem 1rem 0; }
.talk .card { width: 100%; margin: 1rem 0; padding: 1.25rem; }
#talk { flex: 1; }
.back { margin-top: -.5rem; }
.talk > h1 { margin: .25rem 0 1rem; }
.day { display: flex; align-items: center; gap: .75rem; margin: 1.25rem 0 .875rem; color: var(--quiet); font-size: .875rem; font-weight: 600; }
.day::before, .day::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.talk li + li { margin-top: .875rem; }
.turn { display: flex; flex-direction: column; align-items: flex-start; width: fit-content; max-width: min(34rem, 88%); }
.turn.own { align-items: flex-end; margin-inline-start: auto; }
.bubble {
  max-width: 100%;
  padding: .6875rem 1rem .75rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1.25rem 1.25rem 1.25rem .375rem;
}
.own .bubble { background: var(--own); border-color: var(--own); color: #fff; border-radius: 1.25rem 1.25rem .375rem; }
.turn:focus { outline: none; }
.turn:focus-visible .bubble { border-color: var(--edge); }
.bubble h3 { margin-bottom: .25rem; font-size: 1.0625rem; line-height: 1.35; }
.body { white-space: pre-wrap; }
.when { margin: .25rem .375rem 0; color: var(--quiet); font-size: .8125rem; line-height: 1.4; }
.own .when { text-align: end; }
.paper { display: none; }
.nothing { padding: 2rem 0; color: var(--quiet); text-align: center; }
.more { text-align: center; }
.files { display: grid; gap: .375rem; }
.body + .files, .bubble h3 + .files { margin-top: .625rem; }
.talk .files li + li { margin-top: 0; }
.item {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: .5rem .625rem;
  min-height: 2.75rem;
  padding: .375rem .625rem;
  border: 1px solid var(--line);
  border-radius: .75rem;
  color: inherit;
  text-decoration: none;
}
.own .item { border-color: rgb(255 255 255 / .45); }
.own small { color: inherit; }
.about { flex: 1; min-width: 7rem; line-height: 1.35; }
a.item .file { text-decoration: underline; text-underline-offset: .2em; }
.photo { flex: none; width: 16rem; max-width: 100%; aspect-ratio: 1; object-fit: contain; object-position: left; border-radius: .5rem; }
.notice.calm, .notice.urgent { margin-top: 1.25rem; }
.arrived { display: flex; min-height: 2.75rem; margin: 0 auto; border-radius: 1.375rem; }
.pending { max-height: 11rem; overflow: auto; }
.reply {
  position: relative;
  margin: .5rem -1rem 0;
  padding: .625rem max(1rem, env(safe-area-inset-right)) max(.625rem, env(safe-area-inset-bottom)) max(1rem, env(safe-area-inset-left));
  background: var(--card);
  border-top: 1px solid var(--line);
}
.reply > * + * { margin-top: .5rem; }
.reply > .hint { margin-top: .375rem; font-size: .875rem; }
.reply > .hint:empty, .pending:empty { display: none; }
.write { display: flex; flex-wrap: wrap; align-items: flex-end; gap: .5rem; }
.write textarea {
  flex: 1 1 7rem;
  min-width: 0;
  min-height: 2.875rem;
  max-height: 40vh;
  margin: 0;
  padding: .5625rem 1rem;
  border-radius: 1.4375rem;
  font-size: 1.0625rem;
  line-height: 1.5;
  resize: none;
  field-sizing: content;
}
.mini { flex: none; display: inline-flex; align-items: center; justify-content: center; width: 2.75rem; height: 2.75rem; min-height: 0; padding: 0; border: 0; border-radius: 50%; background: none; color: var(--accent); }
.mini:hover { background: var(--ground); }
.send { min-height: 2.875rem; padding: .5rem 1rem; border-radius: 1.4375rem; }
progress { width: 100%; accent-color: var(--accent); }
.texts { padding: .5rem 0; }
.texts:focus { outline: none; }
.card > .texts { margin-top: 0; padding: 0; }
.rows > * { padding: .75rem 0; border-top: 1px solid var(--line); }
.talk .rows li + li { margin-top: 0; }
.row { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem; }
.row > p { flex: 1; min-width: 9rem; }
.ticks { display: flex; gap: 1.25rem; }
.pair { display: flex; flex-wrap: wrap; gap: .75rem; }
.pair > * { flex: 1; min-width: 8rem; }
.veil { position: fixed; inset: 0; z-index: 3; overflow: auto; display: flex; background: rgb(20 15 8 / .6); }
.veil .ask { margin: auto; }
@media (min-height: 30rem) {
  html { scroll-padding: 8.5rem 0 8rem; }
  .stay { position: sticky; top: 0; }
}
@media (min-height: 38rem) {
  html { scroll-padding-bottom: 9.5rem; }
  .reply:not(.whole) { position: sticky; bottom: 0; z-index: 1; }
}
@media (max-width: 26rem) {
  .pending { max-height: 5.25rem; }
  .pending .item { min-height: 0; padding: 0 .25rem 0 .625rem; }
  .pending:not(:empty) ~ #replyHint { display: none; }
  .tool { flex-direction: column; gap: .125rem; font-size: .8125rem; }
  .send span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .send { width: 2.875rem; padding: 0; }
}
@media (max-width: 22rem) {
  .card { padding: 1.25rem 1.125rem 1rem; }
  .inner { column-gap: .375rem; padding-inline: .75rem; }
  .logo { width: 2rem; height: 2rem; }
  .name { font-size: .9375rem; }
  .hours { font-size: .8125rem; }
  .exit { padding-inline: .5rem; font-size: .875rem; }
  .write { gap: .25rem; }
  .write textarea { padding-inline: .75rem; }
  .tools { padding-inline: .5rem; }
  .tool { padding: .25rem 0; font-size: .75rem; }
}
@media (prefers-reduced-motion: no-preference) { .fresh { animation: fresh .4s ease-out; } }
@keyframes fresh { from { opacity: 0; transform: translateY(.5rem); } }
@media (forced-colors: active) { .own .bubble, .notice, .bubble, .card, button { border: 1px solid CanvasText; } }
@media print {
  body { background: #fff; color: #000; }
  .stay { position: static; }
  .paper { display: inline; }
  .own .bubble, .own .item { background: none; color: #000; border-color: #000; }
  .turn { max-width: 100%; break-inside: avoid; }
  button, .language, .foot, .tools, .exit, .reply, .texts, .more, .veil { display: none !important; }
}
`;

/** Spaces between rules say nothing to a browser. */
const SENT = CSS.replaceAll(/\s*\n\s*/g, "")
  .replaceAll(/ ?([{};,>]) ?/g, "$1")
  .replaceAll(": ", ":");

/** The pages' one style, inline so that a page is one request. */
export const STYLE: Html = stylesheet(SENT);

/** Its source in the content security policy: exactly this text. */
export const styleSource = (css: string) =>
  `'sha256-${createHash("sha256").update(css, "utf8").digest("base64")}'`;

/** What the content security policy allows as style: exactly {@link STYLE}. */
export const STYLE_SOURCE = styleSource(SENT);
