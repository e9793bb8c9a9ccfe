import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import type { LocalHost } from "../support/host.ts";
import {
  openThread,
  picture,
  smallPhoto,
  staffFile,
  stateBirthDate,
  watchedPage,
} from "../support/portal-browser.ts";
import {
  codeIn,
  consentingPatient,
  expecting,
  linkIn,
  newestText,
  sendLink,
  sendMessage,
  startPractice,
} from "../support/practice.ts";

const FIRST_VIEW_BYTES_MAX = 30 * 1024;
const ADMINISTRATIVE = { body: "A form is waiting for you.", minimumTier: 2 };
const HOSTILE = `"'></p></textarea></title><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>{{7*7}}`;

let host: LocalHost;
let browser: Browser;
let stranger: Server;
/** Another origin on another host name, so that it is another site to the browser too. */
let strangerBase: string;
const strangersPages = new Map<string, string>();
beforeAll(async () => {
  [host, browser] = await Promise.all([startPractice(), launchBrowser()]);
  stranger = createServer(({ url = "/" }, response) => {
    response.setHeader("Content-Type", "text/html").end(strangersPages.get(url) ?? "");
  });
  await new Promise<void>((resolve) => {
    stranger.listen(0, "127.0.0.1", resolve);
  });
  strangerBase = `http://stranger.localhost:${String((stranger.address() as AddressInfo).port)}`;
});
afterAll(async () => {
  await browser.close();
  stranger.close();
  await host.stop();
});

const pageFor = (options: BrowserContextOptions = {}) =>
  watchedPage(browser, host, { viewport: { width: 390, height: 844 }, ...options });

async function opened(options: BrowserContextOptions = {}) {
  const patient = await consentingPatient(host);
  const { threadId } = await sendMessage(host, patient, ADMINISTRATIVE);
  const link = linkIn(await newestText(host, patient));
  const watched = await pageFor(options);
  await stateBirthDate(watched.page, link);
  await watched.page.locator("#talk").waitFor();
  return { patient, threadId, link, ...watched };
}

const reply = async (page: Page, words: string) => {
  await page.locator("#body").fill(words);
  await page.locator(".send").click();
  await page.locator(".own").filter({ hasText: words }).waitFor();
};

describe("what others wrote", () => {
  it("runs nowhere: subject, body, file name, reply, draft, name of an upload", async () => {
    const patient = await consentingPatient(host);
    const file = await staffFile(host, `${HOSTILE}.png`, "image/png", smallPhoto());
    const body = `${HOSTILE} body`;
    const link = await sendLink(host, patient, {
      subject: HOSTILE,
      body,
      attachments: [file],
      minimumTier: 3,
    });
    const { page, context, complaints } = await pageFor();
    await openThread(page, host, patient, link);

    expect(await page.locator("h3").textContent()).toBe(HOSTILE);
    expect(await page.locator(".body").textContent()).toBe(body);
    await reply(page, `${HOSTILE} reply`);
    await page.reload();
    await page
      .locator(".own")
      .filter({ hasText: `${HOSTILE} reply` })
      .waitFor();
    await page.locator("#file").setInputFiles({
      name: `${HOSTILE.replaceAll("/", "")}.png`,
      mimeType: "image/png",
      buffer: smallPhoto(),
    });
    await page.locator("#pending li").waitFor();
    await host.settled();
    await page.locator("#pending").getByText("ready").waitFor();
    await page.goto(`${link}/attachments`);
    await page.locator("#pending li").waitFor();
    await picture(page, "attack-names");

    expect(complaints).toEqual([]);
    await context.close();
  });

  it("stays words in a draft that comes back", async () => {
    const { page, context, complaints } = await opened({ javaScriptEnabled: false });
    const draft = HOSTILE.repeat(30);
    // More than the field takes from a keyboard.
    await page.evaluate(`document.getElementById("body").value = ${JSON.stringify(draft)}`);
    await page.locator(".send").click();

    await page.getByText("This message is too long.").waitFor();
    expect(await page.locator("#body").inputValue()).toBe(draft);
    expect(complaints.filter((each) => !each.includes("422"))).toEqual([]);
    await context.close();
  });

  it("cannot be served as a page of ours: a file opens at the bucket, and as what it is", async () => {
    const page = Buffer.from("<!doctype html><script>alert(1)</script>");
    const asked = await expecting(
      201,
      host.api(
        "POST",
        "/attachments",
        { fileName: "page.html", contentType: "image/png", sizeBytes: page.length },
        "clinician",
        { "Idempotency-Key": crypto.randomUUID() },
      ),
    );
    const { url, fields } = asked["upload"] as { url: string; fields: Record<string, string> };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob([page]), "page.html");
    await fetch(url, { method: "POST", body: form });
    await host.settled();
    const found = await expecting(
      200,
      host.api("GET", `/attachments/${String(asked["id"])}`, undefined, "clinician"),
    );

    expect(new URL(url).host).not.toBe(new URL(host.base).host);
    expect(found).toMatchObject({ state: "refused" });
    expect(found).not.toHaveProperty("download");
  });
});

