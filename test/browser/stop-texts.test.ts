import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import type { LocalHost } from "../support/host.ts";
import {
  codeIn,
  consentingPatient,
  expecting,
  newestText,
  postMessage,
  sendEmailedLink,
  sendLink,
  startPractice,
} from "../support/practice.ts";

let host: LocalHost;
let browser: Browser;
beforeAll(async () => {
  [host, browser] = await Promise.all([startPractice(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await host.stop();
});

it("a patient stops all texts in two steps without script, and the page says so", async () => {
  const patient = await consentingPatient(host);
  const link = await sendLink(host, patient);
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel("Date of birth").fill("04/12/1980");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("6-digit code").fill(codeIn(await newestText(host, patient)));
  await page.getByRole("button", { name: "Continue" }).click();

  const confirm = page.getByRole("button", { name: "Yes, stop all texts" });
  await page.getByText("Stop all texts", { exact: true }).waitFor();
  expect(await confirm.isVisible()).toBe(false);
  await page.getByText("Stop all texts", { exact: true }).click();
  await confirm.click();
  await page.getByText("We do not text you.").waitFor();

  expect(await confirm.count()).toBe(0);
  expect(new URL(page.url()).hash).toBe("#texts");
  expect((await postMessage(host, patient)).status).toBe(409);
  await context.close();
});

it("a patient stops e-mails by the button of the page that a mail links to", async () => {
  const email = "given.family@example.com";
  const patient = await consentingPatient(host, { email });
  const consents = `/patients/${patient.id}/consents`;
  const link = await sendEmailedLink(host, patient, email);
  const page = await browser.newPage({ javaScriptEnabled: false });

  await page.goto(`${link}/unsubscribe`);
  await page.getByRole("button", { name: "Stop all emails" }).click();
  await page.getByRole("heading", { name: "We will not email you any more" }).waitFor();

  const { state } = await expecting(200, host.api("GET", consents, undefined, "frontdesk"));
  expect(state).toContainEqual(expect.objectContaining({ channel: "email", decision: "revoked" }));
  await page.close();
});
