import { type Html, html } from "#shared/domain/html.ts";
import { REPLY_LENGTH_MAX } from "#shared/portal/limits.ts";
import type { ReplyProblem, ShownMessage, ShownThread } from "#shared/portal/shown.ts";
import { attachmentList, pendingList, pendingTemplate } from "./attachments.ts";
import { type Clock, createClock } from "./clock.ts";
import { hoursLine } from "./hours.ts";
import { ICONS } from "./icons.ts";
import type { PageFrame } from "./layout.ts";
import { sessionPage } from "./session-page.ts";
import { type TextName, WORDS, type Words } from "./words.ts";

/** Where a page of the thread is opened: at its newest message. */
export const NEWEST = "newest";

/** The part of the page that is about texts; where a patient lands who has stopped them. */
export const TEXTS = "texts";

/** What the page says besides the thread itself. */
export interface ThreadState {
  /** What was written and not sent. */
  readonly draft?: string;
  readonly problem?: ReplyProblem;
  /** A reply hinted at this; the page says at once whom to call. */
  readonly distress?: "emergency" | "self-harm";
  /** One-time id of the reply form, so that a reply that is sent twice arrives once. */
  readonly form?: string;
  /** For the practice's hours; the machine's clock unless told. */
  readonly now?: Date;
}

function status(message: ShownMessage, words: Words, clock: Clock): Html | null {
  if (message.from === "practice" || message.via === "text") return null;
  if (message.seenAt === null) return html` · <span class="sent">${words.sent}</span>`;
  const sameDay = clock.day(message.seenAt) === clock.day(message.createdAt);
  return html` · <span class="sent">${words.seen} <time datetime="${message.seenAt}">${sameDay ? clock.time(message.seenAt) : clock.dayAndTime(message.seenAt)}</time></span>`;
}

function bubble(
  message: ShownMessage,
  tools: {
    readonly words: Words;
    readonly clock: Clock;
    readonly practice: string;
    readonly linkPath: string;
    readonly newest: "focused" | "here" | null;
  },
): Html {
  const { words, clock, practice, linkPath, newest } = tools;
  const own = message.from === "patient";
  const sender = own ? words.you : practice;
  const via = own && message.via === "text" ? ` · ${words.byText}` : "";
  const subject = message.subject === null ? null : html`<h3 dir="auto">${message.subject}</h3>`;
  const body = message.body === "" ? null : html`<p class="body" dir="auto">${message.body}</p>`;
  const place = newest === null ? null : html` id="${NEWEST}" tabindex="-1"`;
  // Focus brings the newest message into view without script.
  const focus = newest === "focused" ? html` autofocus` : null;
  return html`<li data-id="${message.id}"><article class="turn${own ? html` own` : null}"${place}${focus}><div class="bubble">${subject}${body}${attachmentList(message.attachments, words, linkPath)}</div><p class="when">${sender}${via} · <time datetime="${message.createdAt}">${clock.time(message.createdAt)}</time>${status(message, words, clock)}</p></article></li>`;
}

function byDay(messages: readonly ShownMessage[], clock: Clock) {
  const days: {
    readonly day: string;
    readonly date: string | null;
    readonly messages: ShownMessage[];
  }[] = [];
  for (const message of messages) {
    const day = clock.day(message.createdAt);
    const last = days.at(-1);
    if (last?.day === day) last.messages.push(message);
    else days.push({ day, date: clock.date(message.createdAt), messages: [message] });
  }
  return days;
}

/** The days of a thread with their messages. */
function conversation(
  { practice }: PageFrame,
  thread: ShownThread,
  linkPath: string,
  { words, clock, focused }: { words: Words; clock: Clock; focused: boolean },
): readonly Html[] {
  const last = thread.messages.at(-1);
  const focus = focused && thread.messages.length > 1 ? "focused" : "here";
  return byDay(thread.messages, clock).map(
    ({ day, date, messages }) => html`<section>
<h2 class="day"><span>${day}${date === null ? null : html`<span class="paper">, ${date}</span>`}</span></h2>
<ol>
${messages.map((message) =>
  bubble(message, {
    words,
    clock,
    practice: practice.name,
    linkPath,
    newest: message === last ? focus : null,
  }),
)}
</ol>
</section>
`,
  );
}

const PROBLEMS: Readonly<Record<ReplyProblem, TextName>> = {
  empty: "replyEmpty",
  "too-long": "replyTooLong",
  "attachment-not-ready": "replyFileNotReady",
  "too-many": "replyTooMany",
};

