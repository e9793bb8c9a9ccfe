import type { HttpAnswer } from "../../http/gateway-responses.ts";
import { CLIENT_SCRIPT } from "./client-script.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";
import { EMAIL_REPORTS, EMAIL_STATES } from "./report-labels.ts";

const STYLE = `
.mail{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem;margin:.8rem 0;overflow-wrap:anywhere}
.mail h2{margin:0 0 .3rem}
.mail p{margin:0 0 .5rem}
.mail .text{white-space:pre-wrap;border-top:1px solid var(--line);padding-top:.7rem;margin-top:.6rem}
.mail details{font-size:.88rem}
.mail .more summary{cursor:pointer;color:var(--accent)}
`;

const SCRIPT = `
const given = document.getElementById("mailbox").dataset;
const reports = JSON.parse(given.reports);
const states = JSON.parse(given.states);
const list = document.getElementById("mails");
const empty = document.getElementById("empty");

function mailOf(mail) {
  const article = make("article", "mail");
  const subject = make("h2", "", mail.subject);
  subject.id = "mail-" + mail.key;
  article.setAttribute("aria-labelledby", subject.id);
  const note = make("p", "soft");
  const time = make("time", "", dayOf(mail.sentAt) + ", " + timeOf(mail.sentAt));
  time.dateTime = mail.sentAt;
  note.append("To " + mail.to.join(", ") + " · from " + mail.from + " · ", time, " · ", make("span", "state"));
  const text = make("p", "text");
  linked(mail.body, text);
  article.append(subject, note, text);
  const lines = [
    ...(mail.configurationSet === undefined ? [] : ["Configuration set: " + mail.configurationSet]),
    "TLS: " + (mail.requiresTls ? "required" : "where the recipient has it"),
    ...mail.headers.map(({ name, value }) => name + ": " + value),
    ...Object.entries(mail.tags).map(([name, value]) => "Tag " + name + ": " + value),
  ];
  const more = make("details", "more");
  const details = make("ul");
  for (const line of lines) details.append(make("li", "", line));
  more.append(make("summary", "", "Headers and tags"), details);
  article.append(
    more,
    reportMenu("What the mail service reports", reports, subject.id, async (eventType, label) => {
      if (await post("/_local/emails/" + encodeURIComponent(mail.key) + "/events", { eventType })) say("Reported: " + label + ".");
      await look();
    }),
  );
  return article;
}

const look = keepLooking(
  () => read("/_local/emails"),
  ({ items }) => {
    empty.hidden = items.length > 0;
    setText(empty, "No e-mail was sent.");
    keep(list, items.map((mail) => ({ ...mail, key: mail.id })).reverse(), mailOf, (article, mail) => {
      setText(article.querySelector(".state"), states[mail.status] ?? mail.status);
    });
  },
);
`;

/** The mailbox: every e-mail, newest first, and what the mail service reports of each. */
export function emailsPage(): HttpAnswer {
  return page(
    "Mailbox",
    html`<p class="soft">The e-mails that patients get.</p>
<div id="mailbox" data-reports="${JSON.stringify(EMAIL_REPORTS)}" data-states="${JSON.stringify(EMAIL_STATES)}">
<p class="soft" id="empty">Loading …</p>
<div id="mails"></div>
</div>
<p id="status" role="status" class="soft"></p>
<noscript><p>The mailbox needs JavaScript.</p></noscript>`,
    { script: CLIENT_SCRIPT + SCRIPT, style: STYLE },
  );
}
