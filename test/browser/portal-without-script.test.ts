import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import type { LocalHost } from "../support/host.ts";
import { openThread, picture, smallPhoto, stateBirthDate, watchedPage } from "../support/portal-browser.ts";
import {
  CLINICAL_BODY,
  consentingPatient,
  linkIn,
  newestText,
  postMessage,
  sendLink,
  sendMessage,
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

const ADMINISTRATIVE = { body: "A form is waiting for you.", minimumTier: 2 };
const plainPage = () =>
  watchedPage(browser, host, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

describe("without script, a patient", () => {
  it("reads, answers, sees the answer of the practice by asking for it, and locks", async () => {
    const patient = await consentingPatient(host);
    const { threadId } = await sendMessage(host, patient);
    const link = linkIn(await newestText(host, patient));
    const { page, context, complaints } = await plainPage();
    await openThread(page, host, patient, link);
    await page.getByText(CLINICAL_BODY).waitFor();

    await button(page, "Send").click();
    await page.getByText("Please write a message first.").waitFor();
    await page.getByLabel("Your message").fill("Shall I take it before I eat?");
    await button(page, "Send").click();
    const own = page.getByRole("article").filter({ hasText: "Shall I take it before I eat?" });
    await own.waitFor();
    expect(await own.textContent()).toContain("Sent");
    expect(await page.getByLabel("Your message").inputValue()).toBe("");
    await page.reload();
    expect(await own.count()).toBe(1);

    await sendMessage(host, patient, { threadId, body: "With your breakfast, please." });
    await page.getByRole("link", { name: "Check for new messages" }).click();
    await page.getByText("With your breakfast, please.").waitFor();
    await picture(page, "bare-conversation");

    await button(page, "Lock").click();
    await page.getByLabel("Date of birth").waitFor();
    await page.goto(`${link}/thread`);
    expect(await page.getByText(CLINICAL_BODY).count()).toBe(0);
    expect(complaints.filter((each) => !each.includes("422"))).toEqual([]);
    await context.close();
  });

  it("adds a photo in two steps and sends it with a reply, or takes it away", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context } = await plainPage();
    await stateBirthDate(page, link);

    const upload = async (name: string) => {
      await page.getByLabel("A name for it").fill(name);
      await page.getByLabel("Screenshot or picture").check();
      await button(page, "Continue").click();
      await page.getByLabel("Choose the file").setInputFiles({
        name: "IMG_0001.png",
        mimeType: "image/png",
        buffer: smallPhoto(),
      });
      // The bucket answers with no content: the page stays, and its link goes on.
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await button(page, "Upload").click();
      expect((await answered).status()).toBe(204);
      await host.settled();
      await page.getByRole("link", { name: "Check if they are ready" }).click();
      await page.getByText("ready", { exact: false }).first().waitFor();
    };

    await page.getByRole("link", { name: "Add a photo or PDF" }).click();
    await upload("Insurance card");
    await upload("By mistake");
    await picture(page, "bare-upload-ready");
    await button(page, "Take away By mistake.png").click();
    await page.getByText("By mistake.png").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Back to messages" }).click();
    await page.getByLabel("Your message").fill("Here is my card.");
    await button(page, "Send").click();
    const own = page.getByRole("article").filter({ hasText: "Here is my card." });
    await own.getByRole("link", { name: /Insurance card/u }).waitFor();
    await expect.poll(() => page.evaluate("document.querySelector('.own img').naturalWidth")).toBe(96);
    await picture(page, "bare-photo-sent");
    await own.getByRole("link", { name: /Insurance card/u }).click();
    await page.waitForURL(/checked/u);
    expect(await page.locator("img").count()).toBe(1);
    await context.close();
  });

  it("sets language, quiet hours and a PIN, and opens the next link with the PIN", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context } = await plainPage();
    await stateBirthDate(page, link);
    await page.getByRole("link", { name: "Settings" }).click();

    await page.getByLabel("From", { exact: true }).fill("20:00");
    await page.getByLabel("To", { exact: true }).fill("10:00");
    const section = (title: string) => page.locator("section").filter({ hasText: title });
    await section("Quiet hours").getByRole("button", { name: "Save" }).click();
    await page.locator("#saved-quiet-hours").waitFor();
    expect(await page.getByText("Saved", { exact: true }).filter({ visible: true }).count()).toBe(1);
    expect(await page.getByLabel("From", { exact: true }).inputValue()).toBe("20:00");
    await page.getByLabel("New PIN", { exact: true }).fill("482915");
    await page.getByLabel("New PIN once more").fill("482916");
    await section("Set a PIN").getByRole("button", { name: "Save" }).click();
    await page.getByText("The two PINs are not the same.").waitFor();
    await page.getByLabel("New PIN", { exact: true }).fill("482915");
    await page.getByLabel("New PIN once more").fill("482915");
    await section("Set a PIN").getByRole("button", { name: "Save" }).click();
    await button(page, "Remove my PIN").waitFor();
    await page.getByLabel("Español").check();
    await section("Language").getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Sus ajustes" }).waitFor();
    await button(page, "Bloquear").click();

    await page.goto(`${link}?lang=en`);
    await page.getByText("I use a PIN").click();
    await page.getByLabel("Your PIN").fill("482915");
    await button(page, "Continue with PIN").click();
    await page.getByText(ADMINISTRATIVE.body).waitFor();
    await context.close();
  });

  it("turns a purpose on with three boxes that are there where they are needed, and nothing ticked is lost", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context } = await plainPage();
    await stateBirthDate(page, link);
    await page.getByRole("link", { name: "Settings" }).click();
    const bills = page.getByLabel("Texts Bills and payments");
    const first = page.getByLabel("I know that texts and emails are not fully secure.");

    expect(await first.isVisible()).toBe(false);
    await bills.check();
    await first.check();
    await button(page, "Save").first().click();
    await page.getByText("Not turned on yet.").waitFor();
    expect(await bills.isChecked()).toBe(true);
    expect(await first.isChecked()).toBe(true);
    await picture(page, "bare-consents-kept");
    await page.getByLabel("The phone number and email that you have are mine.").check();
    await page.getByLabel("I know that I can stop this at any time.").check();
    await button(page, "Save").first().click();
    await page.locator("#saved-consents").waitFor();
    expect(await bills.isChecked()).toBe(true);
    expect(await first.isVisible()).toBe(false);
    await context.close();
  });

  it("stops all texts from the settings", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context } = await plainPage();
    await stateBirthDate(page, link);
    await page.getByRole("link", { name: "Settings" }).click();

    await page.locator("summary", { hasText: "Stop all texts" }).click();
    await button(page, "Yes, stop all texts").click();
    await page.getByText("We do not text you.").first().waitFor();

    expect((await postMessage(host, patient)).status).toBe(409);
    await context.close();
  });

  it("asks for a new link, and the new one opens", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context } = await plainPage();
    await page.goto(link);

    await page.getByText("My link does not work").click();
    await button(page, "Send me a new link").click();
    await page.getByRole("heading", { name: "Check your phone" }).waitFor();

    const newer = linkIn(await newestText(host, patient));
    expect(newer).not.toBe(link);
    await stateBirthDate(page, newer);
    await page.getByText(ADMINISTRATIVE.body).waitFor();
    await context.close();
  });

  it("who is somebody else says so, and the link opens for nobody any more", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context } = await plainPage();
    await page.goto(link);

    await page.getByText("This is not meant for me").click();
    // One press by mistake ends nothing.
    await button(page, "I am not this person").click();
    await page.getByLabel("Yes, this text was not for me.").check();
    await button(page, "I am not this person").click();
    await page.getByRole("heading", { name: "Thank you for telling us" }).waitFor();

    await stateBirthDate(page, link);
    await page.getByText("That did not work").waitFor();
    expect((await postMessage(host, patient)).status).toBe(409);
    await context.close();
  });

  it("leaves at once for a page that everybody looks at", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context } = await plainPage();
    await page.route("https://www.weather.gov/**", (route) => route.fulfill({ body: "Sunny" }));
    await stateBirthDate(page, link);

    await button(page, "Leave now").click();
    await page.waitForURL("https://www.weather.gov/**");

    expect(await context.cookies(host.base)).toEqual([]);
    await page.goto(`${link}/thread`);
    await page.getByLabel("Date of birth").waitFor();
    await context.close();
  });
});