/** Where the patient writes. */
function composer(words: Words, thread: ShownThread, linkPath: string, state: ThreadState): Html {
  const { problem, draft = "", form } = state;
  const query = `?lang=${words.language}`;
  // Empty and hidden, it is for the script, which says there that a reply was not sent.
  const notice = html`<p class="notice" role="alert" id="replyProblem"${problem === undefined ? html` hidden` : null}><strong>${problem === undefined ? null : words[PROBLEMS[problem]]}</strong></p>
`;
  const invalid = problem === undefined ? null : html` aria-invalid="true"`;
  const focus = problem !== undefined && state.distress === undefined ? html` autofocus` : null;
  const once = form === undefined ? null : html`<input type="hidden" name="form" value="${form}">`;
  return html`<form class="reply${problem === undefined ? null : html` whole`}" method="post" action="${linkPath}/replies${query}" id="reply" data-sending="${words.sending}" data-sent="${words.replySent}" data-failed="${words.replyFailed}" data-wait="${words.replyFileNotReady}" data-refused="${words.uploadFailed}" data-checking="${words.fileChecking}" data-ready="${words.fileReady}" data-left="${words.lettersLeft}">
<button class="second arrived" type="button" id="arrived" hidden>${words.newMessage} ↓</button>
${notice}${pendingList(thread.pending, words, linkPath)}${pendingTemplate(words)}
<label class="hidden" for="body">${words.reply}</label>
<div class="write">
<a class="mini" href="${linkPath}/attachments${query}" id="attach" aria-label="${words.attach}" title="${words.attach}">${ICONS.attach}</a>
<input class="hidden" type="file" id="file" accept="image/jpeg,image/png,application/pdf" multiple hidden aria-label="${words.attach}">
<textarea id="body" name="body" rows="1" maxlength="${REPLY_LENGTH_MAX}" placeholder="${words.replyPlaceholder}"${invalid} aria-describedby="replyProblem replyHint"${focus} enterkeyhint="enter" autocomplete="off">${draft}</textarea>${once}
<button class="send" type="submit" aria-label="${words.send}">${ICONS.send}<span>${words.send}</span></button>
</div>
<p class="hint" id="replyHint">${words.replyHint}</p>
<p class="hint" id="count" aria-hidden="true"></p>
<p class="hint" role="status" id="said"></p>
</form>
`;
}

function distressNotice(words: Words, distress: ThreadState["distress"]): Html | null {
  if (distress === undefined) return null;
  const crisis =
    distress === "self-harm" ? html`<p>${words.crisis} <a href="tel:988">${words.call988}</a></p>` : null;
  return html`<div class="notice urgent" role="alert" id="urgent" tabindex="-1" autofocus><p><strong>${words.emergencyTitle}</strong></p><p>${words.emergencyNow} <a href="tel:911">${words.call911}</a></p>${crisis}</div>
`;
}

/** Stopping all texts, in two steps that need no script; or that none come. */
export function aboutTexts(frame: PageFrame, getsTexts: boolean, linkPath: string): Html {
  const words = WORDS[frame.language];
  if (!getsTexts) {
    return html`<section class="texts" id="${TEXTS}" tabindex="-1"><p role="status"><strong>${words.noTexts}</strong></p><p class="quiet">${words.textsAgain}</p></section>`;
  }
  return html`<section class="texts" id="${TEXTS}"><details>
<summary>${words.stopTexts}</summary>
<form method="post" action="${linkPath}/preferences?lang=${frame.language}">
<p>${words.stopTextsMeans}</p>
<button class="second" type="submit" name="stopTexts" value="yes">${words.stopTextsConfirm}</button>
</form>
</details></section>`;
}

function moreNotice(words: Words, linkPath: string): Html {
  return html`<form class="notice calm" method="post" action="${linkPath}?lang=${words.language}"><p role="status">${words.moreNeedsProof}</p><button class="second" type="submit" name="stepUp" value="1">${words.stepUp}</button></form>
`;
}

/**
 * The conversation, oldest first. `linkPath` is the path of the link's first page, such as
 * `/m/{token}`; it is the only place of a token in a page.
 */
export function threadPage(
  frame: PageFrame,
  thread: ShownThread,
  linkPath: string,
  state: ThreadState = {},
): string {
  const words = WORDS[frame.language];
  const now = state.now ?? new Date();
  const clock = createClock(words, thread.timeZone, now);
  const page = `${linkPath}/thread?lang=${frame.language}`;
  const focused = state.problem === undefined && state.distress === undefined && thread.newest;
  const days = conversation(frame, thread, linkPath, { words, clock, focused });
  const earlier =
    thread.earlier === null
      ? null
      : html`<p class="more"><a class="touch" href="${page}&before=${thread.earlier}">${words.earlier}</a></p>
`;
  const nothing = thread.messages.length === 0 ? html`<p class="nothing">${words.noMessages}</p>` : null;
  // Without a fragment: on the page of that very address, a browser would only scroll to it and ask for nothing.
  const after = thread.newest
    ? html`<p class="more"><a class="touch" href="${page}" id="check">${ICONS.new}${words.checkNew}</a></p>
${composer(words, thread, linkPath, state)}`
    : html`<p class="more"><a class="touch" href="${page}#${NEWEST}">${words.toNewest}</a></p>
`;
  return sessionPage(
    frame,
    html`<main class="talk">
<h1 class="hidden">${words.messages}</h1>
<p class="hidden" role="status" id="live"></p>
<div id="talk" data-version="${thread.version}" data-newest="${thread.newest ? "yes" : ""}">
${earlier}${days}${nothing}${thread.moreNeedsProof ? moreNotice(words, linkPath) : null}</div>
${distressNotice(words, state.distress)}${after}
${aboutTexts(frame, thread.getsTexts, linkPath)}
</main>`,
    { linkPath, underName: hoursLine(thread, words, now) },
  );
}
