import { gzipSync } from "node:zlib";
import { listOf, recordOf, textOf } from "../local/json-shape.ts";
import type { HostUnderTest } from "./host-under-test.ts";
import { median, type Report, type ReportRow, verdict } from "./report.ts";

const FIRST_BYTE_MS_MAX = 15;
const FIRST_VIEW_BYTES_MAX = 30 * 1024;
const WARM_UP = 5;
const VISITS = 40;
/** Below what a stage lets through at once, so that the function is measured and not the throttle. */
const BURST = 80;
const AT_ONCE = 8;
const BIRTH_DATE = "1971-03-09";
const PHONE = "+12025550177";
const BODY = "Your A1C came back at 8.2, start metformin 500 mg twice daily.";
const CODE = /\b\d{6}\b/u;
/** The firewall counts the requests of an address over five minutes. */
const FIREWALL_WINDOW_SECONDS = 300;

/** A page as a browser gets it. */
type Visit = { readonly firstByteMs: number; readonly body: Buffer };

/**
 * What the first view of a link and of a conversation cost: time from request to first byte over the local host, warm;
 * bytes as sent and as a browser that takes gzip would get them; neutral pages a second, {@link AT_ONCE} at a time.
 */
export async function reportPortalPages(host: HostUnderTest): Promise<Report> {
  const link = await sendLink(host);
  const cookie = await openSession(host, link);
  await startNewWindow(host);
  const neutral = await visits(link, {});
  const thread = await visits(`${link}/thread`, { Cookie: cookie });
  const version = await visits(`${link}/version`, { Cookie: cookie });
  await startNewWindow(host);
  const perSecond = await throughput(link);
  return {
    name: "Portal pages",
    title: `time to first byte, warm, median of ${String(VISITS - WARM_UP)}; each page is one request, styles and script within`,
    columns: ["what", "first byte", "bytes", "gzip", "target"],
    rows: [
      pageRow("first page of a link", neutral),
      pageRow("conversation", thread),
      {
        cells: ["version number", `${firstByte(version).toFixed(1)} ms`, bytes(version), "", "none"],
        verdict: undefined,
      },
      {
        cells: [
          `first pages a second, ${String(AT_ONCE)} at a time`,
          "",
          "",
          "",
          `${perSecond.toFixed(0)}/s, none`,
        ],
        verdict: undefined,
      },
    ],
  };
}

function pageRow(what: string, pages: readonly Visit[]): ReportRow {
  const size = pages.at(-1)?.body.length ?? Number.NaN;
  return {
    cells: [
      what,
      `${firstByte(pages).toFixed(1)} ms`,
      bytes(pages),
      String(gzipSync(pages.at(-1)?.body ?? "").length),
      `<= ${String(FIRST_BYTE_MS_MAX)} ms, <= ${String(FIRST_VIEW_BYTES_MAX)} bytes`,
    ],
    verdict: verdict(firstByte(pages) <= FIRST_BYTE_MS_MAX, size <= FIRST_VIEW_BYTES_MAX),
  };
}

function firstByte(pages: readonly Visit[]): number {
  return median(pages.slice(WARM_UP).map(({ firstByteMs }) => firstByteMs));
}

function bytes(pages: readonly Visit[]): string {
  return String(pages.at(-1)?.body.length ?? Number.NaN);
}

async function visits(url: string, headers: Readonly<Record<string, string>>): Promise<readonly Visit[]> {
  const made: Visit[] = [];
  for (let count = 0; count < VISITS; count += 1) made.push(await visit(url, headers));
  return made;
}

async function visit(url: string, headers: Readonly<Record<string, string>>): Promise<Visit> {
  const startMs = performance.now();
  const response = await fetch(url, { headers, redirect: "manual" });
  const firstByteMs = performance.now() - startMs;
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`the portal answered with status ${String(response.status)}`);
  return { firstByteMs, body };
}

async function throughput(link: string): Promise<number> {
  let left = BURST;
  const startMs = performance.now();
  const visitor = async () => {
    while (left > 0) {
      left -= 1;
      await visit(link, {});
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
  return BURST / ((performance.now() - startMs) / 1000);
}

async function startNewWindow(host: HostUnderTest): Promise<void> {
  await host.call("POST", "/_local/clock", { body: { advanceSeconds: FIREWALL_WINDOW_SECONDS } });
}

/** A link to a clinical message of a patient of its own. */
async function sendLink(host: HostUnderTest): Promise<string> {
  const [frontdesk, clinician] = [await host.token("frontdesk"), await host.token("clinician")];
  const patient = await created(host, "/v1/patients", frontdesk, {
    externalId: "bench-portal-pages",
    givenName: "Bench",
    familyName: "Pages",
    birthDate: BIRTH_DATE,
    mobilePhone: PHONE,
  });
  await created(host, `/v1/patients/${patient}/consents`, frontdesk, {
    purpose: "portal",
    channel: "sms",
    decision: "granted",
    method: "tablet",
    acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
  });
  await created(host, "/v1/messages", clinician, { patientId: patient, purpose: "portal", body: BODY });
  const link = /https?:\/\/\S+\/m\/[\w-]+/u.exec(await newestText(host))?.[0];
  if (link === undefined) throw new Error("the message led to no link");
  return link;
}

async function created(host: HostUnderTest, path: string, token: string, body: unknown): Promise<string> {
  const answer = await host.call("POST", path, { token, body, idempotencyKey: `bench-pages${path}` });
  if (answer.status >= 300) throw new Error(`${path} answered with status ${String(answer.status)}`);
  return textOf(recordOf(JSON.parse(answer.body))["id"]) ?? "";
}

async function newestText(host: HostUnderTest): Promise<string> {
  await host.call("GET", "/_local/settled");
  const { body } = await host.call("GET", "/_local/texts");
  return textOf(recordOf(listOf(recordOf(JSON.parse(body))["items"]).at(-1))["body"]) ?? "";
}

/** Proves date and code; gives the session's cookie. */
async function openSession(host: HostUnderTest, link: string): Promise<string> {
  const asked = await prove(link, { birthDate: BIRTH_DATE });
  const code = CODE.exec((await newestText(host)).replaceAll(/\d{3}-\d{3}-\d{4}/gu, ""))?.[0] ?? "";
  const opened = await prove(link, { code }, cookiesOf(asked));
  if (opened.status !== 303) throw new Error(`the proof gave status ${String(opened.status)}`);
  return cookiesOf(opened);
}

async function prove(link: string, fields: Readonly<Record<string, string>>, cookie = ""): Promise<Response> {
  return fetch(link, {
    method: "POST",
    headers: { Cookie: cookie },
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0] ?? "")
    .filter((pair) => !pair.endsWith("="))
    .join("; ");
}