describe("another site", () => {
  it("can neither send a form of a session nor frame or read its pages", async () => {
    const { page, context, link } = await opened();
    const path = new URL(link).pathname;
    strangersPages.set(
      "/form",
      `<form method=post action="${host.base}${path}/replies"><input name=body value="from elsewhere"><input name=form value=""></form><script>document.forms[0].submit()</script>`,
    );
    strangersPages.set(
      "/lock",
      `<form method=post action="${host.base}${path}/lock"></form><script>document.forms[0].submit()</script>`,
    );
    strangersPages.set("/frame", `<iframe src="${host.base}${path}/thread"></iframe>`);
    strangersPages.set(
      "/read",
      `<script>fetch("${host.base}${path}/version",{credentials:"include"}).then(()=>document.title="read",()=>document.title="not read")</script>`,
    );
    const foreign = await context.newPage();

    for (const address of ["/form", "/lock"]) {
      await foreign.goto(strangerBase + address);
      await foreign.getByRole("heading", { name: "This did not come from our page" }).waitFor();
    }
    await foreign.goto(`${strangerBase}/frame`);
    expect(await foreign.frames()[1]?.locator("#talk, #birthDate").count()).toBe(0);
    await foreign.goto(`${strangerBase}/read`);
    await foreign.waitForFunction("document.title !== ''");
    expect(await foreign.title()).toBe("not read");
    // A link on another site does not bring the session along.
    strangersPages.set("/link", `<a href="${host.base}${path}/thread">look</a>`);
    await foreign.goto(`${strangerBase}/link`);
    await foreign.getByRole("link").click();
    await foreign.locator("#birthDate").waitFor();

    await page.reload();
    expect(await page.locator("#talk").count()).toBe(1);
    expect(await page.getByText("from elsewhere").count()).toBe(0);
    await context.close();
  });
});

describe("a link that somebody else gets, and a cookie that somebody copies", () => {
  it("open nothing", async () => {
    const own = await opened();
    const other = await opened();
    const [session] = (await own.context.cookies()).filter(({ value }) => value !== "");
    if (session === undefined) throw new Error("There is no session cookie.");
    expect(session).toMatchObject({
      name: "__Host-session",
      path: "/",
      httpOnly: true,
      secure: true,
      sameSite: "Strict",
      expires: -1,
    });

    const forwarded = await pageFor();
    await forwarded.page.goto(own.page.url());
    await forwarded.page.locator("#birthDate").waitFor();
    expect(await forwarded.page.getByText(ADMINISTRATIVE.body).count()).toBe(0);

    const thief = await pageFor();
    await thief.context.addCookies([session]);
    await thief.page.goto(`${other.link}/thread`);
    await thief.page.locator("#birthDate").waitFor();
    expect(await thief.page.getByText(ADMINISTRATIVE.body).count()).toBe(0);
    for (const { context } of [own, other, forwarded, thief]) await context.close();
  });

  it("a session's cookie is worth nothing once it is locked", async () => {
    const { page, context, link } = await opened();
    const cookies = (await context.cookies()).filter(({ value }) => value !== "");
    await page.locator("#lock button").click();
    await page.locator("#birthDate").waitFor();

    await context.addCookies(cookies);
    await page.goto(`${link}/thread`);
    await page.locator("#birthDate").waitFor();
    expect(cookies.map(({ name }) => name)).toEqual(["__Host-session"]);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  it("a code works once, and a remembered device only for the patient who chose it", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { page, context } = await pageFor();
    await openThread(page, host, patient, link, "own");
    const code = codeIn(await newestText(host, patient));
    const device = (await context.cookies()).find(({ name }) => name === "__Host-device");
    expect(device).toMatchObject({ path: "/", httpOnly: true, secure: true, sameSite: "Strict" });

    const again = await pageFor();
    await stateBirthDate(again.page, link);
    await again.page.locator("#code").fill(code);
    await again.page.locator("main form button").first().click();
    await again.page.locator("#codeProblem").waitFor();

    const somebody = await consentingPatient(host);
    const theirs = await sendLink(host, somebody);
    await stateBirthDate(page, theirs);
    await page.locator("#code").waitFor();
    for (const each of [context, again.context]) await each.close();
  });
});

describe("the first view", () => {
  it("is one request of at most 30 KB, and so is the thread", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, ADMINISTRATIVE);
    const { page, context, complaints } = await pageFor();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));

    const answer = await page.goto(link);
    await page.waitForLoadState("networkidle");
    expect(requests).toEqual([link]);
    expect((await answer?.body())?.length).toBeLessThanOrEqual(FIRST_VIEW_BYTES_MAX);

    await page.locator("#birthDate").fill("04/12/1980");
    requests.length = 0;
    await page.locator("main form button").first().click();
    await page.locator("#talk").waitFor();
    await page.waitForLoadState("networkidle");
    expect(requests).toEqual([link, `${link}/thread`]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
