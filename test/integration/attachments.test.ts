import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../support/audit-export.ts";
import { callsDuring, callsOf } from "../support/call-record.ts";
import { aJpeg, aPdf, aPng, PLACE, phonePhoto, tellingChunks } from "../support/files.ts";
import type { HostUser, LocalHost } from "../support/host.ts";
import {
  consentingPatient,
  expecting,
  openLink,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { exportedTables } from "../support/table-export.ts";

const CANARY = "Zq-biopsy-left-knee";

type Form = { readonly url: string; readonly fields: Readonly<Record<string, string>> };
type Asked = { readonly id: string; readonly upload: Form };

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

/** Posts a file to the bucket as a browser does. */
async function post({ url, fields }: Form, content: Uint8Array): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(content)]), `${CANARY}.bin`);
  const { status } = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  return status;
}

async function staffAsks(fields: object = {}, headers: Record<string, string> = {}): Promise<Asked> {
  const body = { fileName: `${CANARY}.jpeg`, contentType: "image/jpeg", sizeBytes: 50_000, ...fields };
  return (await expecting(201, host.api("POST", "/attachments", body, "frontdesk", headers))) as Asked;
}

const look = (id: string, user: HostUser = "clinician") =>
  host.api("GET", `/attachments/${id}`, undefined, user);

/** What staff uploaded, once it was looked into. */
async function staffUploads(content: Uint8Array, fields: object = {}): Promise<string> {
  const { id, upload } = await staffAsks(fields);
  expect(await post(upload, content)).toBe(204);
  await host.settled();
  return id;
}

/** A patient in an open session of full proof. */
async function aSession(message: Readonly<Record<string, unknown>> = {}) {
  const patient = await consentingPatient(host);
  const link = await sendLink(host, patient, message);
  const { answer } = await openLink(host, patient, link);
  const { cookies } = answer;
  const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
  const call = (path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`${new URL(link, host.base).href}${path}`, {
      method: body === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: {
        Cookie: cookie,
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ask = async (fields: object = {}): Promise<Asked> => {
    const file = { fileName: `${CANARY}.png`, contentType: "image/png", sizeBytes: 50_000, ...fields };
    const asked = await call("/attachments", file);
    expect(asked.status).toBe(201);
    return (await asked.json()) as Asked;
  };
  return {
    patient,
    link,
    cookies,
    call,
    ask,
    uploads: async (content: Uint8Array, fields: object = {}) => {
      const { id, upload } = await ask(fields);
      expect(await post(upload, content)).toBe(204);
      await host.settled();
      return id;
    },
    states: async () =>
      (
        (await (await call("/attachments")).json()) as {
          attachments: readonly { id: string; state: string }[];
        }
      ).attachments,
    open: (id: string) => host.portal(`${link}/attachments/${id}`, undefined, cookies),
  };
}

async function fetched(
  address: string | null,
): Promise<{ readonly response: Response; readonly bytes: Buffer }> {
  const response = await fetch(address ?? "");
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

async function threadOf(patient: TestPatient) {
  const path = `/patients/${patient.id}/messages`;
  const { items } = await expecting(200, host.api("GET", path, undefined, "clinician"));
  const [{ threadId } = { threadId: "" }] = items as readonly { readonly threadId: string }[];
  return expecting(200, host.api("GET", `/threads/${threadId}`, undefined, "clinician"));
}

describe("a file of the practice", () => {
  it("reaches the patient without the place it was taken at, and turned as it was", async () => {
    const id = await staffUploads(phonePhoto(6));
    const { patient, link, open } = await aSession({ attachments: [id] });

    const answer = await open(id);
    expect(answer.status).toBe(303);
    const { response, bytes } = await fetched(answer.headers.get("location"));

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/jpeg");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-disposition")).toBe('inline; filename="photo.jpg"');
    expect(response.url).not.toContain(CANARY);
    expect(bytes.includes(PLACE)).toBe(false);
    // Orientation 6 in the one entry of what Exif is left.
    expect(bytes.subarray(0, 100).includes(Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]))).toBe(
      true,
    );
    expect(bytes.subarray(-40)).toEqual(aJpeg().subarray(-40));
    expect(link).not.toContain(id);
    const actions = (await entriesOf(host, patient.id)).map(({ action }) => action);
    expect(actions).toContain("attachment.opened");
  });

  it("is saved where it is a document, under a name that tells its type alone", async () => {
    const fields = { fileName: `${CANARY}.pdf`, contentType: "application/pdf" };
    const id = await staffUploads(aPdf(), fields);
    const { body } = await look(id);
    const { name, download } = body as { readonly name: string; readonly download: { readonly url: string } };
    const { response, bytes } = await fetched(download.url);

    expect(name).toBe(`${CANARY}.pdf`);
    expect(download.url).not.toContain(CANARY);
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="document.pdf"');
    expect(response.headers.get("content-type")).toBe("application/pdf");
    expect(bytes).toEqual(aPdf());
  });

  it("is the same for the same request, with a form of its own", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const [first, again] = [await staffAsks({}, headers), await staffAsks({}, headers)];
    expect(again.id).toBe(first.id);
    expect(await post(again.upload, phonePhoto())).toBe(204);
  });

  it("is there for nobody before it was looked into", async () => {
    const { id } = await staffAsks();
    const { patient, open } = await aSession({ attachments: [id] });

    expect((await open(id)).status).toBe(404);
    expect((await look(id)).body).toMatchObject({ state: "waiting" });
    expect((await look(id)).body).not.toHaveProperty("download");
    const { messages } = await threadOf(patient);
    expect(messages).toMatchObject([{ attachments: [{ id, state: "waiting" }] }]);
  });

  it("becomes a task for staff where it is refused in a message, or never comes", async () => {
    const tasksOf = async (patient: TestPatient) => {
      const path = "/tasks?kind=attachment-refused&limit=100";
      const { items } = await expecting(200, host.api("GET", path, undefined, "frontdesk"));
      const found = items as readonly { readonly patientId: string; readonly reason: string }[];
      return found.filter(({ patientId }) => patientId === patient.id).map(({ reason }) => reason);
    };
    const patient = await consentingPatient(host);
    const [refused, missing] = [await staffAsks(), await staffAsks()];
    await sendMessage(host, patient, { attachments: [refused.id, missing.id] });
    expect(await post(refused.upload, aPng())).toBe(204);
    await host.settled();
    expect(await tasksOf(patient)).toEqual(["other-type"]);

    await host.advance(66 * 60);
    await host.settled();
    expect((await tasksOf(patient)).toSorted()).toEqual(["not-arrived", "other-type"]);
  });

  it("is shown to no session of less proof, of another patient, or of none, and not once it is revoked", async () => {
    const id = await staffUploads(phonePhoto());
    const patient = await consentingPatient(host);
    const { id: messageId } = await sendMessage(host, patient, { attachments: [id] });
    await host.settled();
    const stranger = await aSession();
    expect((await stranger.open(id)).status).toBe(404);
    const { link } = stranger;
    expect((await host.portal(`${link}/attachments/${id}`)).headers.get("location")).toBe(
      new URL(link).pathname,
    );

    const second = await staffUploads(phonePhoto());
    const own = await aSession({ attachments: [second] });
    expect((await own.open(second)).status).toBe(303);
    const { messages } = await threadOf(own.patient);
    const [{ id: sent } = { id: "" }] = messages as readonly { readonly id: string }[];
    const revocation = host.api(
      "POST",
      `/messages/${sent}/revocation`,
      { reason: "wrong file" },
      "clinician",
    );
    await expecting(204, revocation);
    expect((await own.open(second)).headers.get("location")).not.toMatch(/X-Amz/u);
    expect(messageId).not.toBe(sent);
  });
});

