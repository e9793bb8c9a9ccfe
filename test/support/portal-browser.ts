import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { crc32 } from "#shared/domain/attachments/crc32.ts";
import type { LocalHost } from "./host.ts";
import { codeIn, expecting, newestText, type TestPatient } from "./practice.ts";

/** Outside of the project, and written over by the next run: pictures are there to be looked at. */
const PICTURES = join(tmpdir(), "foundphone-pictures");

/** A page with everything that went wrong in it. */
export type WatchedPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Dialogs, script errors, console errors, failed requests, requests to anywhere but the host and its bucket. */
  readonly complaints: string[];
};

/** Opens a page in a context of its own and writes down what goes wrong in it, and in all that it opens. */
export async function watchedPage(
  browser: Browser,
  host: LocalHost,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", ({ message }) => complaints.push(`script: ${message}`));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!isOurs(request.url(), host)) complaints.push(`elsewhere: ${request.url()}`);
    });
  });
  return { page: await context.newPage(), context, complaints };
}

/** The bucket of the local host has a port of its own. */
function isOurs(address: string, host: LocalHost): boolean {
  const { protocol, hostname, origin } = new URL(address);
  return protocol === "data:" || origin === host.base || hostname === new URL(host.base).hostname;
}

/** Takes a picture for people to look at: of the window where something sticks to its end, else of the whole page. */
export async function picture(page: Page, name: string): Promise<void> {
  const fullPage = (await page.locator(".reply").count()) === 0;
  if (fullPage) await page.evaluate("scrollTo(0, 0)");
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage });
}

/** Goes from a link over the date of birth to whatever the portal asks next. */
export async function stateBirthDate(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.locator("#birthDate").fill("04/12/1980");
  await page.locator("main form button").first().click();
}

/** Goes from a link of clinical content to its thread. */
export async function openThread(
  page: Page,
  host: LocalHost,
  patient: TestPatient,
  link: string,
  device?: "own" | "shared",
): Promise<void> {
  await stateBirthDate(page, link);
  await page.locator("#code").fill(codeIn(await newestText(host, patient)));
  if (device !== undefined) await page.locator(`input[value="${device}"]`).check();
  await page.locator("main form button").first().click();
  await page.locator("#talk").waitFor();
}

// What runs in pages is text: the project's own types know no browser.

/** Pixels that the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** Elements that show less than all of their text, or whose text runs out of the window. */
export function clippedText(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`[...document.querySelectorAll("body *")]
    .filter((item) => item.checkVisibility() && !item.closest(".hidden, svg, textarea"))
    .filter((item) => [...item.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
    .filter((item) => {
      const { left, right } = item.getBoundingClientRect();
      const cuts = (part) => getComputedStyle(part).overflow !== "visible"
        && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1);
      const isHidden = getComputedStyle(item).clipPath === "inset(50%)";
      return !isHidden && (cuts(item) || left < -1 || right > innerWidth + 1);
    })
    .map((item) => item.tagName + "." + item.className + ": " + item.textContent.trim().slice(0, 60))`);
}

/** A small photo that is a valid PNG, of one colour. */
export function smallPhoto(side = 96): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, 0x7a)]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: side }, () => line)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** An empty document of one page. */
export const SMALL_PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
  "latin1",
);

/** Uploads a file as staff, ready to go with a message. */
export async function staffFile(
  host: LocalHost,
  fileName: string,
  contentType: "image/png" | "application/pdf",
  content: Buffer,
): Promise<string> {
  const asked = await expecting(
    201,
    host.api("POST", "/attachments", { fileName, contentType, sizeBytes: content.length }, "clinician", {
      "Idempotency-Key": crypto.randomUUID(),
    }),
  );
  const { url, fields } = asked["upload"] as {
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(content)]), fileName);
  const { status } = await fetch(url, { method: "POST", body: form });
  if (status !== 204) throw new Error(`The bucket answers ${String(status)}.`);
  await host.settled();
  return String(asked["id"]);
}
