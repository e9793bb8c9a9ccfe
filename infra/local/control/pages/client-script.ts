/**
 * What the scripts of the host's pages share. Elements are kept from one look to the next and only changed where
 * something is new, so that focus, selection, scroll position and open menus stay as they are.
 */
export const CLIENT_SCRIPT = String.raw`
const LOOK_EVERY_MS = 1500;
const status = document.getElementById("status");
let silent = false;

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
function say(text) {
  silent = false;
  setText(status, text);
}
function linked(text, into) {
  let last = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>]+/g)) {
    const address = found[0].replace(/[.,;:!?)]+$/, "");
    into.append(text.slice(last, found.index));
    const link = make("a", "", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    into.append(link);
    last = found.index + address.length;
  }
  into.append(text.slice(last));
}
async function read(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("The local host refused.");
  return answer.json();
}
async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (answer === undefined) say("The local host does not answer.");
  else if (!answer.ok) say((await answer.json().catch(() => ({}))).title ?? "The local host refused.");
  return answer !== undefined && answer.ok;
}
function keep(parent, items, create, update) {
  const active = document.activeElement;
  const wanted = new Set(items.map(({ key }) => key));
  const known = new Map();
  for (const element of [...parent.children]) {
    if (wanted.has(element.dataset.key)) known.set(element.dataset.key, element);
    else element.remove();
  }
  let before = null;
  for (const item of items) {
    let element = known.get(item.key);
    if (element === undefined) {
      element = create(item);
      element.dataset.key = item.key;
    }
    update(element, item);
    const place = before === null ? parent.firstElementChild : before.nextElementSibling;
    if (place !== element) parent.insertBefore(element, place);
    before = element;
  }
  if (active !== document.activeElement && parent.contains(active)) active.focus({ preventScroll: true });
}
function reportMenu(title, choices, subject, choose) {
  const menu = make("details", "reports");
  const summary = make("summary", "", title);
  summary.setAttribute("aria-describedby", subject);
  const list = make("ul");
  for (const [value, label] of choices) {
    const entry = make("li");
    const button = make("button", "quiet", label);
    button.type = "button";
    button.addEventListener("click", () => {
      menu.open = false;
      summary.focus({ preventScroll: true });
      void choose(value, label);
    });
    entry.append(button);
    list.append(entry);
  }
  menu.append(summary, list);
  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    for (const other of document.querySelectorAll("details.reports[open]")) if (other !== menu) other.open = false;
    menu.scrollIntoView({ block: "nearest" });
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus({ preventScroll: true });
  });
  return menu;
}
const timeOf = (at) => new Date(at).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
const dayOf = (at) => new Date(at).toLocaleDateString("en-US", { weekday: "long", month: "long", day: "numeric", year: "numeric" });
const shortDayOf = (at) => new Date(at).toLocaleDateString("en-US", { month: "short", day: "numeric" });

function keepLooking(fetchState, show) {
  let asked = 0;
  let shown = 0;
  const look = async () => {
    asked += 1;
    const turn = asked;
    const state = await fetchState();
    if (turn < shown) return;
    shown = turn;
    show(state);
  };
  const loop = async () => {
    try {
      await look();
      if (silent) say("");
    } catch {
      say("The local host does not answer.");
      silent = true;
    }
    setTimeout(loop, LOOK_EVERY_MS);
  };
  void loop();
  return () => look().catch(() => undefined);
}
`;
