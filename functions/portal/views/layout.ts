import { type Html, html, render } from "#shared/domain/html.ts";
import type { Language } from "#shared/domain/words.ts";
import { STYLE } from "./style.ts";
import { WORDS } from "./words.ts";

/** The practice as every page names it. */
export interface Practice {
  readonly name: string;
  readonly phone: string;
}

/** What every page is made with. */
export interface PageFrame {
  readonly practice: Practice;
  readonly language: Language;
}

/** The practice's number, to be tapped. */
export function phoneLink({ practice, language }: PageFrame): Html {
  const dialled = practice.phone.replaceAll(/[^\d+]/g, "");
  return html`<a class="touch" href="tel:${dialled}">${WORDS[language].call}&nbsp;${practice.phone}</a>`;
}

/** The way to the same address in the other language; a relative link, so that no token is in it. */
export function languageLink(language: Language): Html {
  const other = language === "en" ? "es" : "en";
  return html`<a class="touch language" lang="${other}" hreflang="${other}" href="?lang=${other}">${WORDS[language].otherLanguage}</a>`;
}

/**
 * A whole document. Its title is the practice's name alone, because titles show in histories and
 * on lock screens. `head` is for elements of one page.
 */
export function document({ practice, language }: PageFrame, body: Html, head?: Html): string {
  return render(html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${practice.name}</title>
${head ?? null}${STYLE}
</head>
<body>
${body}
</body>
</html>
`);
}

/** A page with one card: everything but the thread. */
export function cardPage(frame: PageFrame, card: Html): string {
  const { practice, language } = frame;
  return document(
    frame,
    html`<header class="bar"><div class="inner"><p class="name">${practice.name}</p>${languageLink(language)}</div></header>
<main class="card">
${card}
</main>
<footer class="foot"><p>${phoneLink(frame)}</p></footer>`,
  );
}
