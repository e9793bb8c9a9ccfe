import { listOf, recordOf, textOf } from "../local/json-shape.ts";
import { FILLED_BIRTH_DATE } from "./fill-patient.ts";
import type { HostUnderTest } from "./host-under-test.ts";
import { allowSending } from "./message-calls.ts";
import { median, type Report, type ReportRow, verdict } from "./report.ts";
import { toDay } from "./throughput.ts";

/** Live links; each takes two wrong dates and two wrong PINs, for a fifth would kill it. */
const LINKS = 30;
const ROUNDS = LINKS * 2;
/** Links of patients who chose a PIN; each takes four wrong dates. */
const PINNED = ROUNDS / 4;
/** Rounds that only warm up. */
const WARM_UP = 10;
/** Links of each other kind, taken in turn. */
const OTHERS = 3;
/** The firewall counts the requests of an address over five minutes. */
const ROUNDS_A_WINDOW = 10;
const FIREWALL_WINDOW_SECONDS = 300;
const PAST_LINKS_SECONDS = 73 * 60 * 60;
const RATIO_MAX = 1.1;
/** Of a tier that the date alone opens. */
const PLAIN_BODY = "See you on Monday.";
const BODY = "Your A1C came back at 8.2, start metformin 500 mg twice daily.";
const WRONG_DATE = { birthDate: "1999-12-31" };
const WRONG_PIN = { pin: "739104" };
const PIN = "835201";
const LINK_MISSES_MAX = 5;
const MADE_UP_BYTES = 33;

type Kind = {
  readonly name: string;
  /** Links that are used in turn. */
  readonly links: readonly string[];
  readonly form: Readonly<Record<string, string>>;
};

/**
 * Whether time tells a live link from one that is not, or a date from a PIN: medians from request to first byte of the
 * same wrong proof, the kinds in a new order each round, so that what the machine does besides meets all of them alike. Wants a host
 * of its own, for its clock goes on by days.
 */
export async function reportProofTiming(host: HostUnderTest): Promise<Report> {
  await toDay(host);
  await allowSending(host);
  const patientIds = [...(await host.fill(LINKS + PINNED + 4 * OTHERS))];
  const take = (count: number) => patientIds.splice(0, count);
  const expired = await links(host, take(OTHERS));
  await host.call("POST", "/_local/clock", { body: { advanceSeconds: PAST_LINKS_SECONDS } });
  await toDay(host);
  const revoked = await links(host, take(OTHERS), revokeMessage);
  const superseded = await links(host, take(OTHERS), async (_host, sent) => void (await send(host, sent)));
  const dead = await links(host, take(OTHERS), endByMisses);
  const pinned = await linksOfPinned(host, take(PINNED));
  const live = await links(host, patientIds);
  const kinds: readonly Kind[] = [
    { name: "wrong date, live link", links: live, form: WRONG_DATE },
    { name: "wrong PIN, live link", links: live, form: WRONG_PIN },
    { name: "forged signature", links: live.map(forged), form: WRONG_DATE },
    { name: "made-up token", links: live.map(madeUp), form: WRONG_DATE },
    { name: "expired link", links: expired, form: WRONG_DATE },
    { name: "revoked link", links: revoked, form: WRONG_DATE },
    { name: "superseded link", links: superseded, form: WRONG_DATE },
    { name: "link dead of misses", links: dead, form: WRONG_DATE },
    { name: "live link, patient with a PIN", links: pinned, form: WRONG_DATE },
  ];
  const timesMs = kinds.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % ROUNDS_A_WINDOW === 0) await startNewWindow(host);
    for (const index of shuffled(kinds.length)) {
      const kind = kinds[index];
      const link = kind?.links[round % kind.links.length];
      if (kind !== undefined && link !== undefined) timesMs[index]?.push(await firstByteMs(link, kind.form));
    }
  }
  const medians = timesMs.map((times) => median(times.slice(WARM_UP)));
  return {
    name: "Portal proof timing",
    title: `wrong proofs, time to first byte, warm, median of ${String(ROUNDS - WARM_UP)}, beside the first row`,
    columns: ["what", "figure", "ratio", "target"],
    rows: kinds.map(({ name }, index) => rowOf(name, medians[index] ?? Number.NaN, medians[0] ?? Number.NaN)),
    notes: ["A live link counts the miss in a transaction, which goes into the wait that every refusal has."],
  };
}

/** The numbers below `count` in an order of chance. */
function shuffled(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => ({ index, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ index }) => index);
}

function rowOf(name: string, ms: number, liveMs: number): ReportRow {
  const ratio = ms / liveMs;
  return {
    cells: [
      name,
      `${ms.toFixed(1)} ms`,
      ratio.toFixed(2),
      `${(1 / RATIO_MAX).toFixed(2)} to ${RATIO_MAX.toFixed(2)}`,
    ],
    verdict: verdict(ratio <= RATIO_MAX, ratio >= 1 / RATIO_MAX),
  };
}

