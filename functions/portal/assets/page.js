// Improves the pages of an open session, which are complete without it. It keeps nothing on the
// device, takes its words from the page, and asks no other host than ours and the attachments'.
(() => {
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  const now = Date.now;
  const focused = () => document.activeElement;
  const post = (address, body) => fetch(address, { method: "POST", body });
  const all = (place, names) => [...place.querySelectorAll(names)];
  const on = (target, kind, act) => target.addEventListener(kind, act);
  const text = (element, said) => {
    if (element) element.textContent = said;
  };
  const { link, idle, elsewhere, ...words } = byId("top").dataset;
  const [talk, form, body, said, live] = ["talk", "reply", "body", "said", "live"].map(byId);
  const SECOND = 1000;
  const IDLE = idle * SECOND;
  const WARNING = 90 * SECOND;
  const POLL = 10 * SECOND;
  const POLL_MAX = 120 * SECOND;
  const say = (what) => text(said, what);

  // Ways out: nothing of the page stays on the screen while the next one loads.
  let left = false;
  const leaveFor = (address) => {
    left = true;
    document.body.hidden = true;
    location.replace(address);
  };
  const end = (fields) => navigator.sendBeacon(`${link}/lock`, new URLSearchParams(fields));
  const lock = () => {
    end({});
    leaveFor(link);
  };
  const exit = () => {
    end({ exit: "yes" });
    leaveFor(elsewhere);
  };
  on(byId("exit"), "submit", (event) => {
    event.preventDefault();
    exit();
  });
  on(byId("lock"), "submit", () => {
    left = true;
  });
  let escapes = [];
  on(window, "keydown", ({ key }) => {
    if (key !== "Escape") return;
    escapes = [...escapes.slice(-2), now()];
    if (escapes.length === 3 && escapes[2] - escapes[0] < 2 * SECOND) exit();
  });
  on(window, "pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
  on(window, "beforeunload", (event) => {
    if (!left && body?.value.trim()) event.preventDefault();
  });
  const print = byId("print");
  print.hidden = false;
  on(print, "click", () => window.print());

  // The session's time: every answer of ours begins it anew, in every tab.
  let touched = now();
  let active = touched;
  const tabs = window.BroadcastChannel && new BroadcastChannel(link);
  if (tabs) {
    tabs.onmessage = () => {
      touched = now();
      showIdle(false);
    };
    tabs.postMessage(0);
  }
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    on(window, kind, () => (active = now()));
  }

  /** The page of an answer; leaves when the session is over. */
  const readPage = async (response) => {
    if (response.redirected && !/\/thread$/.test(new URL(response.url).pathname)) {
      leaveFor(link);
      return undefined;
    }
    if (!response.ok && response.status !== 422) throw Error(response.status);
    touched = now();
    tabs?.postMessage(0);
    return new DOMParser().parseFromString(await response.text(), "text/html");
  };

  // The conversation.
  const showNewest = (block) => byId("newest")?.scrollIntoView({ block });
  const swap = (page) => {
    const next = page.getElementById("talk");
    if (!next || !talk.dataset.newest) return 0;
    const known = all(talk, "[data-id]").map((item) => item.dataset.id);
    const follows = innerHeight + scrollY > root.scrollHeight - 240;
    const before = talk.contains(focused()) && focused();
    for (const photo of all(next, "img")) {
      const shown = all(talk, "img").find(({ src }) => src === photo.src);
      if (shown) photo.replaceWith(shown);
    }
    let news = 0;
    for (const item of all(next, "[data-id]")) {
      if (known.includes(item.dataset.id)) continue;
      item.classList.add("fresh");
      if (!item.querySelector(".own")) news += 1;
    }
    for (const item of all(next, "[autofocus]")) item.autofocus = false;
    talk.dataset.version = next.dataset.version;
    talk.replaceChildren(...next.childNodes);
    if (before) {
      const place = ({ href, id }) => href || id;
      const same = all(talk, "a,button,[tabindex]").find((item) => place(item) === place(before));
      (same || body).focus({ preventScroll: true });
    }
    if (follows) showNewest("nearest");
    return news;
  };
  const refresh = async () => {
    const page = await readPage(await fetch(`${link}/thread?lang=${root.lang}`));
    if (page && talk && swap(page) > 0) {
      text(live, "");
      setTimeout(text, 100, live, words.new);
    }
  };
  let wait = POLL;
  let timer;
  const check = byId("check")?.parentNode;
  const showCheck = (shown) => {
    if (check) check.hidden = !shown;
  };
  const poll = async () => {
    clearTimeout(timer);
    if (left || document.hidden) return;
    try {
      const response = await fetch(`${link}/version`);
      if (response.status === 401) return leaveFor(link);
      if (!response.ok) throw Error(response.status);
      const { version } = await response.json();
      if (talk?.dataset.newest && `${version}` !== talk.dataset.version) await refresh();
      wait = POLL;
      showCheck(false);
    } catch {
      wait = Math.min(wait * 2, POLL_MAX);
      showCheck(true);
    }
    timer = setTimeout(() => void poll(), wait);
  };
  on(window, "visibilitychange", poll);
  on(window, "online", () => void poll());
  timer = setTimeout(() => void poll(), POLL);
  if (document.querySelector("#newest[autofocus]"))
    on(window, "load", () => setTimeout(showNewest, 0, "end"));
  showCheck(false);

  // The end of the session, with a warning.
  const veil = byId("idle");
  const [stay, lockNow] = [byId("idleStay"), byId("idleLock")];
  let before = null;
  function showIdle(shown) {
    if (veil.hidden !== shown) return;
    veil.hidden = !shown;
    for (const part of document.body.children) part.inert = shown && part !== veil;
    if (shown) {
      before = focused();
      stay.focus();
    } else if (before) before.focus({ preventScroll: true });
  }
  const renew = () =>
    refresh()
      .then(() => showIdle(false))
      .catch(Boolean);
  on(stay, "click", renew);
  on(lockNow, "click", lock);
  on(veil, "keydown", (event) => {
    if (event.key !== "Tab") return;
    event.preventDefault();
    (focused() === stay ? lockNow : stay).focus();
  });
  let renewing = 0;
  setInterval(() => {
    if (left) return;
    const remains = touched + IDLE - now();
    if (remains <= 0) return lock();
    if (remains > WARNING) return showIdle(false);
    // Who is writing is not interrupted.
    if (veil.hidden && now() - active < 60 * SECOND && now() - renewing > 20 * SECOND) {
      renewing = now();
      void renew();
      return;
    }
    if (veil.hidden && now() - renewing < 5 * SECOND) return;
    showIdle(true);
    const seconds = Math.ceil(remains / SECOND);
    const said = `${seconds} ${words.left}`;
    text(byId("idleLeft"), said);
    if (seconds === 60 || seconds === 30 || seconds === 10) text(byId("idleSaid"), said);
  }, SECOND);

  // Writing.
  if (!form) return;
  const own = form.dataset;
  const count = byId("count");
  const sized = () => {
    if (!CSS.supports("field-sizing", "content")) {
      body.style.height = "auto";
      body.style.height = `${body.scrollHeight + 3}px`;
    }
    const letters = body.maxLength - body.value.length;
    const left = `${letters} ${own.left}`;
    text(count, letters > 200 ? "" : left);
    if (letters === 50) say(left);
  };
  on(body, "input", sized);
  sized();
  let sending = false;
  on(form, "submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    say(own.sending);
    const sent = body.value;
    try {
      const fields = new URLSearchParams(new FormData(form));
      const page = await readPage(await post(form.action, fields));
      if (!page) return;
      const problem = page.getElementById("replyProblem");
      for (const notice of all(document, "main > .urgent")) notice.remove();
      const urgent = page.querySelector(".urgent");
      if (urgent) form.before(urgent);
      body.toggleAttribute("aria-invalid", Boolean(problem));
      if (problem) {
        say(problem.textContent);
        body.focus();
      } else {
        swap(page);
        if (body.value === sent) body.value = "";
        byId("pending").replaceWith(page.getElementById("pending"));
        sized();
        say(own.sent);
        setTimeout(say, 6 * SECOND, "");
        showNewest("nearest");
      }
      const [once, next] = [form, page].map((place) => place.querySelector("[name=form]"));
      if (next) once.value = next.value;
    } catch {
      say(own.failed);
    } finally {
      sending = false;
    }
  });

  // Files.
  const file = byId("file");
  on(byId("attach"), "click", (event) => {
    event.preventDefault();
    file.click();
  });
  on(form, "click", async (event) => {
    const button = event.target.closest("[formaction]");
    if (!button) return;
    event.preventDefault();
    const address = button.getAttribute("formaction");
    button.closest("li").remove();
    byId("attach").focus();
    if (address) await post(address, new URLSearchParams());
  });
  const put = (address, fields, chosen, onProgress) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const data = new FormData();
      for (const [key, value] of Object.entries(fields)) data.append(key, value);
      data.append("file", chosen);
      request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
      request.onload = () => (request.status < 300 ? resolve() : reject(Error(request.status)));
      request.onerror = reject;
      request.open("POST", address);
      request.send(data);
    });
  const settle = async (id, state) => {
    for (let tries = 0; tries < 60; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2 * SECOND));
      const response = await fetch(`${link}/attachments`, { headers: { accept: "application/json" } });
      const { attachments } = await response.json();
      const found = attachments.find((each) => each.id === id);
      if (!found || found.state === "refused") throw Error("refused");
      if (found.state === "ready") return text(state, own.ready);
    }
  };
  const add = async (chosen) => {
    const item = byId("newFile").content.firstElementChild.cloneNode(true);
    const [name, state, away, bar] = ["span>span", "small", "button", "progress"].map((each) =>
      item.querySelector(each),
    );
    text(name, chosen.name);
    away.ariaLabel += ` ${chosen.name}`;
    byId("pending").append(item);
    try {
      const asked = await fetch(`${link}/attachments`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ fileName: chosen.name, contentType: chosen.type, sizeBytes: chosen.size }),
      });
      if (asked.status === 401) return leaveFor(link);
      if (!asked.ok) throw Error(asked.status);
      const { id, upload } = await asked.json();
      away.setAttribute("formaction", `${link}/attachments/${id}/removal`);
      await put(upload.url, upload.fields, chosen, (part) => (bar.value = part));
      bar.remove();
      text(state, own.checking);
      const sent = document.createElement("input");
      Object.assign(sent, { type: "hidden", name: "attachments", value: id });
      item.append(sent);
      await settle(id, state);
    } catch {
      bar.remove();
      item.querySelector("input")?.remove();
      text(state, own.refused);
    }
  };
  on(file, "change", () => {
    for (const chosen of file.files) void add(chosen);
    file.value = "";
  });
})();
