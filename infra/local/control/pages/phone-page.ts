import type { HttpAnswer } from "../../http/gateway-responses.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";

const SCRIPT = `
const select = document.getElementById("number");
const bubbles = document.getElementById("bubbles");
const form = document.getElementById("reply");
const status = document.getElementById("status");
let chosen = new URLSearchParams(location.search).get("number") ?? "";
let shown = "";
function linked(text, into) {
  let last = 0;
  for (const found of text.matchAll(/https?:\\/\\/[^\\s]+/g)) {
    into.append(text.slice(last, found.index));
    const link = document.createElement("a");
    link.href = found[0];
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = found[0];
    into.append(link);
    last = found.index + found[0].length;
  }
  into.append(text.slice(last));
}
function bubble(item, all) {
  const element = document.createElement("div");
  element.className = item.reply ? "bubble reply" : "bubble";
  linked(item.body, element);
  const note = document.createElement("small");
  const who = all ? (item.reply ? "from " : "to ") + item.number + " · " : "";
  note.textContent = who + new Date(item.at).toLocaleString() + (item.status ? " · " + item.status.toLowerCase() : "");
  element.append(note);
  return element;
}
async function refresh() {
  const [texts, replies] = await Promise.all(["/_local/texts", "/_local/replies"].map((url) => fetch(url).then((answer) => answer.json())));
  const items = [
    ...texts.items.map((text) => ({ number: text.to, body: text.body, at: text.sentAt, status: text.status, reply: false })),
    ...replies.items.map((text) => ({ number: text.from, body: text.body, at: text.sentAt, status: "", reply: true })),
  ].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const state = JSON.stringify(items) + chosen;
  if (state === shown) return;
  const numbers = [...new Set(items.map(({ number }) => number))].sort();
  if (chosen !== "" && !numbers.includes(chosen)) numbers.push(chosen);
  select.replaceChildren(new Option("All phones", ""), ...numbers.map((number) => new Option(number, number, false, number === chosen)));
  const mine = items.filter(({ number }) => chosen === "" || number === chosen);
  bubbles.replaceChildren(...mine.map((item) => bubble(item, chosen === "")));
  if (mine.length === 0) bubbles.textContent = "No text yet.";
  bubbles.scrollTop = bubbles.scrollHeight;
  form.hidden = chosen === "";
  shown = state;
}
select.addEventListener("change", () => {
  chosen = select.value;
  history.replaceState(null, "", chosen === "" ? "/_local/phone" : "/_local/phone?number=" + encodeURIComponent(chosen));
  void refresh();
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = document.getElementById("body");
  const answer = await fetch("/_local/texts", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ from: chosen, body: input.value }),
  });
  status.textContent = answer.ok ? "Sent." : "The reply was refused.";
  if (answer.ok) input.value = "";
  await refresh();
});
void refresh();
setInterval(() => void refresh().catch(() => { status.textContent = "The local host does not answer."; }), 1500);
`;

/** The phone simulator: the texts of one number or of all, links to follow, a box to reply. */
export function phonePage(): HttpAnswer {
  return page(
    "Phone simulator",
    html`<p class="soft">What patients' phones show. Choose a number to reply from it.</p>
<label for="number">Phone</label> <select id="number"><option value="">All phones</option></select>
<section class="phone" aria-label="Texts">
<div class="bubbles" id="bubbles" aria-live="polite">Loading …</div>
<form id="reply" hidden><label for="body" class="soft">Reply</label><input id="body" name="body" maxlength="1000" required autocomplete="off"><button>Send</button></form>
</section>
<p id="status" role="status" class="soft"></p>`,
    SCRIPT,
  );
}
