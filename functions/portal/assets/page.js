// Improves the pages of an open session, which are complete without it. It keeps nothing on the
// device, takes its words from the page, and asks no other host than ours and the attachments'.
(() => {
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  const now = Date.now;
  const focused = () => document.activeElement;
  const post = (address, body) => fetch(address, { method: "POST", body });
  const later = (act, wait) => setTimeout(() => void act(), wait);
  const all = (place, names) => [...place.querySelectorAll(names)];
  const on = (target, kind, act) => target.addEventListener(kind, act);
  const text = (element, said) => {
    if (element) element.textContent = said;
  };
  const { link, idle, elsewhere, ...words } = byId("top").dataset;
  const [talk, form, body, said, live] = ["talk", "reply", "body", "said", "live"].map(byId);
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const IDLE = idle * SECOND;
  const WARNING = 90 * SECOND;
  const POLL = 10 * SECOND;
  const POLL_CALM = 30 * SECOND;
  const POLL_MAX = 2 * MINUTE;
  const CALM_AFTER = 3 * MINUTE;
  const say = (what) => text(said, what);
  const trouble = byId("replyProblem");
  const complain = (what) => {
    say("");
    text(trouble.firstChild, what);
    trouble.hidden = !what;
  };

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

  // The session's time: what a person does begins it anew, in every tab. Looking for news does not.
  let touched = now();
  let active = touched;
  let over = Number.POSITIVE_INFINITY;
  let unseen = false;
  const tabs = window.BroadcastChannel && new BroadcastChannel(link);
  if (tabs) {
    tabs.onmessage = () => {
      touched = now();
      showIdle(false);
    };
    tabs.postMessage(0);
  }
  // Not scrolling: the page scrolls by itself to what is new.
  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    on(window, kind, () => {
      const calm = now() - active > CALM_AFTER;
      active = now();
      if (unseen && veil.hidden) {
        // What came while perhaps nobody looked counts as read now.
        unseen = false;
        void renew();
      } else if (calm) void poll();
    });
  }

  /** The page of an answer; leaves when the session is over. */
  const readPage = async (response, quiet) => {
    if (response.redirected && new URL(response.url).pathname === link) {
      leaveFor(link);
      return undefined;
    }
    if (!response.ok && response.status !== 422) throw Error(response.status);
    if (!quiet) {
      touched = now();
      tabs?.postMessage(0);
    }
    return new DOMParser().parseFromString(await response.text(), "text/html");
  };

  // The conversation.
  const arrived = byId("arrived");
  const showNewest = (block) => {
    byId("newest")?.scrollIntoView({ block });
    if (arrived) arrived.hidden = true;
  };
  if (arrived) on(arrived, "click", () => showNewest("end"));
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
    else if (news > 0 && arrived) arrived.hidden = false;
    return news;
  };
  /** Asks for the page that is shown; `quiet`: nobody asked for it, so it is no use of the session. */
  const refresh = async (quiet) => {
    const address = new URL(form ? `${link}/thread?lang=${root.lang}` : location.href, location.href);
    if (quiet) address.searchParams.set("quiet", 1);
    const page = await readPage(await fetch(address), quiet);
    if (page && talk && swap(page) > 0) {
      unseen ||= quiet;
      text(live, "");
      setTimeout(text, 100, live, words.new);
    }
  };
  let wait = POLL;
  let changed = now();
  let timer;
  const check = byId("check")?.parentNode;
  const showCheck = (shown) => {
    if (check) check.hidden = !shown;
  };
  async function poll() {
    clearTimeout(timer);
    if (left || document.hidden) return;
    try {
      const response = await fetch(`${link}/version`);
      if (response.status === 401) return leaveFor(link);
      if (!response.ok) throw Error(response.status);
      const { version, secondsLeft } = await response.json();
      over = now() + secondsLeft * SECOND;
      if (talk?.dataset.newest && `${version}` !== talk.dataset.version) {
        await refresh(true);
        changed = now();
      }
      wait = now() - Math.max(active, changed) > CALM_AFTER ? POLL_CALM : POLL;
      showCheck(false);
    } catch {
      wait = Math.min(wait * 2, POLL_MAX);
      showCheck(true);
    }
    clearTimeout(timer);
    timer = later(poll, wait);
  }
  on(window, "visibilitychange", poll);
  on(window, "online", poll);
  timer = later(poll, POLL);
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
  // However busy, a session has an end: there is nothing to renew then, only to finish.
  let last = false;
  let told = false;
  on(stay, "click", () => {
    if (!last) return renew();
    told = true;
    showIdle(false);
  });
  on(lockNow, "click", lock);
  on(veil, "keydown", (event) => {
    if (event.key !== "Tab") return;
    event.preventDefault();
    (focused() === stay ? lockNow : stay).focus();
  });
  let renewing = 0;
  setInterval(() => {
    if (left) return;
    const idles = touched + IDLE;
    last = over <= idles;
    const remains = Math.min(idles, over) - now();
    // Locks nothing: the session may be in use in another tab, and ends by itself where it is not.
    if (remains <= 0) return leaveFor(link);
    if (remains > WARNING || (last && told)) return showIdle(false);
    if (!last && veil.hidden) {
      // Who is writing is not interrupted.
      if (now() - active < MINUTE && now() - renewing > 20 * SECOND) {
        renewing = now();
        void renew();
        return;
      }
      if (now() - renewing < 5 * SECOND) return;
    }
    byId("idleLast").hidden = !last;
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
    if (pending.querySelector("[data-state=uploading]")) return complain(own.wait);
    sending = true;
    complain("");
    say(own.sending);
    const sent = body.value;
    try {
      const fields = new URLSearchParams(new FormData(form));
      const page = await readPage(await post(form.action, fields));
      if (!page) return;
      const problem = page.getElementById("replyProblem").textContent;
      for (const notice of all(document, "main > .urgent")) notice.remove();
      const urgent = page.querySelector(".urgent");
      if (urgent) form.before(urgent);
      body.ariaInvalid = Boolean(problem);
      if (problem) {
        complain(problem);
        body.focus();
      } else {
        swap(page);
        if (body.value === sent) body.value = "";
        for (const id of fields.getAll("attachments")) rowOf(id)?.remove();
        sized();
        say(own.sent);
        setTimeout(say, 6 * SECOND, "");
        if (urgent) {
          // Whom to call comes before everything else, also before what was written.
          urgent.scrollIntoView({ block: "center" });
          urgent.focus({ preventScroll: true });
        } else showNewest("nearest");
      }
      const [once, next] = [form, page].map((place) => place.querySelector("[name=form]"));
      if (next) once.value = next.value;
    } catch {
      complain(own.failed);
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
  const pending = byId("pending");
  const rowOf = (id) => pending.querySelector(`[data-file="${id}"]`);
  const ask = (path, body, method = "POST") =>
    fetch(`${link}/attachments${path}`, { method, body, headers: { "content-type": "application/json" } });
  const remove = async (id) => {
    const { ok, status } = await ask(`/${id}/removal`);
    if (!ok) throw Error(status);
  };
  on(form, "click", (event) => {
    const button = event.target.closest("[formaction]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    item.remove();
    byId("attach").focus();
    const { file: id } = item.dataset;
    // What could not be taken away is not hidden: it would go with a later reply.
    if (id) remove(id).catch(() => pending.append(item));
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
  let pause;
  let watching;
  /** Tells how far all files have come. That it could not be asked says nothing about them. */
  const watch = async () => {
    const checked = all(pending, "[data-state=checking]");
    if (left || !checked[0]) return;
    try {
      const response = await ask("", undefined, "GET");
      if (response.status === 401) return leaveFor(link);
      const { attachments } = await response.json();
      for (const item of checked) {
        const found = attachments.find(({ id }) => id === item.dataset.file);
        if (!found) item.remove();
        else if (own[found.state]) {
          item.dataset.state = found.state;
          text(item.querySelector("small"), own[found.state]);
          if (found.state === "refused") item.querySelector("input").remove();
        }
      }
    } finally {
      pause = Math.min(pause * 1.5, 15 * SECOND);
      again();
    }
  };
  const again = () => {
    clearTimeout(watching);
    watching = later(() => watch().catch(Boolean), pause);
  };
  const watchAnew = () => {
    pause = 2 * SECOND;
    again();
  };
  watchAnew();
  const add = async (chosen) => {
    const item = byId("newFile").content.firstElementChild.cloneNode(true);
    const [name, state, away, bar] = ["span>span", "small", "button", "progress"].map((each) =>
      item.querySelector(each),
    );
    text(name, chosen.name);
    away.ariaLabel += ` ${chosen.name}`;
    pending.append(item);
    let id;
    try {
      const asked = await ask(
        "",
        JSON.stringify({ fileName: chosen.name, contentType: chosen.type, sizeBytes: chosen.size }),
      );
      if (asked.status === 401) return leaveFor(link);
      if (!asked.ok) throw Error(asked.status);
      const { upload, ...made } = await asked.json();
      id = made.id;
      if (!item.isConnected) throw Error("taken back");
      item.dataset.file = id;
      await put(upload.url, upload.fields, chosen, (part) => (bar.value = part));
      const sent = document.createElement("input");
      Object.assign(sent, { type: "hidden", name: "attachments", value: id });
      item.append(sent);
      item.dataset.state = "checking";
      text(state, own.checking);
      watchAnew();
    } catch {
      item.dataset.state = "refused";
      text(state, own.refused);
      // Nothing of it stays behind.
      if (id) remove(id).catch(Boolean);
    }
    bar.remove();
  };
  on(file, "change", () => {
    for (const chosen of file.files) void add(chosen);
    file.value = "";
  });
})();
