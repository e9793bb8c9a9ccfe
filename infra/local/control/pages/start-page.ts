import type { HttpAnswer } from "../../http/gateway-responses.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";

/** What the start page shows. */
export type StartPageView = {
  readonly base: string;
  readonly now: string;
  readonly staff: readonly {
    readonly user: string;
    readonly userName: string;
    readonly password: string;
    readonly code: string;
  }[];
  readonly routes: readonly string[];
};

/** The host's own addresses, for the start page and the start output. */
export const LOCAL_ADDRESSES: readonly (readonly [string, string])[] = [
  ["POST /_local/tokens", "sign a staff member or the integration in: {user}"],
  ["GET /_local/texts", "every text, oldest first"],
  ["POST /_local/texts", "a patient texts the practice: {from, body}; {inboundMessageId} tries a duplicate"],
  [
    "GET, POST, DELETE /_local/faults",
    "make AWS calls fail: {function?, service, action, when, kind, skip?, times}",
  ],
  [
    "GET, POST, DELETE /_local/denials",
    "take a permission on a table from a function: {function, action, table}",
  ],
  [
    "POST /_local/functions/{name}/invocations",
    "invoke a function with the body as its event and wait, as any scheduler could",
  ],
  ["POST /_local/texts/{id}/events", "the carrier reports: {eventType}"],
  [
    "GET, POST /_local/carrier",
    "what the carrier does by itself from now on: {answers}, delivered or nothing",
  ],
  ["GET /_local/replies", "every text of a patient"],
  ["GET /_local/emails", "every e-mail"],
  ["POST /_local/emails/{id}/events", "the mail service reports: {eventType}, and {bounceType} of a Bounce"],
  ["GET, POST /_local/clock", "the one clock: {now} or {advanceSeconds}"],
  ["GET /_local/calls?since=", "every AWS call, allowed or denied"],
  ["GET /_local/logs?since=", "every log line as in CloudWatch"],
  ["GET /_local/access-logs", "access-log lines of both APIs"],
  ["GET /_local/queues", "every queue message body seen"],
  [
    "GET /_local/exports/{table}",
    "a table's export as AWS lays it out, as a tar; the audit's with the anchors beside it",
  ],
  ["GET /_local/objects", "every bucket and the objects in it"],
  ["GET /_local/objects/{bucket}.tar", "all of a bucket, as a tar; {bucket} is its name or logical id"],
  ["GET /_local/objects/{bucket}/{key}", "one object"],
  ["GET /_local/settled", "answers when nothing is left to do"],
];

/** The start page: where everything is, and how staff sign in. */
export function startPage({ base, now, staff, routes }: StartPageView): HttpAnswer {
  return page(
    "Where to look",
    html`<p>The stack runs on this machine, hosted from its template. The clock says <time>${now}</time>.</p>
<ul>
<li><a href="/_local/phone">Phone simulator</a>: the texts that patients get; follow a link, reply.</li>
<li><a href="/_local/emails">Mailbox</a>: the e-mails that patients get.</li>
<li><a href="/v1/openapi.json">API reference</a> (OpenAPI) at <code>${base}/v1</code>.</li>
<li>Patient portal: open a link from a text, <code>${base}/m/…</code></li>
</ul>
<p class="soft">The demo's patients, with the birth dates that the portal asks for: <code>infra/local/demo/patients.csv</code>.</p>
<h2>Staff</h2>
<p class="soft">Demo users with password and one-time code. A code counts once; <code>POST /_local/tokens</code> signs in for you.</p>
<div class="wide"><table><thead><tr><th scope="col">Role</th><th scope="col">User name</th><th scope="col">Password</th><th scope="col">Code now</th></tr></thead><tbody>
${staff.map(
  ({ user, userName, password, code }) =>
    html`<tr><td>${user}</td><td><code>${userName}</code></td><td><code>${password}</code></td><td><code>${code}</code></td></tr>`,
)}
</tbody></table></div>
<h2>Addresses of this host</h2>
<div class="wide"><table><tbody>
${LOCAL_ADDRESSES.map(([address, what]) => html`<tr><td><code>${address}</code></td><td>${what}</td></tr>`)}
</tbody></table></div>
<h2>Routes of the template</h2>
<div class="wide"><table><tbody>
${routes.map((route) => html`<tr><td><code>${route}</code></td></tr>`)}
</tbody></table></div>`,
  );
}
