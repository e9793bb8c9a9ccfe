import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import type { LocalHost } from "../support/host.ts";
import {
  openThread,
  picture,
  smallPhoto,
  stateBirthDate,
  type WatchedPage,
  watchedPage,
} from "../support/portal-browser.ts";
import {
  codeIn,
  consentingPatient,
  linkIn,
  newestText,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";

const ADMINISTRATIVE = { body: "A form is waiting for you.", minimumTier: 2 };
const MINUTE_MS = 60_000;

let host: LocalHost;
let browser: Browser;
beforeAll(async () => {
  [host, browser] = await Promise.all([startPractice(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await host.stop();
});

type Conversation = WatchedPage & {
  readonly patient: TestPatient;
  readonly link: string;
  readonly answer: (body: string) => Promise<unknown>;
};

/** An open session of a conversation whose page's clock is the test's. */
async function conversation(options: BrowserContextOptions = {}): Promise<Conversation> {
  const patient = await consentingPatient(host);
  const { threadId } = await sendMessage(host, patient, ADMINISTRATIVE);
  const link = linkIn(await newestText(host, patient));
  const watched = await watchedPage(browser, host, { viewport: { width: 390, height: 844 }, ...options });
  await watched.page.clock.install();
  await stateBirthDate(watched.page, link);
  await watched.page.locator("#talk").waitFor();
  const answer = (body: string) => sendMessage(host, patient, { threadId, minimumTier: 2, body });
  return { ...watched, patient, link, answer };
}

/** What a page asks for from now on: the last part of each path, and the query. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    asked.push(`${pathname.split("/").at(-1) ?? ""}${search}`);
  });
  return asked;
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** What the browser keeps for the site, by kind. */
const keptOnDevice = (page: Page) =>
  page.evaluate(`(async () => ({
    cookies: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }))()`);
const NOTHING = { cookies: "", local: 0, session: 0, databases: 0, caches: 0, workers: 0 };

type Stop = { readonly name: string; readonly faults: readonly string[] };

/** What has the focus, and what is wrong with how it shows. */
const focusStop = (page: Page): Promise<Stop> =>
  page.evaluate<Stop>(`(() => {
    const item = document.activeElement;
    if (item === document.body) return { name: "", faults: [] };
    const { top, bottom, left, right } = item.getBoundingClientRect();
    const style = getComputedStyle(item);
    const faults = [];
    // What only the page itself focuses, such as the newest message, is no control.
    // The browser's own button within a field for a time has a ring of its own.
    const isControl = item.tabIndex >= 0 && !(item.type === "time" && !item.matches(":focus-visible"));
    if (isControl && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)) faults.push("no focus ring");
    if (bottom < 0 || top > innerHeight || right < 0 || left > innerWidth) faults.push("outside of the window");
    for (const bar of document.querySelectorAll(".stay, .reply")) {
      if (getComputedStyle(bar).position !== "sticky" || bar.contains(item)) continue;
      const box = bar.getBoundingClientRect();
      if (top < box.bottom - 1 && bottom > box.top + 1) faults.push("partly below ." + bar.className);
    }
    const words = item.getAttribute("aria-label") ?? (item.labels?.[0] ?? item).textContent;
    return { name: words.trim().replaceAll(/\\s+/g, " "), faults };
  })()`);

/** Presses Tab until something has the focus; every stop on the way must show. */
async function tabTo(page: Page, name: string, key = "Tab"): Promise<readonly string[]> {
  const stops: string[] = [];
  for (let count = 0; count < 60; count += 1) {
    const stop = await focusStop(page);
    expect(stop.faults, `focus at "${stop.name}"`).toEqual([]);
    if (stop.name === name) return stops;
    stops.push(stop.name);
    await page.keyboard.press(key);
  }
  throw new Error(`The key ${key} does not lead to ${name}: ${stops.join(", ")}`);
}

describe("with the keyboard alone", () => {
  it.each([
    [1280, 800],
    [390, 700],
  ])("a patient proves, writes, changes a setting and locks at %i by %i pixels", async (width, height) => {
    const patient = await consentingPatient(host);
    const { threadId } = await sendMessage(host, patient, { body: "Read this first.", minimumTier: 3 });
    for (let count = 0; count < 21; count += 1) {
      await sendMessage(host, patient, { threadId, body: `Line ${String(count)} of a long story.` });
    }
    const link = linkIn(await newestText(host, patient));
    const { page, context, complaints } = await watchedPage(browser, host, { viewport: { width, height } });

    await page.goto(link);
    await tabTo(page, "Date of birth");
    await page.keyboard.type("4/12/1980");
    await page.keyboard.press("Enter");
    await page.locator("#code").waitFor();
    expect((await focusStop(page)).name).toBe("6-digit code");
    await page.keyboard.type(codeIn(await newestText(host, patient)));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.locator("#talk").waitFor();
    // The newest message is where reading goes on.
    expect(await page.evaluate("document.activeElement.id")).toBe("newest");

    await tabTo(page, "Your message");
    await page.keyboard.type("I have read it");
    await tabTo(page, "Send");
    await page.keyboard.press("Enter");
    await page.locator(".own").filter({ hasText: "I have read it" }).waitFor();
    const order = await tabTo(page, "Leave now");
    expect(order.at(-1)).toBe("");
    const bar = await tabTo(page, "Lock");
    expect(bar.slice(1).filter((name) => !name.startsWith("Call"))).toEqual(["Print", "Settings"]);
    await tabTo(page, "Settings", "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your settings" }).waitFor();
    await tabTo(page, "New PIN");
    await page.keyboard.type("123456");
    await page.keyboard.press("Tab");
    await page.keyboard.type("123456");
    await page.keyboard.press("Enter");
    await page.locator("#problem").waitFor();
    // The problem leads to its field, which nothing covers.
    await expect.poll(() => focusStop(page)).toEqual({ name: "New PIN", faults: [] });
    await page.keyboard.type("482915");
    await page.keyboard.press("Tab");
    await page.keyboard.type("482915");
    await page.keyboard.press("Enter");
    await page.locator("#saved-pin").waitFor();
    // Where it was saved it says so, and the header does not cover it.
    await expect.poll(() => focusStop(page)).toEqual({ name: "Saved", faults: [] });
    await tabTo(page, "Lock");
    await page.keyboard.press("Enter");
    await page.getByLabel("Date of birth").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("three times Escape leaves for elsewhere, and the way back shows nothing", async () => {
    const { page, context, link } = await conversation();
    await page.route("https://www.weather.gov/**", (route) => route.fulfill({ body: "Sunny" }));

    for (const key of ["Escape", "Escape", "Escape"]) await page.keyboard.press(key);
    await page.waitForURL("https://www.weather.gov/**");
    await host.settled();

    await page.goBack();
    await page.waitForLoadState();
    expect(await page.getByText(ADMINISTRATIVE.body).count()).toBe(0);
    await page.goto(`${link}/thread`);
    await page.getByLabel("Date of birth").waitFor();
    await context.close();
  });
});

describe("with script, the conversation", () => {
  it("shows an answer without reloading, says so, and leaves draft and focus alone", async () => {
    const { page, context, answer, complaints } = await conversation();
    let loads = 0;
    page.on("framenavigated", () => {
      loads += 1;
    });
    await page.locator("#body").fill("I was about to");
    await answer("Please come in on Monday.");

    await page.clock.runFor(11_000);
    await page.getByText("Please come in on Monday.").waitFor();
    await page.clock.runFor(200);

    expect(loads).toBe(0);
    expect(await page.locator("#live").textContent()).toBe("New message");
    expect(await page.locator("#live").getAttribute("role")).toBe("status");
    expect(await page.locator("#body").inputValue()).toBe("I was about to");
    expect(await page.evaluate("document.activeElement.id")).toBe("body");
    expect(await keptOnDevice(page)).toEqual(NOTHING);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("asks only for a number while nothing is new", async () => {
    const { page, context } = await conversation();
    const asked = requestsOf(page);
    for (let count = 0; count < 3; count += 1) {
      const answered = page.waitForResponse(/version$/u);
      await page.clock.runFor(10_500);
      await answered;
    }

    expect(asked).toEqual(["version", "version", "version"]);
    await context.close();
  });

  it("asks less often where nobody does anything, and at once when somebody does", async () => {
    const { page, context } = await conversation();
    const asked = requestsOf(page);
    for (let count = 0; count < 8; count += 1) {
      const answered = page.waitForResponse(/version$/u);
      await page.clock.runFor(30_500);
      await answered;
    }
    asked.length = 0;

    await page.clock.runFor(20_000);
    expect(asked).toEqual([]);
    const answered = page.waitForResponse(/version$/u);
    await page.keyboard.press("Shift");
    await answered;
    await context.close();
  });

  it("fetches what is new for nobody in particular, and anew for who then does something", async () => {
    const { page, context, answer } = await conversation();
    await page.clock.runFor(500);
    const asked = requestsOf(page);
    await answer("Are you there?");

    await page.clock.runFor(11_000);
    await page.getByText("Are you there?").waitFor();
    expect(asked).toEqual(["version", "thread?lang=en&quiet=1"]);
    const [read] = await Promise.all([
      page.waitForResponse(/thread\?lang=en$/u),
      page.keyboard.press("Shift"),
    ]);
    expect(read.status()).toBe(200);
    await context.close();
  });

  it("sends without reloading, says so, and keeps what could not be sent", async () => {
    const { page, context, answer } = await conversation();
    const said = page.locator("#said");
    await button(page, "Send").click();
    await page.getByText("Please write a message first.").waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("body");

    await page.locator("#body").fill("Is Tuesday fine too?");
    await context.setOffline(true);
    await button(page, "Send").click();
    const notice = page.locator("#replyProblem.notice");
    await notice.getByText("Your message was not sent.").waitFor();
    expect(await notice.getAttribute("role")).toBe("alert");
    expect(await page.locator("#body").inputValue()).toBe("Is Tuesday fine too?");
    await picture(page, "script-not-sent");
    await context.setOffline(false);
    await button(page, "Send").click();
    await said.getByText("Message sent").waitFor();
    expect(await notice.isVisible()).toBe(false);
    await page.locator(".own").filter({ hasText: "Is Tuesday fine too?" }).waitFor();
    expect(await page.locator("#body").inputValue()).toBe("");
    await answer("Tuesday is fine.");
    await page.reload();
    expect(await page.locator(".own").count()).toBe(1);
    expect(await keptOnDevice(page)).toEqual(NOTHING);
    await context.close();
  });

  it("is told in every tab, and locked in every tab", async () => {
    const { page, context, answer } = await conversation();
    const second = await context.newPage();
    await second.goto(page.url());
    await page.locator("#body").fill("first tab");
    await page.locator(".send").click();
    await page.locator(".own").waitFor();
    await answer("To both.");

    for (const tab of [page, second]) {
      await tab.bringToFront();
      await tab.clock.runFor(11_000);
      await tab.getByText("To both.").waitFor();
    }
    await page.locator("#lock button").click();
    await page.getByLabel("Date of birth").waitFor();
    await second.bringToFront();
    await second.clock.runFor(11_000);
    await second.getByLabel("Date of birth").waitFor();
    await second.goBack();
    expect(await second.getByText("To both.").count()).toBe(0);
    await context.close();
  });

  it("prints what was said, and neither the controls nor the box to write in", async () => {
    const { page, context } = await conversation();
    await page.emulateMedia({ media: "print" });

    expect(await page.getByText(ADMINISTRATIVE.body).isVisible()).toBe(true);
    expect(await page.getByText("Riverside Office").first().isVisible()).toBe(true);
    for (const hidden of [".tools", "#exit button", "#reply"]) {
      expect(await page.locator(hidden).isVisible(), hidden).toBe(false);
    }
    await context.close();
  });

  it("adds a file with its progress, takes one back, and sends the other", async () => {
    const { page, context, complaints } = await conversation();
    await page.clock.resume();
    const photo = (name: string) => ({ name, mimeType: "image/png", buffer: smallPhoto(400) });
    await page.locator("#file").setInputFiles([photo("one.png"), photo("two.png")]);
    await page.locator("#pending li").nth(1).waitFor();
    await host.settled();
    await page.locator("#pending").getByText("ready").nth(1).waitFor();
    await picture(page, "script-upload-ready");
    await button(page, "Take away two.png").click();
    await page.locator("#pending li").nth(1).waitFor({ state: "detached" });
    await page.locator("#body").fill("Here it is");
    await button(page, "Send").click();
    await page.locator(".own").filter({ hasText: "one.png" }).waitFor();
    expect(await page.locator("#pending li").count()).toBe(0);
    expect(await page.locator(".own").textContent()).not.toContain("two.png");
    await page.locator(".own img").scrollIntoViewIfNeeded();
    await page.waitForFunction("document.querySelector('.own img').naturalWidth === 400");
    await picture(page, "script-photo-sent");

    await page.locator("#file").setInputFiles({
      name: "page.png",
      mimeType: "image/png",
      buffer: Buffer.from("<script>alert(1)</script>"),
    });
    await page.locator("#pending li").waitFor();
    await host.settled();
    await page.getByText("This file was not added.").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

/** Pixels of the window between what sticks to its two ends. */
const roomToRead = (page: Page) =>
  page.evaluate<number>(`(() => {
    const [bar, reply] = [".stay", ".reply"].map((name) => document.querySelector(name));
    const [above, below] = [bar, reply].map((part) => part.getBoundingClientRect());
    return getComputedStyle(reply).position === "sticky" ? below.top - above.bottom : NaN;
  })()`);

describe("with script, a file", () => {
  const photo = (name: string) => ({ name, mimeType: "image/png", buffer: smallPhoto(400) });
  const ready = (page: Page) => page.locator("#pending li").getByText("ready").waitFor();

  /** Holds back requests until it is called. */
  async function held(page: Page, address: RegExp) {
    const gate = Promise.withResolvers<undefined>();
    await page.route(address, async (route) => {
      if (route.request().method() === "POST") await gate.promise;
      await route.continue();
    });
    return () => gate.resolve(undefined);
  }

  it("that is still on its way is waited for, and goes with the reply", async () => {
    const { page, context } = await conversation();
    await page.clock.resume();
    const asks = page.waitForResponse(/attachments$/u);
    const release = await held(page, /^(?!.*\/m\/)/u);
    await page.locator("#file").setInputFiles(photo("slow.png"));
    await asks;
    await page.locator("#body").fill("With a photo");
    await button(page, "Send").click();

    await page.locator("#replyProblem").getByText("A file is not ready yet.").waitFor();
    expect(await page.locator("#body").inputValue()).toBe("With a photo");
    release();
    await page.locator("#pending input").waitFor({ state: "attached" });
    await host.settled();
    await ready(page);
    await button(page, "Send").click();
    await page.locator(".own").filter({ hasText: "slow.png" }).waitFor();
    await context.close();
  });

  it("leaves half of a small window to the conversation until it is sent, and its place afterwards", async () => {
    const { page, context, answer } = await conversation({ viewport: { width: 320, height: 640 } });
    await page.clock.resume();
    await answer(`${ADMINISTRATIVE.body}\n`.repeat(30));
    await page.reload();
    await page.evaluate("scrollTo(0, 0)");
    const names = ["a photo from the other day.png", "another one.png", "the last one.png"];
    await page.locator("#file").setInputFiles(names.map(photo));
    await page.locator("#pending input").nth(2).waitFor({ state: "attached" });
    await host.settled();
    await page.locator("#pending").getByText("ready").nth(2).waitFor();
    await picture(page, "script-upload-ready-320");
    expect(await roomToRead(page)).toBeGreaterThanOrEqual(320);

    // Until it has come, a photo takes the room that it takes then.
    const release = Promise.withResolvers<undefined>();
    await page.route(/attachments\/att_\w+$/u, async (route) => {
      await release.promise;
      await route.continue();
    });
    await button(page, "Send").click();
    const shown = page.locator(".own img").first();
    await shown.waitFor();
    await shown.scrollIntoViewIfNeeded();
    const before = await shown.boundingBox();
    release.resolve(undefined);
    await expect.poll(() => page.evaluate("document.querySelector('.own img').naturalWidth")).toBe(400);
    const { width, height } = (await shown.boundingBox()) ?? { width: 0, height: 0 };
    expect(before).toMatchObject({ width, height });
    expect(height).toBeGreaterThan(150);
    await context.close();
  });

  it("that is taken away before it has an id leaves nothing behind", async () => {
    const { page, context, link } = await conversation();
    const release = await held(page, /\/attachments$/u);
    await page.locator("#file").setInputFiles(photo("wrong.png"));
    await button(page, "Take away wrong.png").click();
    const removed = page.waitForResponse(/removal$/u);
    release();

    expect((await removed).status()).toBe(200);
    expect(await page.locator("#pending li").count()).toBe(0);
    await page.goto(`${link}/thread`);
    expect(await page.locator("#pending li").count()).toBe(0);
    await context.close();
  });

  it("that could not be taken away is shown again", async () => {
    const { page, context } = await conversation();
    await page.clock.resume();
    await page.locator("#file").setInputFiles(photo("stays.png"));
    await page.locator("#pending input").waitFor({ state: "attached" });
    await page.route(/removal$/u, (route) => route.abort());
    await button(page, "Take away stays.png").click();
    await button(page, "Take away stays.png").waitFor();
    await page.unroute(/removal$/u);
    await button(page, "Take away stays.png").click();
    await page.locator("#pending li").waitFor({ state: "detached" });
    await page.reload();
    expect(await page.locator("#pending li").count()).toBe(0);
    await context.close();
  });

  it("is not given up where its state could not be asked once, and all are asked for together", async () => {
    const { page, context } = await conversation();
    await page.clock.resume();
    let asked = 0;
    await page.route(/attachments$/u, (route) => {
      if (route.request().method() !== "GET") return route.continue();
      asked += 1;
      return asked === 1 ? route.abort() : route.continue();
    });
    await page.locator("#file").setInputFiles([photo("one.png"), photo("two.png")]);
    await page.locator("#pending input").nth(1).waitFor({ state: "attached" });
    await host.settled();
    await page.locator("#pending").getByText("ready").nth(1).waitFor();
    expect(asked).toBeLessThanOrEqual(3);
    await context.close();
  });
});

describe("with script, the session", () => {
  const idleFor = async (page: Page, minutes: number) => {
    await page.clock.fastForward((minutes * MINUTE_MS) / 2);
    await page.clock.fastForward((minutes * MINUTE_MS) / 2);
  };

  it("warns before it ends, holds the focus, gives it back, and stays on demand", async () => {
    const { page, context } = await conversation();
    const dialog = page.getByRole("alertdialog", { name: "Are you still there?" });
    await page.locator("#body").focus();
    await page.locator("#body").fill("unfinished");

    await idleFor(page, 8.7);
    await dialog.waitFor();
    await picture(page, "script-idle");
    expect((await focusStop(page)).name).toBe("Stay");
    await page.keyboard.press("Tab");
    expect((await focusStop(page)).name).toBe("Lock now");
    await page.keyboard.press("Tab");
    expect((await focusStop(page)).name).toBe("Stay");
    await page.keyboard.press("Shift+Tab");
    expect((await focusStop(page)).name).toBe("Lock now");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });

    expect(await page.evaluate("document.activeElement.id")).toBe("body");
    expect(await page.locator("#body").inputValue()).toBe("unfinished");
    await idleFor(page, 5);
    expect(await dialog.isVisible()).toBe(false);
    await context.close();
  });

  it("ends by itself, and neither reload nor the way back shows anything", async () => {
    const { page, context, link } = await conversation();
    await page.locator("#body").fill("unfinished");
    await page.locator("#top").click({ position: { x: 2, y: 2 } });

    await idleFor(page, 8.9);
    await page.clock.runFor(2000);
    await page.getByLabel("Date of birth").waitFor();
    await host.advance(10 * 60);

    await page.goBack();
    await page.waitForLoadState();
    expect(await page.getByText(ADMINISTRATIVE.body).count()).toBe(0);
    await page.goto(`${link}/thread`);
    await page.getByLabel("Date of birth").waitFor();
    expect(await page.getByText("unfinished").count()).toBe(0);
    await context.close();
  });

  it("is not kept up by news, and neither is its warning taken away", async () => {
    const { page, context, answer } = await conversation();
    const dialog = page.getByRole("alertdialog", { name: "Are you still there?" });
    await idleFor(page, 8);
    await dialog.waitFor();
    await host.advance(9 * 60);
    await answer("Please come in on Tuesday.");
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.locator("#talk").getByText("Please come in on Tuesday.").waitFor({ state: "attached" });

    expect(await dialog.isVisible()).toBe(true);
    await host.advance(61);
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.getByLabel("Date of birth").waitFor();
    await context.close();
  });

  it("of another link, in another tab, is not ended by a tab that was left alone", async () => {
    const { page, context, patient } = await conversation();
    await idleFor(page, 8);
    const second = await context.newPage();
    await stateBirthDate(second, await sendLink(host, patient, ADMINISTRATIVE));
    await second.locator("#talk").waitFor();

    await page.clock.fastForward(MINUTE_MS);
    await page.clock.runFor(2000);
    await page.getByLabel("Date of birth").waitFor();
    await second.reload();
    expect(await second.locator("#talk").isVisible()).toBe(true);
    await context.close();
  });

  it("warns of its end where it was open for an hour, once", async () => {
    const { page, context } = await conversation();
    const dialog = page.getByRole("alertdialog", { name: "Are you still there?" });
    await page.route(/version$/u, (route) => route.fulfill({ json: { version: 1, secondsLeft: 95 } }));
    await page.locator("#body").fill("Nearly done");
    const answered = page.waitForResponse(/version$/u);
    await page.clock.runFor(10_500);
    await answered;
    await page.unroute(/version$/u);
    await page.route(/version$/u, (route) => route.abort());

    await page.clock.runFor(10_000);
    await dialog.getByText("It was open for an hour.").waitFor();
    await button(page, "Stay").click();
    await dialog.waitFor({ state: "hidden" });
    expect(await page.evaluate("document.activeElement.id")).toBe("body");
    await page.clock.runFor(20_000);
    expect(await dialog.isVisible()).toBe(false);
    await page.clock.runFor(70_000);
    await page.getByLabel("Date of birth").waitFor();
    await context.close();
  });

  it.each(["preferences", "attachments"])(
    "goes on from the page of %s without a look at the thread",
    async (where) => {
      const { page, context, link } = await conversation();
      await page.goto(`${link}/${where}?lang=en`);
      await idleFor(page, 8);
      const asked = requestsOf(page);
      await host.advance(7 * 60);
      await button(page, "Stay").click();
      await page.getByRole("alertdialog").waitFor({ state: "hidden" });

      expect(asked).toContain(`${where}?lang=en`);
      expect(asked.filter((each) => each.startsWith("thread"))).toEqual([]);
      await host.advance(9 * 60);
      await page.goto(`${link}/thread`);
      await page.locator("#talk").waitFor();
      await context.close();
    },
  );

  it("that ended on our side leaves the page at the next look", async () => {
    const { page, context } = await conversation();
    await host.advance(11 * 60);

    await page.clock.runFor(11_000);

    await page.getByLabel("Date of birth").waitFor();
    expect(await page.getByText(ADMINISTRATIVE.body).count()).toBe(0);
    await context.close();
  });

  it("that was locked cannot be seen again by the way back", async () => {
    const { page, context } = await conversation();
    await page.locator("#lock button").click();
    await page.getByLabel("Date of birth").waitFor();

    await page.goBack();
    await page.waitForLoadState();
    expect(await page.getByText(ADMINISTRATIVE.body).count()).toBe(0);
    await context.close();
  });

  it("asks before a draft is lost", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { page, context, complaints } = await watchedPage(browser, host);
    await openThread(page, host, patient, link);
    await page.locator("#body").pressSequentially("unfinished");

    await page.getByRole("link", { name: "Settings" }).click();

    await expect.poll(() => complaints.some((each) => each.startsWith("dialog"))).toBe(true);
    expect(await page.locator("#body").inputValue()).toBe("unfinished");
    await context.close();
  });
});

describe("what must be seen at once", () => {
  it("whom to call stands in full view after a reply that hints at self-harm, and has the focus", async () => {
    const { page, answer } = await conversation();
    for (let count = 0; count < 4; count += 1) {
      await answer("Please bring the form that we gave you at the desk. ".repeat(8));
    }
    await page.reload();
    await page.locator("#body").fill("I want to kill myself");

    await button(page, "Send").click();

    const call = page.locator('#urgent a[href="tel:988"]');
    await call.waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("urgent");
    const box = await call.boundingBox();
    const reply = await page.locator("#reply").boundingBox();
    const header = await page.locator("#top").boundingBox();
    expect(box?.y ?? 0).toBeGreaterThan((header?.y ?? 0) + (header?.height ?? 0));
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(reply?.y ?? 0);
    await picture(page, "script-urgent");
  });

  it("a message that arrives below the fold is offered, and shown on the press of a button", async () => {
    const { page, answer } = await conversation();
    for (let count = 0; count < 4; count += 1) {
      await answer("Please bring the form that we gave you at the desk. ".repeat(8));
    }
    await page.reload();
    await page.evaluate("scrollTo(0, 0)");
    await answer("The office closes early today.");

    await page.clock.runFor(11_000);
    const offer = button(page, "New message ↓");
    await offer.waitFor();
    await offer.click();

    await expect.poll(() => page.getByText("The office closes early today.").isVisible()).toBe(true);
    expect(await offer.isVisible()).toBe(false);
    expect(await page.evaluate("scrollY")).toBeGreaterThan(0);
  });
});
