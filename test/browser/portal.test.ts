import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import type { LocalHost } from "../support/host.ts";
import {
  CLINICAL_BODY,
  codeIn,
  consentingPatient,
  linkIn,
  newestText,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";

const PRACTICE_NAME = "Riverside Office";
const NARROWEST = { width: 320, height: 568 };
/** Outside of the project, and written over by the next run: pictures are there to be looked at. */
const pictures = join(tmpdir(), "foundphone-pictures");

let host: LocalHost;
let browser: Browser;
beforeAll(async () => {
  [host, browser] = await Promise.all([startPractice(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await host.stop();
});

/** A page with everything that went wrong in it. */
type WatchedPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Requests to anywhere but the host, requests that failed, console errors, script errors. */
  readonly complaints: string[];
};

async function watchedPage(options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", ({ message }) => complaints.push(`script: ${message}`));
    page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== host.base) complaints.push(`elsewhere: ${request.url()}`);
    });
  });
  return { page: await context.newPage(), context, complaints };
}

const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

// Scripts for the page are text: the project's own types know no browser.
const overflow = (page: Page) =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

async function patientWithLink(): Promise<{ readonly patient: TestPatient; readonly link: string }> {
  const patient = await consentingPatient(host);
  return { patient, link: await sendLink(host, patient, { subject: "Your results" }) };
}

const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();