describe("a file of a patient", () => {
  it("goes with a reply to the practice, stripped", async () => {
    const { patient, uploads, states, link, cookies, open } = await aSession();
    const id = await uploads(aPng({ extra: tellingChunks() }));
    expect(await states()).toEqual([{ id, kind: "photo", sizeBytes: aPng().length, state: "ready" }]);
    expect((await open(id)).status).toBe(303);
    expect((await look(id)).status).toBe(404);

    const page = await host.portal(`${link}/thread`, undefined, cookies);
    const form = /name="form" value="([\w-]{22})"/u.exec(page.html)?.[1] ?? "";
    const reply = await host.portal(
      `${link}/replies`,
      { body: "Here it is", form, attachments: id },
      cookies,
    );
    expect(reply.status).toBe(303);

    expect(await states()).toEqual([]);
    const { messages } = await threadOf(patient);
    expect((messages as readonly object[]).at(-1)).toMatchObject({
      tier: 3,
      attachments: [{ id, name: `${CANARY}.png`, state: "ready" }],
    });
    const { download } = (await look(id)).body as { readonly download: { readonly url: string } };
    expect((await fetched(download.url)).bytes).toEqual(aPng());
    expect((await look(id, "frontdesk")).body).not.toHaveProperty("name");
  });

  it("is uploaded without script, too: by a form that posts to the bucket", async () => {
    const { link, cookies } = await aSession();
    const fields = { contentType: "image/png", fileName: "" };
    const page = await host.portal(`${link}/attachments`, fields, cookies);

    expect(page.status).toBe(201);
    expect(page.html).toMatch(/<form[^>]+enctype="multipart\/form-data"/u);
    const hidden = [...page.html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/gu)].map(
      ([, name = "", value = ""]) => [name, value.replaceAll("&#43;", "+").replaceAll("&amp;", "&")] as const,
    );
    const action = /<form method="post" action="([^"]+)" enctype/u.exec(page.html)?.[1] ?? "";
    expect(await post({ url: action, fields: Object.fromEntries(hidden) }, aPng())).toBe(204);
    await host.settled();
    const listed = await host.portal(`${link}/attachments`, undefined, cookies);
    expect(listed.html).toContain('data-state="ready"');
  });

  it.each([
    ["SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")],
    ["a page", Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["a program", Buffer.from("MZ\x90\0\x03\0\0\0", "latin1")],
    ["a photo under another type", aJpeg()],
    ["half a photo", aPng().subarray(0, 50)],
  ])("is refused where it is %s", async (_what, content) => {
    const { uploads, states, open } = await aSession();
    const id = await uploads(content);
    expect(await states()).toMatchObject([{ id, state: "refused" }]);
    expect((await open(id)).status).toBe(404);
  });

  it("is not taken too large, empty, late, under another key or type", async () => {
    const { ask } = await aSession();
    const { upload } = await ask({ sizeBytes: 100 });
    const other = await ask();
    const withFields = (fields: object) => ({ ...upload, fields: { ...upload.fields, ...fields } });

    expect(await post(upload, Buffer.alloc(101))).toBe(400);
    expect(await post(upload, Buffer.alloc(0))).toBe(400);
    expect(await post(withFields({ key: `incoming/${other.id}` }), aPng())).toBe(403);
    expect(await post(withFields({ key: `checked/${other.id}` }), aPng())).toBe(403);
    expect(await post(withFields({ "Content-Type": "text/html" }), aPng())).toBe(403);
    await host.advance(61);
    expect(await post(upload, Buffer.alloc(50))).toBe(403);
  });

  it("cannot be changed by posting over it", async () => {
    const { ask, open } = await aSession();
    const { id, upload } = await ask();
    expect(await post(upload, aPng())).toBe(204);
    await host.settled();
    expect(await post(upload, aPng({ extra: tellingChunks(), width: 2 }))).toBe(204);
    await host.settled();

    const { bytes } = await fetched((await open(id)).headers.get("location"));
    expect(bytes).toEqual(aPng());
  });

  it("is nobody else's, and only from our own pages", async () => {
    const [own, other] = [await aSession(), await aSession()];
    const id = await own.uploads(aPng());

    expect((await other.open(id)).status).toBe(404);
    expect((await other.call(`/attachments/${id}/removal`, {})).status).toBe(200);
    expect(await own.states()).toMatchObject([{ id, state: "ready" }]);
    const foreign = { Origin: "https://elsewhere.example", "Sec-Fetch-Site": "cross-site" };
    expect((await own.call("/attachments", {}, foreign)).status).toBe(403);
    expect((await own.call(`/attachments/${id}/removal`, {}, foreign)).status).toBe(403);
  });

  it("goes with every version once it was taken back", async () => {
    const { uploads, call, states, open } = await aSession();
    const id = await uploads(aPng());
    expect((await call(`/attachments/${id}/removal`, {})).status).toBe(200);
    expect(await states()).toEqual([]);
    expect((await open(id)).status).toBe(404);

    await host.advance(6 * 60);
    await host.settled();

    const { items } = await expecting(200, host.local("GET", "/objects"));
    expect(JSON.stringify(items)).not.toContain(id);
    const { ContentKeys = [] } = await exportedTables(host);
    expect(ContentKeys.filter(({ pk }) => pk === id)).toEqual([]);
  });

  it("is one of ten at most that wait, and of sizes and types that there are", async () => {
    const { ask, call } = await aSession();
    const refused = async (fields: object) => (await call("/attachments", fields)).status;
    const file = { fileName: "a.png", contentType: "image/png", sizeBytes: 10 };
    expect(await refused({ ...file, sizeBytes: 26_214_401 })).toBe(413);
    expect(await refused({ ...file, contentType: "image/svg+xml" })).toBe(422);
    expect(await refused({ ...file, fileName: "\u0000" })).toBe(422);
    for (let count = 0; count < 10; count += 1) await ask();
    expect(await refused(file)).toBe(429);
  });
});

