import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import type { LocalHost } from "../support/host.ts";
import {
  clippedText,
  openThread,
  overflow,
  picture,
  SMALL_PDF,
  smallPhoto,
  staffFile,
  stateBirthDate,
  watchedPage,
} from "../support/portal-browser.ts";
import {
  CLINICAL_BODY,
  consentingPatient,
  consentToEmail,
  expecting,
  linkIn,
  newestText,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
  wrongCode,
} from "../support/practice.ts";

const LANGUAGES = ["en", "es"] as const;
const NOBODYS_TOKEN = "A".repeat(44);
/** Each as axe-core looks at it, so that every width and both colour schemes are seen. */
const LOOKS = [
  { width: 320, height: 640, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
  { width: 1280, height: 800, colorScheme: "light" },
] as const;
/** 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10). */
const ZOOMED = { width: 320, height: 256 };
/** WCAG 2.2, 1.4.12. */
const WIDE_SPACING =
  "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }";
const NOTHING_STICKS = ".stay, .reply { position: static !important }";

let host: LocalHost;
let browser: Browser;
beforeAll(async () => {
  [host, browser] = await Promise.all([startPractice(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await host.stop();
});

/** Does something under a style that is added not by an element: the policy of our pages lets no other one in. */
async function withStyle(page: Page, style: string, look: () => Promise<void>): Promise<void> {
  const sheets = "document.adoptedStyleSheets";
  await page.evaluate(
    `${sheets}.push(new CSSStyleSheet()); ${sheets}[0].replaceSync(${JSON.stringify(style)})`,
  );
  await look();
  await page.evaluate(`${sheets}.pop()`);
}

/** Looks at a page as it is now in every size, both colour schemes, zoomed, widely spaced and in forced colours. */
async function faultsOf(page: Page, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  const tell = (look: string, faults: readonly string[]) => {
    found.push(...faults.map((fault) => `${name}, ${look}: ${fault}`));
  };
  const tooWide = async () => {
    const pixels = await overflow(page);
    return pixels > 0 ? [`${String(pixels)} pixels too wide`] : [];
  };
  for (const { width, height, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const look = `${String(width)} ${colorScheme}`;
    // What a bar covers depends on how far the page is scrolled: the keyboard's tests look at that.
    await withStyle(page, NOTHING_STICKS, async () => {
      tell(look, [...(await violations(page)), ...(await tooWide())]);
    });
    await picture(page, `${name}-${String(width)}`);
  }
  await page.setViewportSize(ZOOMED);
  tell("400 %", [...(await tooWide()), ...(await clippedText(page)), ...(await outOfReach(page))]);
  await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
  tell("forced colours", await invisibleControls(page));
  await page.emulateMedia({ forcedColors: "none" });
  await withStyle(page, WIDE_SPACING, async () => {
    tell("wide spacing", [...(await tooWide()), ...(await clippedText(page))]);
  });
  return found;
}

/** Controls that scrolling does not bring into a small window, or that something else covers there. */
function outOfReach(page: Page): Promise<readonly string[]> {
  return page.evaluate<
    readonly string[]
  >(`[...document.querySelectorAll("a[href], button, input, textarea, summary")]
    .filter((item) => item.checkVisibility({ visibilityProperty: true }) && !item.closest("[inert], .hidden"))
    .filter((item) => {
      item.scrollIntoView({ block: "center" });
      const { left, right, top, bottom } = item.getBoundingClientRect();
      const seen = document.elementFromPoint((left + right) / 2, Math.min((top + bottom) / 2, innerHeight - 2));
      return !(seen && (item.contains(seen) || seen.contains(item) || seen.closest("label")?.contains(item)));
    })
    .map((item) => "out of reach: " + item.outerHTML.slice(0, 120))`);
}

/** Controls that have neither a border nor words or signs in another colour than what is behind them. */
function invisibleControls(page: Page): Promise<readonly string[]> {
  return page.evaluate<
    readonly string[]
  >(`[...document.querySelectorAll("a[href], button, input, textarea, summary")]
    .filter((item) => item.checkVisibility() && !["radio", "checkbox", "hidden"].includes(item.type))
    .filter((item) => {
      const { borderTopWidth, borderTopColor, color, backgroundColor } = getComputedStyle(item);
      const ground = getComputedStyle(document.body).backgroundColor;
      const bordered = parseFloat(borderTopWidth) > 0 && borderTopColor !== ground;
      const written = color !== backgroundColor && color !== ground;
      return ["INPUT", "TEXTAREA"].includes(item.tagName) ? !bordered : !written;
    })
    .map((item) => "not seen: " + item.outerHTML.slice(0, 120))`);
}

const pageFor = (options: BrowserContextOptions = {}) => watchedPage(browser, host, options);

/** A page of the same session whose own script never arrives: axe-core is a script itself, so scripts stay on. */
async function scriptlessPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.route("**/m/**", async (route) => {
    if (route.request().method() !== "GET" || route.request().resourceType() !== "document") {
      await route.continue();
      return;
    }
    const response = await route.fetch();
    const html = (await response.text()).replace(/<script>[\s\S]*<\/script>/u, "");
    await route.fulfill({ response, body: html });
  });
  return page;
}

describe.each(LANGUAGES)("in %s, everybody can use", (language) => {
  const audit = async (page: Page, name: string) => {
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    return faultsOf(page, `${name}-${language}`);
  };
  const visit = (page: Page, path: string) => page.goto(new URL(`${path}?lang=${language}`, host.base).href);

  it("the pages before the proof, which have no script", async () => {
    const { page, context } = await pageFor();
    const neutral = `/m/${NOBODYS_TOKEN}`;
    const faults: string[] = [];
    const look = async (name: string) => {
      faults.push(...(await audit(page, name)));
      expect(await page.locator("script").count()).toBe(0);
    };
    const unfold = (index: number) => page.locator("summary").nth(index).click();

    await visit(page, neutral);
    await look("first");
    for (const index of [0, 1, 2]) await unfold(index);
    await look("first-open");
    await page.locator('button[value="new-link"]').click();
    await look("new-link");
    await visit(page, neutral);
    await unfold(2);
    await page.locator('button[value="wrong-person"]').click();
    await look("wrong-person");
    await visit(page, neutral);
    await page.locator("#birthDate").fill("01/01/1999");
    await page.locator("main form button").first().click();
    await page.locator("#tried").waitFor();
    await look("failed");
    await visit(page, "/m/real");
    await look("real");
    await visit(page, `${neutral}/unsubscribe`);
    await look("unsubscribe");
    await page.locator("main button").click();
    await look("unsubscribed");
    await visit(page, `${neutral}/attachments/nothing`);
    await look("error");

    expect(faults).toEqual([]);
    await context.close();
  });

  it("the code, the hold, and what is said when something of ours fails", async () => {
    const patient = await consentingPatient(host, { language });
    const link = await sendLink(host, patient);
    const { page, context } = await pageFor({ locale: `${language}-US` });
    const faults: string[] = [];
    const look = async (name: string) => {
      faults.push(...(await audit(page, name)));
    };

    await stateBirthDate(page, link);
    await page.locator("#code").waitFor();
    await look("code");
    await page.locator("#code").fill(wrongCode(await newestText(host, patient)));
    await page.locator("main form button").first().click();
    await page.locator("#codeProblem").waitFor();
    await look("code-wrong");
    const outage = { when: "before", kind: "throttle", times: 50 };
    const order = { function: "portal", service: "dynamodb", action: "BatchGetItem", ...outage };
    await expecting(200, host.local("POST", "/faults", order));
    await stateBirthDate(page, link);
    await page.getByRole("heading", { name: /try again later|Intente más tarde/u }).waitFor();
    await look("unavailable");
    await expecting(200, host.local("DELETE", "/faults"));

    const changed = await consentingPatient(host, { language, birthDate: "1980-04-13" });
    await host.api("PATCH", `/patients/${changed.id}`, { birthDate: "1980-04-12" }, "frontdesk");
    const { threadId } = await sendMessage(host, changed, { body: "A form is waiting.", minimumTier: 2 });
    await stateBirthDate(page, linkIn(await newestText(host, changed)));
    await page.locator("#talk").waitFor();
    await sendMessage(host, changed, { threadId });
    await page.reload();
    await page.locator('[name="stepUp"]').click();
    await page.getByRole("heading", { name: /come back tomorrow|Vuelva mañana/u }).waitFor();
    await look("held");

    expect(faults).toEqual([]);
    await context.close();
  });
});

describe("everybody can use what stands outside of the pages", () => {
  it("what AWS answers before the portal is asked, in both languages at once", async () => {
    const { page, context, complaints } = await pageFor();

    await page.goto(`${host.base}/m/${NOBODYS_TOKEN}/nothing`);

    expect(await page.locator('[lang="es"] h2').textContent()).toBe("Aquí no hay ninguna página");
    expect(await faultsOf(page, "before-the-portal")).toEqual([]);
    // The policy lets its style in: nothing complains but of the status.
    expect(complaints.filter((complaint) => !complaint.includes("404"))).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.querySelector("main")).borderRadius')).toBe("20px");
    await context.close();
  });

  it("the page that leaves in a hurry, for as long as it stands", async () => {
    const patient = await consentingPatient(host);
    const { page, context } = await pageFor();
    await openThread(page, host, patient, await sendLink(host, patient), "own");
    const bare = await scriptlessPage(context);
    await bare.goto(page.url());
    await bare.route("**/lock", async (route) => {
      const response = await route.fetch();
      const html = (await response.text()).replace(/<meta http-equiv="refresh"[^>]*>/u, "");
      await route.fulfill({ response, body: html });
    });

    await bare.locator("#exit button").click();
    await bare.getByRole("link", { name: "weather.gov" }).waitFor();

    expect(await faultsOf(bare, "exit")).toEqual([]);
    await context.close();
  });
});

describe("everybody can use the pages of a session", () => {
  let rich: { readonly patient: TestPatient; readonly link: string };
  beforeAll(async () => {
    const patient = await consentingPatient(host, { email: "given.family@example.com" });
    await consentToEmail(host, patient);
    const { threadId } = await sendMessage(host, patient, { subject: "Your results", minimumTier: 3 });
    for (let count = 0; count < 21; count += 1) {
      await sendMessage(host, patient, { threadId, body: `Part ${String(count)} of what you asked for.` });
    }
    const files = [
      await staffFile(host, "Knee, from the side.png", "image/png", smallPhoto()),
      await staffFile(
        host,
        `${"Instructions for the week after ".repeat(3)}.pdf`,
        "application/pdf",
        SMALL_PDF,
      ),
    ];
    await sendMessage(host, patient, { threadId, body: CLINICAL_BODY, attachments: files });
    rich = { patient, link: linkIn(await newestText(host, patient)) };
  });

  it("with everything in them, with script and without", async () => {
    const { page, context } = await pageFor();
    const faults: string[] = [];
    await openThread(page, host, rich.patient, rich.link, "own");
    const bare = await scriptlessPage(context);
    const path = (rest: string, language: string) => `${rich.link}/${rest}?lang=${language}`;
    const look = async (name: string) => {
      faults.push(...(await faultsOf(page, name)));
    };
    const change = async (section: string, fill: () => Promise<unknown>) => {
      await fill();
      await page
        .locator("form")
        .filter({ has: page.locator(`[name="change"][value="${section}"]`) })
        .first()
        .locator("button")
        .first()
        .click();
      await page.waitForLoadState();
    };

    for (const language of LANGUAGES) {
      await page.goto(path("thread", language));
      await look(`thread-${language}`);
      await page.locator('a[href*="before="]').click();
      await look(`thread-earlier-${language}`);
      await bare.goto(path("thread", language));
      faults.push(...(await faultsOf(bare, `thread-bare-${language}`)));

      await page.goto(path("attachments", language));
      await look(`upload-1-${language}`);
      await page.locator("#fileName").fill("Insurance card, front and back");
      await page.locator('main button:has-text("Contin")').click();
      await page.locator("#chosen").waitFor();
      await look(`upload-2-${language}`);

      await page.goto(path("preferences", language));
      await change("pin", async () => {
        // Of the language before.
        if (language === "es") await page.locator("#presentPin").fill("482915");
        await page.locator("#pin").fill("123456");
        await page.locator("#pinAgain").fill("123456");
      });
      await page.locator("#problem").waitFor();
      await look(`preferences-problem-${language}`);
      await change("quiet-hours", () => page.locator("#from").fill("20:30"));
      await change("pin", async () => {
        if (language === "es") await page.locator("#presentPin").fill("482915");
        await page.locator("#pin").fill("482915");
        await page.locator("#pinAgain").fill("482915");
      });
      await page.locator("#saved-pin").waitFor();
      await look(`preferences-${language}`);
      await bare.goto(path("preferences", language));
      faults.push(...(await faultsOf(bare, `preferences-bare-${language}`)));
    }

    expect(faults).toEqual([]);
    await context.close();
  });

  it.each(LANGUAGES)(
    "with one message, an emergency, a problem, and words that need more proof in %s",
    async (language) => {
      const patient = await consentingPatient(host, { language });
      const { threadId } = await sendMessage(host, patient, { body: "A form is waiting.", minimumTier: 2 });
      const link = linkIn(await newestText(host, patient));
      const { page, context } = await pageFor({ locale: `${language}-US` });
      const faults: string[] = [];
      const look = async (name: string) => {
        faults.push(...(await faultsOf(page, `${name}-${language}`)));
      };

      await stateBirthDate(page, link);
      await page.locator("#talk").waitFor();
      await look("thread-short");
      const bare = await scriptlessPage(context);
      await bare.goto(page.url());
      await bare.locator(".send").click();
      await bare.locator("#replyProblem").waitFor();
      faults.push(...(await faultsOf(bare, `reply-problem-${language}`)));
      await page.locator("#body").fill("I want to kill myself");
      await page.locator(".send").click();
      await page.locator(".urgent").waitFor();
      await sendMessage(host, patient, { threadId, body: CLINICAL_BODY });
      await page.reload();
      await page.locator('[name="stepUp"]').waitFor();
      await look("thread-notices");

      expect(faults).toEqual([]);
      await context.close();
    },
  );

  it.each(LANGUAGES)("when the session is about to end in %s", async (language) => {
    const patient = await consentingPatient(host, { language });
    const link = await sendLink(host, patient, { body: "A form is waiting.", minimumTier: 2 });
    const { page, context } = await pageFor({ locale: `${language}-US` });

    await page.clock.install();
    await stateBirthDate(page, link);
    await page.locator("#talk").waitFor();
    await page.clock.fastForward(8 * 60_000);
    await page.clock.runFor(40_000);
    await page.locator("#idleStay").waitFor();
    await page.clock.resume();

    expect(await faultsOf(page, `idle-${language}`)).toEqual([]);
    await context.close();
  });
});