/** A message, and the link of the text that told of it. */
type Sent = {
  readonly patientId: string;
  readonly id: string;
  readonly threadId: string;
  readonly link: string;
};

/** Sends one message to each patient; gives the links of the texts, after what was done to them. */
async function links(
  host: HostUnderTest,
  patientIds: readonly string[],
  change: (host: HostUnderTest, sent: Sent) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const patientId of patientIds) {
    const sent = await send(host, { patientId });
    await change(host, sent);
    found.push(sent.link);
  }
  return found;
}

/** Links of patients who chose a PIN over a link before. */
async function linksOfPinned(host: HostUnderTest, patientIds: readonly string[]): Promise<readonly string[]> {
  for (const [index, patientId] of patientIds.entries()) {
    if (index % ROUNDS_A_WINDOW === 0) await startNewWindow(host);
    const { link } = await send(host, { patientId }, PLAIN_BODY);
    const opened = await post(link, { birthDate: FILLED_BIRTH_DATE });
    const cookie = opened.headers.getSetCookie().map((line) => line.split(";", 1)[0] ?? "");
    const form = { change: "pin", pin: PIN, pinAgain: PIN };
    await post(`${link}/preferences`, form, cookie.join("; "));
    const { status } = await post(link, { pin: PIN });
    if (status !== 303) throw new Error(`a PIN does not open: status ${String(status)}`);
  }
  return links(host, patientIds);
}

/** Sends a message, in a thread of its own or in the one before it. */
async function send(
  host: HostUnderTest,
  { patientId, threadId }: Pick<Sent, "patientId"> & Partial<Pick<Sent, "threadId">>,
  words = BODY,
): Promise<Sent> {
  const before = (await texts(host)).length;
  const { status, body } = await host.call("POST", "/v1/messages", {
    token: await host.token("clinician"),
    body: { patientId, purpose: "portal", body: words, ...(threadId === undefined ? {} : { threadId }) },
    idempotencyKey: `bench-timing-${crypto.randomUUID()}`,
  });
  if (status !== 202) throw new Error(`a message was not accepted: status ${String(status)}`);
  await host.call("GET", "/_local/settled");
  const text = textOf(recordOf((await texts(host))[before])["body"]) ?? "";
  const link = /https?:\/\/\S+\/m\/[\w-]+/u.exec(text)?.[0];
  if (link === undefined) throw new Error("a message led to no link");
  const accepted = recordOf(JSON.parse(body));
  return {
    patientId,
    id: textOf(accepted["id"]) ?? "",
    threadId: textOf(accepted["threadId"]) ?? "",
    link,
  };
}

async function endByMisses(_host: HostUnderTest, { link }: Sent): Promise<void> {
  for (let miss = 1; miss <= LINK_MISSES_MAX; miss += 1) await firstByteMs(link, WRONG_DATE);
}

async function revokeMessage(host: HostUnderTest, { id }: Sent): Promise<void> {
  const { status } = await host.call("POST", `/v1/messages/${id}/revocation`, {
    token: await host.token("clinician"),
    body: { reason: "Sent in error" },
  });
  if (status !== 204) throw new Error(`a message was not revoked: status ${String(status)}`);
}

async function texts(host: HostUnderTest): Promise<readonly unknown[]> {
  const { body } = await host.call("GET", "/_local/texts");
  return listOf(recordOf(JSON.parse(body))["items"]);
}

async function startNewWindow(host: HostUnderTest): Promise<void> {
  await host.call("POST", "/_local/clock", { body: { advanceSeconds: FIREWALL_WINDOW_SECONDS } });
}

/** The same link with another signature. */
function forged(link: string): string {
  return `${link.slice(0, -2)}${link.endsWith("AA") ? "BA" : "AA"}`;
}

/** A token of the form and version of this link's, of which nothing else is true. */
function madeUp(link: string): string {
  const cut = link.lastIndexOf("/") + 1;
  const token = Buffer.from(link.slice(cut), "base64url");
  const random = crypto.getRandomValues(new Uint8Array(MADE_UP_BYTES));
  // Version, key and end are those of the true token; identifier and signature are not.
  const kept = token.subarray(0, token.length - 26);
  return `${link.slice(0, cut)}${Buffer.concat([kept, random.subarray(0, 26)]).toString("base64url")}`;
}

function post(address: string, form: Kind["form"], cookie?: string): Promise<Response> {
  return fetch(address, {
    method: "POST",
    body: new URLSearchParams(form),
    redirect: "manual",
    ...(cookie === undefined ? {} : { headers: { cookie } }),
  });
}

async function firstByteMs(link: string, form: Readonly<Record<string, string>>): Promise<number> {
  const startMs = performance.now();
  const response = await post(link, form);
  const ms = performance.now() - startMs;
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`the portal answered with status ${String(response.status)}`);
  return ms;
}