describe("everything around", () => {
  it("writes its entry before anybody gets a form or an address", async () => {
    const { ask, open, uploads } = await aSession();
    const id = await uploads(aPng());
    for (const act of [() => ask(), () => open(id)]) {
      const calls = await callsDuring(host, act);
      const written = calls.findIndex(
        ({ action }) => action === "TransactWriteItems" || action === "PutItem",
      );
      expect(written).toBeGreaterThan(-1);
      expect(calls.slice(0, written).filter(({ service }) => service === "s3")).toEqual([]);
    }
  });

  it("lets only the function that looks into files read what nobody has looked into", async () => {
    const readers = (await callsOf(host))
      .filter(({ action, resource }) => action === "GetObject" && resource.includes("/incoming/"))
      .map(({ function: name }) => name);
    expect(new Set(readers)).toEqual(new Set(["check-attachment"]));
    const keepers = (await callsOf(host))
      .filter(({ action, resource }) => action === "PutObject" && resource.includes("/checked/"))
      .map(({ function: name }) => name);
    expect(new Set(keepers)).toEqual(new Set(["check-attachment"]));
  });

  it("has no file's name in clear in tables, keys, calls and logs", async () => {
    await staffUploads(phonePhoto());
    const tables = JSON.stringify(await exportedTables(host));
    expect(tables).toContain("att_");
    const places = [tables, JSON.stringify(await callsOf(host)), host.output()];
    const { items } = await expecting(200, host.local("GET", "/objects"));
    for (const place of [...places, JSON.stringify(items)]) expect(place).not.toContain(CANARY);
  });
});
