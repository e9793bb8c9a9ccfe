import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import type { LocalHost } from "../support/host.ts";
import {
  consentingPatient,
  newestText,
  sendLink,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";

/** Outside of the project, and written over by the next run: pictures are there to be looked at. */
const pictures = join(tmpdir(), "foundphone-pictures");
/** Longer than it takes the page to look again. */
const LOOKED_AGAIN_MS = 2500;
const PRACTICE_SIZE = { width: 1280, height: 800 };
const DEMO_NUMBER = "+12125550102";
const DEMO_NAME = "Desmond Okafor";

let host: LocalHost;
let browser: Browser;
let patient: TestPatient;
let link: string;
beforeAll(async () => {
  [host, browser] = await Promise.all([startPractice(), launchBrowser()]);
  patient = await consentingPatient(host);
  link = await sendLink(host, patient, { subject: "Your results" });
});
afterAll(async () => {
  await browser.close();
  await host.stop();
});

type Opened = { readonly page: Page; readonly complaints: string[]; close(): Promise<void> };

async function open(path: string, viewport = PRACTICE_SIZE): Promise<Opened> {
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== host.base) complaints.push(`elsewhere: ${request.url()}`);
  });
  await page.goto(`${host.base}/_local${path}`);
  return { page, complaints, close: () => context.close() };
}

const written = (number: string) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/u, "($1) $2-$3");
const conversation = (page: Page) => page.getByRole("log", { name: "Texts" });
const title = (page: Page, name: string) => page.getByRole("heading", { level: 2, name, exact: true });
const textThePractice = (from: string, body: string) => host.local("POST", "/texts", { from, body });
// Scripts for the page are text: the project's own types know no browser.
const overflow = (page: Page) =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

describe.each([
  [390, 844],
  [1280, 800],
])("the phone simulator at %i pixels", (width, height) => {
  it("opens the newest conversation and shows it as a phone does", async () => {
    const reply = `Thank you, seen at ${String(width)}`;
    await textThePractice(patient.mobilePhone, reply);
    const { page, complaints, close } = await open("/phone", { width, height });

    await title(page, written(patient.mobilePhone)).waitFor();
    const texts = conversation(page);
    await texts.getByRole("link", { name: link }).waitFor();
    const left = await texts.getByRole("link", { name: link }).boundingBox();
    const right = await texts.getByText(reply).boundingBox();
    expect(right?.x).toBeGreaterThan(left?.x ?? Number.POSITIVE_INFINITY);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: join(pictures, `phone-${String(width)}.png`), fullPage: true });
    expect(complaints).toEqual([]);
    await close();
  });
});

