import { randomBytes } from "node:crypto";
import type { HttpAnswer } from "../../http/gateway-responses.ts";
import { asset, html, type Markup, markupText } from "./html.ts";

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2733;--soft:#5b6b7b;--line:#d9e0e7;--paper:#f6f8fa;--card:#fff;--accent:#0b6e6e;--mine:#0b6e6e;--mine-ink:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e7edf2;--soft:#9fb0bf;--line:#2d3a46;--paper:#12181e;--card:#1b242c;--accent:#5cc4c0;--mine:#145f5f;--mine-ink:#fff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
header{padding:1.1rem 1.25rem;border-bottom:1px solid var(--line);background:var(--card);display:flex;gap:1rem 1.5rem;flex-wrap:wrap;align-items:baseline}
header strong{font-size:1.1rem}
nav{display:flex;gap:1rem;flex-wrap:wrap}
main{max-width:60rem;margin:0 auto;padding:1.25rem}
a{color:var(--accent)}
h1{font-size:1.4rem;margin:.3rem 0 .8rem}
h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden;font-size:.93rem}
th,td{text-align:left;padding:.45rem .7rem;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-weight:600}
code,pre{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
.soft{color:var(--soft)}
.wide{overflow-x:auto}
form{display:flex;gap:.5rem;flex-wrap:wrap;align-items:center}
[hidden]{display:none!important}
input,select,button{font:inherit;color:inherit;padding:.5rem .7rem;border:1px solid var(--line);border-radius:10px;background:var(--card)}
input{flex:1;min-width:8rem}
button{background:var(--accent);color:var(--card);border-color:transparent;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
button.quiet{background:var(--card);color:var(--ink);border-color:var(--line)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.reports summary{cursor:pointer;display:inline-block;padding:.2rem 0;color:var(--accent);text-decoration:underline;text-underline-offset:3px;border-radius:6px}
.reports ul{list-style:none;margin:.35rem 0 .2rem;padding:0;display:flex;flex-wrap:wrap;gap:.35rem}
.reports button{padding:.35rem .6rem;font-size:.85rem;min-height:2.2rem}
`;

/** A page of the host: self-contained, with a policy that lets nothing in from elsewhere. */
export function page(
  title: string,
  content: Markup,
  { script = "", style = "" }: { readonly script?: string; readonly style?: string } = {},
): HttpAnswer {
  const nonce = randomBytes(16).toString("base64");
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Foundphone local host</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${asset(STYLE + style)}</style>
</head>
<body>
<header><strong>Foundphone</strong><span class="soft">local host</span>
<nav aria-label="Local host"><a href="/_local">Start</a><a href="/_local/phone">Phone</a><a href="/_local/emails">E-mail</a></nav></header>
<main><h1>${title}</h1>
${content}
</main>
${
  script === ""
    ? html``
    : html`<script nonce="${nonce}">${asset(`(() => {
"use strict";${script}})();`)}</script>`
}
</body>
</html>
`;
  return {
    status: 200,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      Vary: "Accept, Sec-Fetch-Dest",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy":
        `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src 'self' data:; ` +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    },
    body: markupText(document),
  };
}
