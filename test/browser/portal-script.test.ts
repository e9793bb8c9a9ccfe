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
    await page.locator("#saved").waitFor();
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
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1) ?? ""));
    for (let count = 0; count < 3; count += 1) {
      const answered = page.waitForResponse(/version$/u);
      await page.clock.runFor(10_500);
      await answered;
    }

    expect(asked).toEqual(["version", "version", "version"]);
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
    await said.getByText("Your message was not sent.").waitFor();
    expect(await page.locator("#body").inputValue()).toBe("Is Tuesday fine too?");
    await picture(page, "script-not-sent");
    await context.setOffline(false);
    await button(page, "Send").click();
    await said.getByText("Message sent").waitFor();
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

    await idleFor(page, 10.1);
    await page.clock.runFor(2000);
    await page.getByLabel("Date of birth").waitFor();
    await host.settled();

    await page.goBack();
    await page.waitForLoadState();
    expect(await page.getByText(ADMINISTRATIVE.body).count()).toBe(0);
    await page.goto(`${link}/thread`);
    await page.getByLabel("Date of birth").waitFor();
    expect(await page.getByText("unfinished").count()).toBe(0);
    await context.close();
  });

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
