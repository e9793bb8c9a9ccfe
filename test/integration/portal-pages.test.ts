import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalHost } from "../support/host.ts";
import { consentingPatient, openLink, sendLink, startPractice } from "../support/practice.ts";

const KILOBYTE = 1024;

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

const sourcesOf = (page: string, element: "style" | "script") =>
  [...page.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, "g"))].map(
    ([, text]) =>
      `'sha256-${createHash("sha256")
        .update(text ?? "")
        .digest("base64")}'`,
  );

it("pages are deployed with the practice's colour and logo, and allow what is in them alone", async () => {
  const patient = await consentingPatient(host);
  const link = await sendLink(host, patient);
  const first = await host.portal(link);
  const { answer, threadPath } = await openLink(host, patient, link);
  const thread = await host.portal(threadPath, undefined, answer.cookies);

  const logo = readFileSync("infra/local/demo/logo.svg").toString("base64");
  for (const { html, headers } of [first, thread]) {
    expect(html).toContain(`src="data:image/svg+xml;base64,${logo}"`);
    expect(html).toContain("--accent:#17594a");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`style-src ${sourcesOf(html, "style").join(" ")};`);
    for (const source of sourcesOf(html, "script")) expect(policy).toContain(`script-src ${source};`);
    expect(policy).toMatch(/connect-src 'self' [\w.:-]+;/);
  }
  expect(sourcesOf(first.html, "script")).toEqual([]);
  expect(Buffer.byteLength(first.html)).toBeLessThanOrEqual(20 * KILOBYTE);
  expect(sourcesOf(thread.html, "script")).toHaveLength(1);
  expect(Buffer.byteLength(thread.html)).toBeLessThanOrEqual(30 * KILOBYTE);
});

it("leaving in a hurry ends the session before the next page", async () => {
  const patient = await consentingPatient(host);
  const link = await sendLink(host, patient);
  const { answer, threadPath } = await openLink(host, patient, link);

  const away = await host.portal(`${link}/lock`, { exit: "yes" }, answer.cookies);

  expect(away.status).toBe(200);
  expect(away.headers.get("clear-site-data")).toBe('"cache"');
  expect(away.html).toContain("https://www.weather.gov");
  expect(away.html).not.toContain(new URL(link).pathname);
  expect((await host.portal(threadPath, undefined, answer.cookies)).headers.get("location")).toBe(
    new URL(link).pathname,
  );
});

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const MARK = "Zebrafish";
const NOBODYS = "A".repeat(44);
/** Requests that API Gateway or the firewall answers before anything of ours runs. */
const BEFORE_US: readonly (readonly [string, number, string, RequestInit & { readonly path: string }])[] = [
  ["no such path", 404, "There is no page here", { path: `/m/${NOBODYS}/${MARK}?${MARK}=1` }],
  ["no such method", 404, "There is no page here", { path: `/m/${NOBODYS}`, method: "PUT", body: MARK }],
  [
    "a form of 65 KB",
    413,
    "That was too large",
    {
      path: `/m/${NOBODYS}`,
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: MARK.repeat(8 * KILOBYTE),
    },
  ],
];

async function ask({ path, headers, ...request }: RequestInit & { readonly path: string }, accept?: string) {
  const answer = await fetch(`${host.base}${path}`, {
    ...request,
    headers: { ...(headers as Record<string, string>), ...(accept === undefined ? {} : { Accept: accept }) },
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe("what API Gateway answers by itself", () => {
  it.each(BEFORE_US)("is a page in a browser: %s", async (_name, status, title, request) => {
    const answer = await ask(request, BROWSER);

    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(answer.text).toContain(`<h1>${title}</h1>`);
    expect(answer.text).toContain('<div lang="es">');
    expect(answer.text).toMatch(/href="tel:\+?\d+"/u);
    expect(Buffer.byteLength(answer.text)).toBeLessThanOrEqual(8 * KILOBYTE);
    expect(answer.headers.get("content-security-policy")).toContain(
      `style-src ${sourcesOf(answer.text, "style").join(" ")};`,
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.headers.get("x-robots-tag")).toContain("noindex");
    expect(answer.headers.get("strict-transport-security")).toContain("max-age=");
    expect(`${answer.text} ${JSON.stringify([...answer.headers])}`).not.toMatch(/Zebrafish|AAAA/u);
  });

  it.each([
    [undefined, "application/problem+json"],
    ["*/*", "application/problem+json"],
    ["application/json, text/html", "application/json"],
    ["application/problem+json", "application/problem+json"],
  ])("is a problem document for who accepts %s", async (accept, type) => {
    for (const [, status, , request] of BEFORE_US) {
      const answer = await ask(request, accept);

      expect(answer.headers.get("content-type")).toBe(type);
      expect(JSON.parse(answer.text)).toMatchObject({ type: "about:blank", status });
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("is a problem document on the staff's side, whoever asks", async () => {
    const answer = await ask({ path: "/v1/nothing" }, BROWSER);

    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(answer.text)).toMatchObject({ code: "not_found" });
  });
});
