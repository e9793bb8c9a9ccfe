import { type Html, html } from "#shared/domain/html.ts";
import { SESSION_IDLE_MS, TOUCH_INTERVAL_MS } from "#shared/portal/limits.ts";
import { ELSEWHERE } from "./exit-page.ts";
import { ICONS } from "./icons.ts";
import { dialled, document, languageLink, logo, type PageFrame } from "./layout.ts";
import { WORDS } from "./words.ts";

/** For an answer's way to the page, which counts from when it arrives. */
const ANSWER_MS = 10_000;
/** How long the script keeps a page open without use: no longer than the session, whose use is noted once a minute, surely is. */
const PAGE_IDLE_SECONDS = (SESSION_IDLE_MS - TOUCH_INTERVAL_MS - ANSWER_MS) / 1000;

/** What differs between the pages of an open session. */
export interface SessionPageParts {
  /** The path of the link's first page, such as `/m/{token}`; the only place of a token in a page. */
  readonly linkPath: string;
  /** Below the practice's name, such as its hours; null for nothing. */
  readonly underName: string | null;
  /** The page is the one of the settings, so that it does not lead there. */
  readonly settings?: boolean;
}

/** Without script the browser leaves by itself: the session is over then, and the screen tells. */
function leaveByItself(linkPath: string): Html {
  return html`<noscript><meta http-equiv="refresh" content="${SESSION_IDLE_MS / 1000};url=${linkPath}"></noscript>
`;
}

/** Warns of the end of the session; the script shows it 90 seconds before. */
function idleDialog(frame: PageFrame): Html {
  const words = WORDS[frame.language];
  return html`<div class="veil" id="idle" hidden><div class="card ask" role="alertdialog" aria-modal="true" aria-labelledby="idleTitle" aria-describedby="idleText idleLast">
<h2 id="idleTitle">${words.idleTitle}</h2>
<p id="idleText">${words.idleHelp} <span class="number" id="idleLeft" aria-hidden="true"></span></p>
<p id="idleLast" hidden>${words.idleLast}</p>
<p class="hidden" role="status" id="idleSaid"></p>
<button class="wide" type="button" id="idleStay">${words.stay}</button>
<button class="wide second" type="button" id="idleLock">${words.lockNow}</button>
</div></div>`;
}

/**
 * A page of an open session: everything that ends or leaves it is always in reach, whatever the
 * page shows. The script takes its words from the attributes of the body's first element.
 */
export function sessionPage(frame: PageFrame, main: Html, parts: SessionPageParts): string {
  const { practice, language } = frame;
  const { linkPath, underName, settings = false } = parts;
  const words = WORDS[language];
  const query = `?lang=${language}`;
  const line = underName === null || underName === "" ? null : html`<p class="hours">${underName}</p>`;
  const settingsLink = settings
    ? html`<a class="tool" href="${linkPath}/preferences${query}" aria-current="page">${ICONS.settings}<span>${words.settings}</span></a>`
    : html`<a class="tool" href="${linkPath}/preferences${query}">${ICONS.settings}<span>${words.settings}</span></a>`;
  return document(
    frame,
    html`<header class="bar stay" id="top" data-link="${linkPath}" data-idle="${PAGE_IDLE_SECONDS}" data-new="${words.newMessage}" data-left="${words.secondsLeft}" data-elsewhere="${ELSEWHERE}"><div class="inner">
<div class="who">${logo(frame)}<div><p class="name">${practice.name}</p>${line}</div></div>
<form method="post" action="${linkPath}/lock" id="exit"><button class="exit" type="submit" name="exit" value="yes" title="${words.exitHint}">${ICONS.leave}<span>${words.exit}</span></button></form>
</div>
<nav class="inner tools" aria-label="${words.tools}">
<a class="tool" href="${dialled(practice.phone)}" aria-label="${words.call} ${practice.phone}">${ICONS.phone}<span>${words.call}</span></a>
<button class="tool" type="button" id="print" hidden>${ICONS.print}<span>${words.print}</span></button>
${settingsLink}
<form method="post" action="${linkPath}/lock${query}" id="lock"><button class="tool" type="submit">${ICONS.lock}<span>${words.lock}</span></button></form>
</nav></header>
${main}
<footer class="foot"><p>${words.locksItself}</p><p>${words.call} <a href="${dialled(practice.phone)}" class="number">${practice.phone}</a>. ${words.emergency}</p><p>${languageLink(language)}</p></footer>
${idleDialog(frame)}
`,
    { head: leaveByItself(linkPath), script: true },
  );
}
