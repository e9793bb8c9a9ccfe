/** The phone simulator's own part; the shared part comes before it. */
export const PHONE_SCRIPT = String.raw`
const given = document.getElementById("simulator").dataset;
const names = JSON.parse(given.names);
const reports = JSON.parse(given.reports);
const states = JSON.parse(given.states);
const element = Object.fromEntries(
  ["phones", "bubbles", "title", "number", "phone", "reply", "body", "quick", "empty", "carrier", "opener", "opening", "other", "problem"].map(
    (id) => [id, document.getElementById(id)],
  ),
);
let chosen = new URLSearchParams(location.search).get("number") ?? "";
let opened = "";
let items = [];
const drafts = new Map();
const seen = new Map();

function written(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts === null ? number : "(" + parts[1] + ") " + parts[2] + "-" + parts[3];
}
const nameOf = (number) => names[number] ?? written(number);

function conversations() {
  const found = new Map();
  for (const item of items) {
    const known = found.get(item.number);
    if (known === undefined) found.set(item.number, { key: item.number, last: item, count: 1 });
    else {
      known.last = item;
      known.count += 1;
    }
  }
  const list = [...found.values()].sort((one, other) => (one.last.at < other.last.at ? 1 : -1));
  return chosen === "" || found.has(chosen) ? list : [{ key: chosen, last: undefined, count: 0 }, ...list];
}

function showPhones(list) {
  const newest = list.find(({ last }) => last !== undefined);
  const today = newest === undefined ? "" : shortDayOf(newest.last.at);
  keep(
    element.phones,
    list,
    ({ key }) => {
      const entry = make("li");
      const button = make("button", "entry quiet");
      button.type = "button";
      button.append(make("span", "who", nameOf(key)), make("span", "when"), make("span", "what"), make("span", "unseen"));
      button.addEventListener("click", () => open(key));
      entry.append(button);
      return entry;
    },
    (entry, { key, last, count }) => {
      const button = entry.firstElementChild;
      const [, when, what, unread] = button.children;
      const isNew = key !== chosen && count > (seen.get(key) ?? 0);
      button.classList.toggle("new", isNew);
      setText(unread, isNew ? ", new" : "");
      setText(what, last === undefined ? "No text yet" : (last.reply ? "Patient: " : "") + last.body);
      setText(when, last === undefined ? "" : shortDayOf(last.at) === today ? timeOf(last.at) : shortDayOf(last.at));
      if (key === chosen) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    },
  );
}

function bubbleOf(item) {
  if (item.day !== undefined) return make("p", "day", item.day);
  const row = make("div", item.reply ? "row mine" : "row");
  const bubble = make("div", "bubble");
  bubble.id = "text-" + item.key;
  bubble.append(make("span", "unseen", item.reply ? "Patient: " : "Practice: "));
  linked(item.body, bubble);
  const note = make("p", "note");
  const time = make("time", "", timeOf(item.at));
  time.dateTime = item.at;
  note.append(time);
  row.append(bubble, note);
  if (item.reply) return row;
  note.append(" · ", make("span", "state"));
  if (item.status !== "NETWORK") {
    row.append(
      reportMenu("What the carrier reports", reports, bubble.id, async (eventType, label) => {
        if (await post("/_local/texts/" + encodeURIComponent(item.key) + "/events", { eventType })) say("Reported: " + label + ".");
        await look();
      }),
    );
  }
  return row;
}

function showConversation() {
  const mine = items.filter(({ number }) => number === chosen);
  const rows = [];
  let day = "";
  for (const item of mine) {
    if (dayOf(item.at) !== day) {
      day = dayOf(item.at);
      rows.push({ key: "day " + day, day });
    }
    rows.push(item);
  }
  const isOther = opened !== chosen;
  const { scrollHeight, scrollTop, clientHeight } = element.bubbles;
  const wasAtEnd = scrollHeight - scrollTop - clientHeight < 40;
  const before = element.bubbles.childElementCount;
  keep(element.bubbles, rows, bubbleOf, (row, item) => {
    const state = row.querySelector(".state");
    if (state !== null) setText(state, states[item.status] ?? item.status);
  });
  opened = chosen;
  seen.set(chosen, mine.length);
  setText(element.title, chosen === "" ? "No phone chosen" : nameOf(chosen));
  setText(element.number, names[chosen] === undefined ? "" : written(chosen));
  element.empty.hidden = mine.length > 0;
  setText(element.empty, chosen === "" ? "No text was sent yet. New phone lets one text the practice first." : "No text yet. Write the first one below.");
  element.reply.hidden = element.quick.hidden = chosen === "";
  if (isOther || (wasAtEnd && element.bubbles.childElementCount > before)) element.bubbles.scrollTop = element.bubbles.scrollHeight;
}

function show([texts, replies, carrier]) {
  const first = items.length === 0 && opened === "";
  items = [
    ...replies.items.map(({ id, from, body, sentAt }) => ({ key: id, number: from, body, at: sentAt, status: "", reply: true })),
    ...texts.items.map(({ id, to, body, sentAt, status }) => ({ key: id, number: to, body, at: sentAt, status, reply: false })),
  ].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const list = conversations();
  if (first) for (const { key, count } of list) seen.set(key, count);
  if (chosen === "" && list.length > 0) chosen = list[0].key;
  showConversation();
  showPhones(list);
  if (document.activeElement !== element.carrier && element.carrier.value !== carrier.answers) element.carrier.value = carrier.answers;
}

const look = keepLooking(
  () => Promise.all(["/_local/texts", "/_local/replies", "/_local/carrier"].map(read)),
  show,
);

function open(number) {
  drafts.set(chosen, element.body.value);
  chosen = number;
  element.body.value = drafts.get(number) ?? "";
  history.replaceState(null, "", "/_local/phone?number=" + encodeURIComponent(number));
  say("");
  showConversation();
  showPhones(conversations());
  const { top, bottom } = element.phone.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) element.phone.scrollIntoView({ block: "nearest" });
}

async function text(body) {
  const from = chosen;
  if (!(await post("/_local/texts", { from, body }))) return false;
  say("Sent: " + (body.length > 40 ? body.slice(0, 40) + "…" : body));
  await look();
  element.bubbles.scrollTop = element.bubbles.scrollHeight;
  return true;
}
element.quick.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button !== null) void text(button.textContent);
});
element.reply.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = element.body.value;
  const from = chosen;
  if (body.trim() === "") return;
  element.body.value = "";
  if (await text(body)) return;
  if (chosen === from && element.body.value === "") element.body.value = body;
});
element.carrier.addEventListener("change", async () => {
  const { value, selectedOptions } = element.carrier;
  if (await post("/_local/carrier", { answers: value })) say("The carrier, from now on: " + selectedOptions[0].textContent + ".");
});
function showOpening(isOpen) {
  element.opening.hidden = !isOpen;
  element.opener.setAttribute("aria-expanded", String(isOpen));
  setText(element.problem, "");
  if (isOpen) element.other.focus();
}
element.opener.addEventListener("click", () => showOpening(element.opening.hidden));
element.opening.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  showOpening(false);
  element.opener.focus();
});
element.opening.addEventListener("submit", (event) => {
  event.preventDefault();
  const digits = element.other.value.replace(/[^\d+]/g, "");
  const number = /^\d{10}$/.test(digits) ? "+1" + digits : /^1\d{10}$/.test(digits) ? "+" + digits : digits;
  if (!/^\+[1-9]\d{6,14}$/.test(number)) {
    setText(element.problem, "Write it as (202) 555-0123 or +12025550123.");
    element.other.focus();
    return;
  }
  element.other.value = "";
  showOpening(false);
  open(number);
  element.body.focus();
});
`;
