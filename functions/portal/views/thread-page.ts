import { type Html, html } from "#shared/domain/html.ts";
import type { ShownMessage, ShownThread } from "#shared/portal/read-thread.ts";
import { document, languageLink, type PageFrame, phoneLink } from "./layout.ts";
import { WORDS } from "./words.ts";

/** After this the browser leaves the page by itself: the session is over then, and the screen tells. */
const LEAVE_AFTER_SECONDS = 600;

const LOCK_ICON = html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><rect x="4" y="11" width="16" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/></svg>`;

function createClock(locale: string, timeZone: string) {
  const day = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: "long",
    month: "long",
    day: "numeric",
    year: "numeric",
  });
  const time = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: "numeric",
    minute: "2-digit",
  });
  return {
    day: (at: string) => day.format(new Date(at)),
    time: (at: string) => time.format(new Date(at)),
  };
}

function bubble(
  message: ShownMessage,
  { sender, time, newest }: { readonly sender: string; readonly time: string; readonly newest: boolean },
): Html {
  const own = message.from === "patient" ? html` own` : null;
  const subject = message.subject === null ? null : html`<h3 dir="auto">${message.subject}</h3>`;
  // Focus brings the newest message into view without script.
  const focus = newest ? html` tabindex="-1" autofocus` : null;
  return html`<li><article class="bubble${own}"${focus}>${subject}<p class="body" dir="auto">${message.body}</p><p class="when">${sender} · <time datetime="${message.createdAt}">${time}</time></p></article></li>`;
}

function byDay(messages: readonly ShownMessage[], dayOf: (at: string) => string) {
  const days: { readonly day: string; readonly messages: ShownMessage[] }[] = [];
  for (const message of messages) {
    const day = dayOf(message.createdAt);
    const last = days.at(-1);
    if (last?.day === day) last.messages.push(message);
    else days.push({ day, messages: [message] });
  }
  return days;
}

/** The part of the page that is about texts; where a patient lands who has stopped them. */
export const TEXTS = "texts";

/** Stopping all texts, in two steps that need no script; or that none come. */
function aboutTexts({ language }: PageFrame, { getsTexts }: ShownThread, linkPath: string): Html {
  const words = WORDS[language];
  if (!getsTexts) {
    return html`<section class="texts" id="${TEXTS}" tabindex="-1"><p role="status"><strong>${words.noTexts}</strong></p><p>${words.textsAgain}</p></section>`;
  }
  return html`<section class="texts" id="${TEXTS}"><details>
<summary class="touch">${words.stopTexts}</summary>
<form method="post" action="${linkPath}/preferences?lang=${language}">
<p>${words.stopTextsMeans}</p>
<button class="second" type="submit" name="stopTexts" value="yes">${words.stopTextsConfirm}</button>
</form>
</details></section>`;
}

/**
 * The conversation, oldest first. `linkPath` is the path of the link's first page, such as
 * `/m/{token}`; it is the only place of a token in a page.
 */
export function threadPage(frame: PageFrame, thread: ShownThread, linkPath: string): string {
  const words = WORDS[frame.language];
  const clock = createClock(words.locale, thread.timeZone);
  const newest = thread.messages.length > 1 ? thread.messages.at(-1) : undefined;
  const days = byDay(thread.messages, clock.day).map(
    ({ day, messages }) => html`<section>
<h2 class="day">${day}</h2>
<ol>
${messages.map((message) =>
  bubble(message, {
    sender: message.from === "patient" ? `${words.you} · ${words.byText}` : frame.practice.name,
    time: clock.time(message.createdAt),
    newest: message === newest,
  }),
)}
</ol>
</section>
`,
  );
  const nothing = thread.messages.length === 0 ? html`<p class="day">${words.noMessages}</p>` : null;
  const more = thread.moreNeedsProof
    ? html`<div class="notice" role="status"><p>${words.moreNeedsProof}</p></div>`
    : null;
  return document(
    frame,
    html`<header class="bar stay"><div class="inner">
<div><p class="name">${frame.practice.name}</p>${phoneLink(frame)}</div>
<form method="post" action="${linkPath}/lock"><button class="second" type="submit">${LOCK_ICON}${words.lock}</button></form>
</div></header>
<main class="talk">
<h1 class="hidden">${words.messages}</h1>
${days}${nothing}${more}
${aboutTexts(frame, thread, linkPath)}
</main>
<footer class="foot"><p>${words.locksItself} ${words.emergency}</p><p>${languageLink(frame.language)}</p></footer>`,
    html`<meta http-equiv="refresh" content="${LEAVE_AFTER_SECONDS};url=${linkPath}">
`,
  );
}