describe("the phone simulator", () => {
  it("reports of a text what is chosen, with the keyboard alone", async () => {
    const { page, complaints, close } = await open(
      `/phone?number=${encodeURIComponent(patient.mobilePhone)}`,
    );
    const menu = conversation(page).getByText("What the carrier reports").last();
    await menu.waitFor();
    for (const [label, status] of [
      ["Blocked", "BLOCKED"],
      ["Pending", "PENDING"],
      ["Delivered", "DELIVERED"],
    ] as const) {
      await menu.focus();
      await page.keyboard.press("Enter");
      const choice = conversation(page).getByRole("button", { name: label, exact: true });
      await choice.waitFor();
      for (let step = 0; step < 14 && !(await isFocused(page, label)); step += 1)
        await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByText(`Reported: ${label}.`).waitFor();

      expect(await choice.isVisible()).toBe(false);
      expect(await isFocused(page, "What the carrier reports")).toBe(true);
      expect((await newestText(host, patient)).status).toBe(status);
      await conversation(page).getByText(`· ${label}`).last().waitFor();
    }
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    expect(await conversation(page).getByRole("button").first().isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await close();
  });

  it("keeps typed text, focus, selection, scroll position and an open menu while texts arrive", async () => {
    for (let count = 0; count < 12; count += 1)
      await textThePractice(patient.mobilePhone, `Line ${String(count)}`);
    const { page, close } = await open(`/phone?number=${encodeURIComponent(patient.mobilePhone)}`);
    const texts = conversation(page);
    await texts.getByText("Line 11").waitFor();
    await texts.getByText("What the carrier reports").first().click();
    await page.getByLabel("Reply", { exact: true }).fill("Half a sentence");
    await page.evaluate(
      'document.getElementById("bubbles").scrollTop = 40; document.getElementById("body").setSelectionRange(5, 9)',
    );
    const state = () =>
      page.evaluate(`({
        active: document.activeElement.id,
        typed: document.getElementById("body").value,
        selected: [document.getElementById("body").selectionStart, document.getElementById("body").selectionEnd],
        scrolled: document.getElementById("bubbles").scrollTop,
        menus: document.querySelectorAll("details[open]").length,
      })`);
    const before = await state();
    await textThePractice(patient.mobilePhone, "One more line");
    await textThePractice(DEMO_NUMBER, "From another phone");
    await texts.getByText("One more line").waitFor({ state: "attached" });
    await page.waitForTimeout(LOOKED_AGAIN_MS);

    expect(before).toEqual({
      active: "body",
      typed: "Half a sentence",
      selected: [5, 9],
      scrolled: 40,
      menus: 1,
    });
    expect(await state()).toEqual(before);
    const other = page.getByRole("button", { name: new RegExp(DEMO_NAME, "u") });
    expect(await other.textContent()).toContain("new");

    await page.evaluate("getSelection().selectAllChildren(document.querySelector('.bubble'))");
    const selected = await page.evaluate<string>("String(getSelection())");
    await textThePractice(patient.mobilePhone, "And another");
    await texts.getByText("And another").waitFor({ state: "attached" });
    expect(selected.length).toBeGreaterThan(10);
    expect(await page.evaluate("String(getSelection())")).toBe(selected);

    await other.click();
    await texts.getByText("From another phone").waitFor();
    expect(await page.getByLabel("Reply", { exact: true }).inputValue()).toBe("");
    await page.getByRole("button", { name: written(patient.mobilePhone) }).click();
    expect(await page.getByLabel("Reply", { exact: true }).inputValue()).toBe("Half a sentence");
    await close();
  });

  it("lets a phone that nobody texted write first, with the keyboard alone", async () => {
    const { page, close } = await open("/phone");
    await page.getByRole("button", { name: "New phone" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("555-0177");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Write it as").waitFor();
    await page.getByLabel("Number of the new phone").fill("(202) 555-0177");
    await page.keyboard.press("Enter");
    await title(page, "(202) 555-0177").waitFor();
    await page.keyboard.type("Is this the office?");
    await page.keyboard.press("Enter");
    await conversation(page).getByText("Is this the office?").waitFor();
    await page.getByRole("button", { name: "HELP", exact: true }).click();
    await conversation(page).getByText("HELP").waitFor();

    const { body } = await host.local("GET", "/replies");
    const { items } = body as { readonly items: readonly { readonly from: string; readonly body: string }[] };
    const written = items.filter(({ from }) => from === "+12025550177").map((reply) => reply.body);
    expect(written).toEqual(["Is this the office?", "HELP"]);
    expect(await page.getByLabel("Reply", { exact: true }).inputValue()).toBe("");
    await close();
  });

  it("tells the carrier to say nothing from now on, and shows what it was told elsewhere", async () => {
    const { page, close } = await open("/phone");
    await page.getByLabel("What the carrier does by itself").selectOption("nothing");
    await page.getByText("Says nothing.").waitFor();
    expect((await host.local("GET", "/carrier")).body).toEqual({ answers: "nothing" });

    await host.local("POST", "/carrier", { answers: "delivered" });
    await page.getByRole("heading", { level: 1 }).click();
    await expect
      .poll(() => page.getByLabel("What the carrier does by itself").inputValue(), { timeout: 10_000 })
      .toBe("delivered");
    await close();
  });
});

describe("the mailbox", () => {
  it("is a page for who opens it, and JSON for who reads it", async () => {
    const { page, complaints, close } = await open("/emails", { width: 390, height: 844 });
    await page.getByText("No e-mail was sent.").waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    expect((await host.local("GET", "/emails")).body).toEqual({ items: [] });
    await close();
  });
});

describe("the addresses behind the pages", () => {
  it.each([
    ["/texts", { from: "+12025550177", body: "x", inboundMessageId: "no uuid" }, 400, "/inboundMessageId"],
    ["/carrier", { answers: "perhaps" }, 400, "/answers"],
    ["/emails/none/events", { eventType: "Open" }, 400, "/eventType"],
    ["/emails/none/events", { eventType: "Bounce", bounceType: "Soft" }, 400, "/bounceType"],
    ["/emails/none/events", { eventType: "Bounce", bounceType: "Transient" }, 404, undefined],
  ])("%s refuses %o with %i", async (path, body, status, pointer) => {
    const answer = await host.local("POST", path, body);
    expect(answer.status).toBe(status);
    expect((answer.body as { readonly pointer?: string }).pointer).toBe(pointer);
  });

  it("takes a text again under its id, and keeps it once", async () => {
    const text = {
      from: "+12025550178",
      body: "YES",
      inboundMessageId: "6a8c3f1e-2b4d-4e6f-8a1b-3c5d7e9f1a2b",
    };
    const answers = [await host.local("POST", "/texts", text), await host.local("POST", "/texts", text)];
    const { body } = await host.local("GET", "/replies");
    const { items } = body as { readonly items: readonly { readonly id: string }[] };

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(items.filter(({ id }) => id === text.inboundMessageId)).toHaveLength(1);
  });
});

async function isFocused(page: Page, text: string): Promise<boolean> {
  return (await page.evaluate<string>("document.activeElement.textContent")) === text;
}
