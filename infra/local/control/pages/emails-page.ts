import type { HttpAnswer } from "../../http/gateway-responses.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";

/** One e-mail as the mailbox shows it. */
export type EmailView = {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly sentAt: string;
};

/** The mailbox: every e-mail, newest first. */
export function emailsPage(emails: readonly EmailView[]): HttpAnswer {
  const newestFirst = emails.toReversed();
  return page(
    "Mailbox",
    newestFirst.length === 0
      ? html`<p class="soft">No e-mail was sent.</p>`
      : html`${newestFirst.map(
          ({ to, subject, body, sentAt }) =>
            html`<article class="mail"><strong>${subject}</strong>
<span class="soft">to ${to}, ${sentAt}</span>

${body}</article>`,
        )}`,
  );
}
