import { createHash } from "node:crypto";
import { type Html, stylesheet } from "#shared/domain/html.ts";

const CSS = `
:root {
  color-scheme: light dark;
  --ground: #eef2f5;
  --card: #fff;
  --own: #d9ebf4;
  --text: #14202b;
  --quiet: #465766;
  --line: #c3ced7;
  --edge: #6b7c8a;
  --accent: #0a5a78;
  --on-accent: #fff;
  --alarm: #9a1c1c;
  --alarm-ground: #fdf0ef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1419;
    --card: #19222a;
    --own: #123747;
    --text: #eef3f7;
    --quiet: #b4c1cc;
    --line: #36434e;
    --edge: #8496a4;
    --accent: #86cdec;
    --on-accent: #06222f;
    --alarm: #ffb3ac;
    --alarm-ground: #331a19;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding: 6rem 0 1rem; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: flex;
  flex-direction: column;
  background: var(--ground);
  color: var(--text);
  font: 1.0625rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, p, ol { margin: 0; padding: 0; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .375rem; }
.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.bar.stay { position: sticky; top: 0; z-index: 1; }
.inner {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 0 1rem;
  width: 100%;
  max-width: 44rem;
  margin: 0 auto;
  padding: .5rem max(1rem, env(safe-area-inset-right)) .5rem max(1rem, env(safe-area-inset-left));
}
.name { font-weight: 700; line-height: 1.25; }
.touch { display: inline-flex; align-items: center; min-height: 2.75rem; min-width: 2.75rem; }
.card {
  width: min(27rem, 100% - 2rem);
  margin: clamp(1rem, 6vh, 4rem) auto 1rem;
  padding: 1.5rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1rem;
}
.card > * + *, form > * + * { margin-top: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
.quiet { color: var(--quiet); font-size: .9375rem; }
label { display: block; font-weight: 600; }
.hint { margin-top: .125rem; color: var(--quiet); font-size: .9375rem; }
input {
  display: block;
  width: 100%;
  min-height: 3.25rem;
  margin-top: .5rem;
  padding: .5rem .875rem;
  border: 2px solid var(--edge);
  border-radius: .625rem;
  background: var(--card);
  color: var(--text);
  font: inherit;
  font-size: 1.25rem;
}
input.code { letter-spacing: .25em; font-variant-numeric: tabular-nums; }
button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: .5rem;
  min-height: 3rem;
  padding: .5rem 1.25rem;
  border: 2px solid var(--accent);
  border-radius: .625rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 700;
  cursor: pointer;
}
button.wide { width: 100%; }
button.second { background: transparent; color: var(--accent); }
button:hover { filter: brightness(1.12); }
.notice {
  padding: .875rem 1rem;
  border: 1px solid var(--alarm);
  border-inline-start-width: .375rem;
  border-radius: .625rem;
  background: var(--alarm-ground);
}
.notice strong { color: var(--alarm); }
.tried:not(:target) { display: none; }
.rule { padding-top: 1rem; border-top: 1px solid var(--line); }
.foot {
  width: min(27rem, 100% - 2rem);
  margin: auto auto 1rem;
  color: var(--quiet);
  font-size: .9375rem;
  text-align: center;
}
.talk { flex: 1; width: 100%; max-width: 44rem; margin: 0 auto; padding: .5rem 1rem 1.5rem; }
.talk ol { list-style: none; }
.talk li + li { margin-top: .75rem; }
.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.day {
  margin: 1.25rem 0 .75rem;
  color: var(--quiet);
  font-size: .875rem;
  font-weight: 600;
  text-align: center;
}
.bubble {
  width: fit-content;
  max-width: min(36rem, 94%);
  padding: .75rem 1rem .5rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1.125rem 1.125rem 1.125rem .25rem;
}
.bubble.own {
  margin-inline-start: auto;
  background: var(--own);
  border-radius: 1.125rem 1.125rem .25rem 1.125rem;
}
.bubble:focus { outline: none; border-color: var(--edge); }
.bubble h3 { margin: 0 0 .25rem; font-size: 1.0625rem; line-height: 1.3; }
.bubble .body { white-space: pre-wrap; }
.bubble .when { margin-top: .375rem; color: var(--quiet); font-size: .875rem; }
.talk .notice { margin-top: 1rem; border-color: var(--edge); background: var(--card); }
.texts { margin-top: 2rem; padding-top: .5rem; border-top: 1px solid var(--line); }
.texts:focus { outline: none; }
.texts > p + p { color: var(--quiet); font-size: .9375rem; }
.texts > p:first-child { margin-top: .5rem; }
summary { color: var(--accent); cursor: pointer; text-decoration: underline; text-underline-offset: .2em; }
.texts form { margin-top: .25rem; }
.icon { width: 1.125rem; height: 1.125rem; flex: none; }
@media (max-width: 22rem) { .card { padding: 1.125rem; } }
@media (forced-colors: active) { .notice, .bubble, .card, button { border-color: CanvasText; } }
@media print {
  body { background: #fff; color: #000; }
  .bar.stay { position: static; }
  .bubble { max-width: 100%; break-inside: avoid; }
  button, .language, .foot, details { display: none; }
}
`;

/** The pages' one style, inline so that a page is one request. */
export const STYLE: Html = stylesheet(CSS);

/** What the content security policy allows as style: exactly {@link STYLE}. */
export const STYLE_SOURCE = `'sha256-${createHash("sha256").update(CSS, "utf8").digest("base64")}'`;
