import type { OptOutRegime } from "../../aws/texts/text-resources.ts";
import type { HttpAnswer } from "../../http/gateway-responses.ts";
import { CLIENT_SCRIPT } from "./client-script.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";
import { demoNames } from "./phone-names.ts";
import { PHONE_SCRIPT } from "./phone-script.ts";
import { PHONE_STYLE } from "./phone-style.ts";
import { TEXT_REPORTS, TEXT_STATES } from "./report-labels.ts";

/** What the simulator says about the practice's number. */
export type PhoneView = { readonly practiceNumber: string; readonly optOuts: OptOutRegime };

const QUICK_REPLIES = ["STOP", "HELP", "START", "YES", "C"];
const TEXT_LENGTH_MAX = 1600;

/** A number as people in the US write it; others in their international form. */
function written(number: string): string {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/u, "($1) $2-$3");
}

/** The phone simulator: one conversation as on a phone, a box to reply, and what the carrier reports of each text. */
export function phonePage({ practiceNumber, optOuts }: PhoneView): HttpAnswer {
  const stop =
    optOuts === "carrier"
      ? "STOP and its answer are the network’s, as with a toll-free number."
      : "STOP and HELP are answered by the practice.";
  return page(
    "Phone simulator",
    html`<p class="soft">What patients’ phones show. The practice’s number is ${written(practiceNumber)}. ${stop}</p>
<div class="desk" id="simulator" data-names="${JSON.stringify(demoNames())}" data-reports="${JSON.stringify(TEXT_REPORTS)}" data-states="${JSON.stringify(TEXT_STATES)}">
<section class="side" aria-labelledby="phones-title">
<div class="bar"><h2 id="phones-title">Phones</h2><button type="button" class="quiet" id="opener" aria-expanded="false" aria-controls="opening">New phone</button></div>
<form id="opening" hidden novalidate><label for="other">Number of the new phone</label><input id="other" type="tel" inputmode="tel" autocomplete="off" aria-describedby="problem"><button>Open</button><p id="problem" role="alert"></p></form>
<ul id="phones"></ul>
</section>
<section class="phone" id="phone" aria-labelledby="title">
<div class="head"><h2 id="title">Loading …</h2><span class="soft" id="number"></span></div>
<p class="soft" id="empty" hidden></p>
<div class="bubbles" id="bubbles" role="log" aria-label="Texts" tabindex="0"></div>
<div class="quick" id="quick" role="group" aria-label="Quick replies" hidden>${QUICK_REPLIES.map((reply) => html`<button type="button" class="quiet">${reply}</button>`)}</div>
<form id="reply" hidden><label for="body" class="unseen">Reply</label><input id="body" maxlength="${TEXT_LENGTH_MAX}" autocomplete="off" placeholder="Reply"><button>Send</button></form>
<p id="status" role="status" class="soft"></p>
</section>
<div class="carrier"><label for="carrier">What the carrier does by itself</label><select id="carrier"><option value="delivered">Delivers after 30 seconds</option><option value="nothing">Says nothing</option></select></div>
</div>
<noscript><p>The simulator needs JavaScript; <a href="/_local/texts">the texts as JSON</a> do not.</p></noscript>`,
    { script: CLIENT_SCRIPT + PHONE_SCRIPT, style: PHONE_STYLE },
  );
}
