import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
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