describe.each([
  [390, 844],
  [1280, 800],
])("the patient's way at %i pixels", (width, height) => {
  it("leads from the link over date and code to the message, and the lock leads back", async () => {
    const { patient, link } = await patientWithLink();
    const { page, complaints } = await watchedPage({ viewport: { width, height } });

    await page.goto(link);
    expect(await page.title()).toBe(PRACTICE_NAME);
    expect(await heading(page)).toBe("Confirm it’s you");
    expect(await page.getByText("That did not work").isVisible()).toBe(false);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await picture(page, `${String(width)}-1-neutral`);

    await page.getByLabel("Date of birth").fill("04/13/1980");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("That did not work").waitFor();
    expect(await page.getByLabel("Date of birth").inputValue()).toBe("");
    await picture(page, `${String(width)}-2-failed`);

    await page.getByLabel("Date of birth").fill("04/12/1980");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("6-digit code").waitFor();
    expect(await page.title()).toBe(PRACTICE_NAME);
    await picture(page, `${String(width)}-3-code`);

    await page.getByLabel("6-digit code").fill(codeIn(await newestText(host, patient)));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText(CLINICAL_BODY).waitFor();
    expect(await page.title()).toBe(PRACTICE_NAME);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await picture(page, `${String(width)}-4-thread`);

    await page.getByRole("button", { name: "Lock" }).click();
    await page.getByLabel("Date of birth").waitFor();
    await page.goBack();
    expect(await page.getByText(CLINICAL_BODY).isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe("the portal's pages", () => {
  it("can be walked through with the keyboard alone", async () => {
    const { patient, link } = await patientWithLink();
    const { page } = await watchedPage({ viewport: { width: 1280, height: 800 } });
    const tabTo = async (name: string) => {
      for (let count = 0; count < 15; count += 1) {
        const focused = await page.evaluate<string>(
          "(document.activeElement.labels?.[0] ?? document.activeElement).textContent",
        );
        if (focused.trim() === name) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`The key Tab does not lead to ${name}.`);
    };

    await page.goto(link);
    await tabTo("Date of birth");
    const ring = await page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle");
    expect(ring).not.toBe("none");
    await page.keyboard.type("4/12/1980");
    await page.keyboard.press("Enter");
    await page.getByLabel("6-digit code").waitFor();
    // The field has the focus already: the code can be typed at once.
    await page.keyboard.type(codeIn(await newestText(host, patient)));
    await page.keyboard.press("Enter");
    await page.getByText(CLINICAL_BODY).waitFor();
    await tabTo("Lock");
    await page.keyboard.press("Enter");
    await page.getByLabel("Date of birth").waitFor();
    expect(await heading(page)).toBe("Confirm it’s you");
    await page.context().close();
  });

  it("fit a screen of 320 pixels, also in Spanish, with long words and with many messages", async () => {
    const patient = await consentingPatient(host, { language: "es" });
    const long = `Metformin ${"Donaudampfschifffahrt".repeat(12)}`;
    const { threadId } = await sendMessage(host, patient, { body: long, subject: "x".repeat(200) });
    for (let count = 0; count < 3; count += 1) await sendMessage(host, patient, { threadId });
    const link = linkIn(await newestText(host, patient));
    const { page, complaints } = await watchedPage({ viewport: NARROWEST, locale: "es-US" });

    await page.goto(link);
    expect(await heading(page)).toBe("Confirme que es usted");
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByLabel("Fecha de nacimiento").fill("04121980");
    await page.getByRole("button", { name: "Continuar" }).click();
    await page.getByLabel("Clave de 6 dígitos").waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByLabel("Clave de 6 dígitos").fill(codeIn(await newestText(host, patient)));
    await page.getByRole("button", { name: "Continuar" }).click();
    await page.getByText(CLINICAL_BODY).first().waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await picture(page, "320-thread-spanish");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([390, 1280])("show what the patient texted on the patient's side at %i pixels", async (width) => {
    const { patient, link } = await patientWithLink();
    const reply = { from: patient.mobilePhone, body: "Thank you, should I take it before I eat?" };
    await host.local("POST", "/texts", reply);
    await host.settled();
    const { page, complaints } = await watchedPage({ viewport: { width, height: 844 } });

    await page.goto(link);
    await page.getByLabel("Date of birth").fill("04/12/1980");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("6-digit code").fill(codeIn(await newestText(host, patient)));
    await page.getByRole("button", { name: "Continue" }).click();
    const [practice, own] = [CLINICAL_BODY, reply.body].map((words) =>
      page.getByRole("article").filter({ hasText: words }),
    );
    await own?.waitFor();
    await picture(page, `${String(width)}-reply`);

    const rightEdge = async (article: typeof own) => {
      const box = await article?.boundingBox();
      return (box?.x ?? 0) + (box?.width ?? 0);
    };
    expect(await own?.textContent()).toContain("You · by text");
    expect(await practice?.textContent()).toContain(PRACTICE_NAME);
    expect(await rightEdge(own)).toBeGreaterThan(await rightEdge(practice));
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("need no script", async () => {
    const { patient, link } = await patientWithLink();
    const { page } = await watchedPage({ javaScriptEnabled: false });

    await page.goto(link);
    await page.getByLabel("Date of birth").fill("1980-04-12");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("6-digit code").fill(codeIn(await newestText(host, patient)));
    await page.getByRole("button", { name: "Continue" }).click();

    await page.getByText(CLINICAL_BODY).waitFor();
    expect(await page.title()).toBe(PRACTICE_NAME);
    await page.context().close();
  });

  it("keep the session from other pages of the browser, and nothing on the device", async () => {
    const { patient, link } = await patientWithLink();
    const { page, context } = await watchedPage();
    await page.goto(link);
    await page.getByLabel("Date of birth").fill("04/12/1980");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("6-digit code").fill(codeIn(await newestText(host, patient)));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText(CLINICAL_BODY).waitFor();

    const [session, ...others] = (await context.cookies()).filter(({ value }) => value !== "");
    expect(session).toMatchObject({
      name: "__Host-session",
      httpOnly: true,
      secure: true,
      sameSite: "Strict",
      expires: -1,
    });
    expect(others).toEqual([]);
    const stored = await page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]");
    expect(stored).toEqual(["", 0, 0]);
    await context.close();
  });
});

describe("the local host's own pages", () => {
  it("show the text on the phone, and its link opens the portal", async () => {
    const { patient, link } = await patientWithLink();
    const { page, context, complaints } = await watchedPage({ viewport: { width: 1280, height: 800 } });

    await page.goto(`${host.base}/_local/phone?number=${encodeURIComponent(patient.mobilePhone)}`);
    const text = page.getByRole("log", { name: "Texts" }).getByRole("link", { name: link });
    await text.waitFor();
    await picture(page, "local-phone");
    const [opened] = await Promise.all([context.waitForEvent("page"), text.click()]);
    await opened.getByLabel("Date of birth").waitFor();

    expect(await opened.title()).toBe(PRACTICE_NAME);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lead from the start page to the phone and to the staff's sign-in codes", async () => {
    const { page, complaints } = await watchedPage({ viewport: { width: 1280, height: 800 } });

    await page.goto(`${host.base}/_local`);
    await picture(page, "local-start");
    for (const user of ["frontdesk", "clinician", "compliance", "admin", "auditor"])
      expect(await page.getByText(`${user}@practice.example`).isVisible()).toBe(true);
    await page.getByRole("link", { name: /phone/iu }).first().click();
    await page.getByRole("heading", { name: "Phones" }).waitFor();

    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
