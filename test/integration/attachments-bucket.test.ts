import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalHost, startLocalHost } from "../support/host.ts";

/** The smallest PNG: one transparent pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

type Upload = { readonly url: string; readonly fields: Readonly<Record<string, string>> };
type Call = {
  readonly function: string;
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
};

let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost();
}, 120_000);
afterAll(() => host.stop());

async function asked(): Promise<{ readonly id: string; readonly upload: Upload }> {
  const { status, body } = await host.api(
    "POST",
    "/attachments",
    { fileName: "pixel.png", contentType: "image/png", sizeBytes: PIXEL.length },
    "clinician",
    { "Idempotency-Key": crypto.randomUUID() },
  );
  expect(status).toBe(201);
  return body as { id: string; upload: Upload };
}

/** Posts a form as a page of `origin` does. */
function post({ url, fields }: Upload, content: Buffer, origin = host.base): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(content)]), "pixel.png");
  return fetch(url, { method: "POST", body: form, headers: { origin }, redirect: "manual" });
}

async function keysIn(bucket: string): Promise<readonly string[]> {
  const { body } = await host.local("GET", "/objects");
  const { items } = body as { readonly items: { logicalId: string; objects: { key: string }[] }[] };
  return items
    .filter(({ logicalId }) => logicalId.startsWith(bucket))
    .flatMap(({ objects }) => objects.map(({ key }) => key));
}

test("a browser uploads with a form that a function signed, and the checking function hears of it", async () => {
  const { id, upload } = await asked();

  const response = await post(upload, PIXEL);
  expect(response.ok, await response.text()).toBe(true);
  expect(response.headers.get("access-control-allow-origin")).toBe(host.base);
  await host.settled();

  const { body } = await host.local("GET", "/calls");
  const calls = (body as { readonly items: readonly Call[] }).items.filter(({ service }) => service === "s3");
  const ofIncoming = calls.filter(({ resource }) => resource.endsWith(`/incoming/${id}`));
  expect(ofIncoming[0]).toMatchObject({ function: "attachments", action: "PutObject", allowed: true });
  expect(ofIncoming).toContainEqual(
    expect.objectContaining({ function: "check-attachment", action: "GetObject", allowed: true }),
  );
  expect(await keysIn("Attachments")).toEqual([`checked/${id}`]);
});

test("a form is good for a minute, for its own size, and for its own key", async () => {
  const { upload } = await asked();
  const large = Buffer.concat([PIXEL, Buffer.alloc(26 * 1024 * 1024)]);

  expect(await (await post(upload, large)).text()).toContain("<Code>EntityTooLarge</Code>");
  const elsewhere = { ...upload, fields: { ...upload.fields, key: "checked/att_0" } };
  expect((await post(elsewhere, PIXEL)).status).toBe(403);
  await host.advance(61);
  expect(await (await post(upload, PIXEL)).text()).toContain("Policy expired");
});

test("pages of other origins learn nothing, and nobody reads without a signature", async () => {
  const { upload } = await asked();
  const preflight = (origin: string) =>
    fetch(upload.url, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });

  expect((await preflight(host.base)).status).toBe(200);
  expect((await preflight("https://elsewhere.example")).status).toBe(403);
  const foreign = await post(upload, PIXEL, "https://elsewhere.example");
  expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  const [key = ""] = await keysIn("Attachments");
  expect((await fetch(`${upload.url.replace(/\/$/u, "")}/${key}`)).status).toBe(403);
});
