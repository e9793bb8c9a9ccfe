import { type Html, html, render } from "#shared/domain/html.ts";
import type { Language } from "#shared/domain/words.ts";
import { PAGE_SCRIPT } from "../page-script.ts";
import { type Brand, brandStyle } from "./brand.ts";
import { FIRST_WORDS } from "./first-words.ts";
import { STYLE } from "./style.ts";

/** The practice as every page names it. */
export interface Practice {
  readonly name: string;
  readonly phone: string;
  /** Its own colours and sign; our own colours and none where it has not set any. */
  readonly brand?: Brand;
}

/** What every page is made with. */
export interface PageFrame {
  readonly practice: Practice;
  readonly language: Language;
}

/** Where the public page about our texts lies, from the path of any link. */
const REAL = "real";

/** The number as it is dialled. */
export const dialled = (phone: string) => `tel:${phone.replaceAll(/[^\d+]/g, "")}`;

/** The practice's number, to be tapped. */
export function phoneLink({ practice, language }: PageFrame): Html {
  return html`<a class="touch number" href="${dialled(practice.phone)}">${FIRST_WORDS[language].call} ${practice.phone}</a>`;
}

/** The way to the same address in the other language; a relative link, so that no token is in it. */
export function languageLink(language: Language): Html {
  const other = language === "en" ? "es" : "en";
  return html`<a class="touch language" lang="${other}" hreflang="${other}" href="?lang=${other}">${FIRST_WORDS[language].otherLanguage}</a>`;
}

/** The practice's sign; its name stands beside it, so that it says nothing to a screen reader. */
export function logo({ practice }: PageFrame): Html | null {
  const source = practice.brand?.logo ?? null;
  return source === null ? null : html`<img class="logo" src="${source}" alt="" width="40" height="40">`;
}

/** Parts of one page in the document. */
export interface DocumentParts {
  /** Elements of the head. */
  readonly head?: Html;
  /** The page improves itself by the script; pages without secrets do without. */
  readonly script?: boolean;
}

/**
 * A whole document. Its title is the practice's name alone, because titles show in histories and
 * on lock screens.
 */
export function document(frame: PageFrame, body: Html, { head, script = false }: DocumentParts = {}): string {
  const { practice, language } = frame;
  return render(html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${practice.name}</title>
${head ?? null}${STYLE}${brandStyle(practice.brand)}
</head>
<body>
${body}
${script ? PAGE_SCRIPT : null}</body>
</html>
`);
}

/** A page with one card: everything but the thread. */
export function cardPage(frame: PageFrame, card: Html, parts: DocumentParts = {}): string {
  const { practice, language } = frame;
  return document(
    frame,
    html`<header class="bar"><div class="inner"><div class="who">${logo(frame)}<p class="name">${practice.name}</p></div>${languageLink(language)}</div></header>
<main class="card">
${card}
</main>
<footer class="foot"><p>${phoneLink(frame)}</p><p>${FIRST_WORDS[language].emergency}</p></footer>`,
    parts,
  );
}

/** The way from a link's first page to the public page about our texts. */
export function realLink(language: Language): Html {
  return html`<a class="touch" href="${REAL}?lang=${language}">${FIRST_WORDS[language].isReal}</a>`;
}
