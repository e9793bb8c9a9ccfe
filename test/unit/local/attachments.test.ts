import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { Clock } from "#infra/local/aws/clock.ts";
import { attachmentsTemplate } from "./attachments-stack.ts";
import { clientOf, startSmallStack } from "./small-stack.ts";

const BUCKET = "small-attachments";
const PORTAL = "http://127.0.0.1:4499";
const MB = 1024 * 1024;

let aws: Aws;
let clock: Clock;
let stop: () => Promise<void>;
const clients = new Map<string, S3Client>();
const client = (functionName: string): S3Client => {
  const made = clients.get(functionName) ?? new S3Client(clientOf(aws, functionName));
  clients.set(functionName, made);
  return made;
};

beforeAll(async () => {
  ({ aws, clock, stop } = await startSmallStack(attachmentsTemplate, PORTAL));
});
afterAll(async () => {
  for (const each of clients.values()) each.destroy();
  await stop();
});

/** Status and code of an XML error of S3. */
async function failure(response: Response): Promise<readonly [number, string | undefined]> {
  const [status, code] = await refusal(response);
  return [status, code];
}

/** The same with its message. */
async function refusal(
  response: Response,
): Promise<readonly [number, string | undefined, string | undefined]> {
  const text = await response.text();
  const [, code] = /<Code>(.*?)<\/Code>/u.exec(text) ?? [];
  const [, message] = /<Message>(.*?)<\/Message>/u.exec(text) ?? [];
  return [response.status, code, message];
}

const FORM: Omit<PresignedPostOptions, "Bucket"> = {
  Key: "incoming/att_1",
  Fields: { "Content-Type": "image/png" },
  Conditions: [["content-length-range", 1, 100]],
  Expires: 60,
};

async function sign(options: Partial<PresignedPostOptions> = {}, by = "signer") {
  return createPresignedPost(client(by), { Bucket: BUCKET, ...FORM, ...options });
}

/** Uploads as a browser does. */
function upload(
  { url, fields }: { readonly url: string; readonly fields: Readonly<Record<string, string>> },
  content: string | Buffer = "picture",
  options: { readonly headers?: Record<string, string>; readonly name?: string } = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(Buffer.from(content))]), options.name ?? "holiday.png");
  return fetch(url, { method: "POST", body: form, headers: options.headers ?? {}, redirect: "manual" });
}

const records = (since: number) => aws.calls().slice(since);
const arrived = () => aws.queues.receive("Arrivals", 10, 0).map(({ body }) => JSON.parse(body));

async function putChecked(name: string, content = "checked picture"): Promise<void> {
  await client("checker").send(
    new PutObjectCommand({ Bucket: BUCKET, Key: `checked/${name}`, Body: content, ContentType: "image/png" }),
  );
}

const address = (Key: string, more = {}, by = "viewer", expiresIn = 60) =>
  getSignedUrl(client(by), new GetObjectCommand({ Bucket: BUCKET, Key, ...more }), { expiresIn });

describe("an upload by a presigned form", () => {
  it("is stored under the bucket's key, as a put of the role that signed", async () => {
    const seen = aws.calls().length;
    const form = await sign({ Key: "incoming/att_stored" });

    const response = await upload(form);

    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(response.headers.get("x-amz-server-side-encryption-aws-kms-key-id")).toBe(
      aws.template.attribute("ContentKey", "Arn"),
    );
    const stored = aws.s3.bucket(BUCKET)?.find("incoming/att_stored");
    expect(stored?.content.toString()).toBe("picture");
    expect(stored?.contentType).toBe("image/png");
    expect(records(seen)).toMatchObject([
      {
        function: "signer",
        role: "Small-SignerRole",
        service: "s3",
        action: "PutObject",
        resource: `arn:aws:s3:::${BUCKET}/incoming/att_stored`,
        allowed: true,
      },
    ]);
  });

  it("takes 25 MB, and a byte more than its policy allows is too large", async () => {
    const form = await sign({
      Key: "incoming/att_large",
      Conditions: [["content-length-range", 1, 25 * MB]],
    });

    expect((await upload(form, Buffer.alloc(25 * MB, 7))).status).toBe(204);
    expect(aws.s3.bucket(BUCKET)?.find("incoming/att_large")?.content.length).toBe(25 * MB);
    expect(await failure(await upload(form, Buffer.alloc(25 * MB + 1)))).toMatchObject([
      400,
      "EntityTooLarge",
    ]);
    expect(await failure(await upload(form, ""))).toMatchObject([400, "EntityTooSmall"]);
    expect(await failure(await upload(form, Buffer.alloc(33 * MB)))).toMatchObject([400, "EntityTooLarge"]);
  });

  it("is refused when the minute on the local clock is over", async () => {
    const form = await sign();
    clock.advanceTo(clock.now() + 61_000);

    expect(await refusal(await upload(form))).toEqual([
      403,
      "AccessDenied",
      "Invalid according to Policy: Policy expired.",
    ]);
  });

  it("is refused with another key, another type, or a field that the policy does not know", async () => {
    const { url, fields } = await sign();
    const refused = async (more: Record<string, string>) =>
      refusal(await upload({ url, fields: { ...fields, ...more } }));
    const policyFailed = [403, "AccessDenied", "Invalid according to Policy: Policy Condition failed"];

    expect(await refused({ key: "incoming/att_2" })).toEqual(policyFailed);
    expect(await refused({ "Content-Type": "text/html" })).toEqual(policyFailed);
    for (const extra of ["x-amz-meta-note", "x-amz-server-side-encryption", "acl", "Cache-Control"])
      expect(await refused({ [extra]: "AES256" })).toEqual([
        403,
        "AccessDenied",
        "Invalid according to Policy: Extra input fields",
      ]);
    expect((await upload({ url, fields: { ...fields, "x-ignore-me": "1" } })).status).toBe(204);
  });

  it("takes a key that only has to begin so, with the file's own name in it", async () => {
    const form = await sign({ Key: "incoming/att_named/${filename}" });

    expect((await upload(form, "x", { name: "C:\\photos\\cat.png" })).status).toBe(204);
    expect(aws.s3.bucket(BUCKET)?.find("incoming/att_named/cat.png")).toBeDefined();
    const elsewhere = { ...form, fields: { ...form.fields, key: "checked/att_named" } };
    expect(await failure(await upload(elsewhere))).toMatchObject([403, "AccessDenied"]);
  });

  it("answers as the form wants", async () => {
    const wanting = async (fields: Record<string, string>) =>
      upload(await sign({ Fields: { ...FORM.Fields, ...fields } }));

    expect((await wanting({ success_action_status: "200" })).status).toBe(200);
    const created = await wanting({ success_action_status: "201" });
    expect(created.status).toBe(201);
    expect(await created.text()).toContain(`<PostResponse><Location>${aws.gatewayUrl}/${BUCKET}/`);
    const onward = await wanting({ success_action_redirect: "https://portal.example/m/back" });
    expect(onward.status).toBe(303);
    expect(onward.headers.get("location")).toMatch(
      /^https:\/\/portal\.example\/m\/back\?bucket=small-attachments&key=incoming%2Fatt_1&etag=/u,
    );
  });

  it("is refused where signature, key or form are not right", async () => {
    const form = await sign();
    const changed = (fields: Record<string, string>) => ({ ...form, fields: { ...form.fields, ...fields } });
    const credential = form.fields["X-Amz-Credential"] ?? "";
    const wider = Buffer.from(
      JSON.stringify({ expiration: "2099-01-01T00:00:00Z", conditions: [["starts-with", "$key", ""]] }),
    ).toString("base64");

    expect(await failure(await upload(changed({ Policy: wider })))).toMatchObject([
      403,
      "SignatureDoesNotMatch",
    ]);
    expect(await failure(await upload(changed({ "X-Amz-Signature": "0".repeat(64) })))).toMatchObject([
      403,
      "SignatureDoesNotMatch",
    ]);
    expect(
      await failure(
        await upload(changed({ "X-Amz-Credential": credential.replace(/^[^/]+/u, "AKIAUNKNOWN") })),
      ),
    ).toMatchObject([403, "InvalidAccessKeyId"]);
    const { Policy: _policy, ...unsigned } = form.fields;
    expect(await failure(await upload({ url: form.url, fields: unsigned }))).toMatchObject([
      403,
      "AccessDenied",
    ]);
    const fileless = new FormData();
    for (const [name, value] of Object.entries(form.fields)) fileless.append(name, value);
    expect(await failure(await fetch(form.url, { method: "POST", body: fileless }))).toMatchObject([
      400,
      "InvalidArgument",
    ]);
    expect(
      await failure(
        await fetch(form.url, {
          method: "POST",
          body: "--x\r\nnothing",
          headers: { "content-type": "multipart/form-data; boundary=x" },
        }),
      ),
    ).toMatchObject([400, "MalformedPOSTRequest"]);
  });

  it("is judged by the rights of the role that signed it", async () => {
    const seen = aws.calls().length;

    expect(await failure(await upload(await sign({ Key: "checked/att_1" })))).toMatchObject([
      403,
      "AccessDenied",
    ]);
    expect(await failure(await upload(await sign({}, "viewer")))).toMatchObject([403, "AccessDenied"]);

    expect(records(seen)).toMatchObject([
      { function: "signer", action: "PutObject", allowed: false, error: "AccessDeniedException" },
      { function: "viewer", action: "PutObject", allowed: false, error: "AccessDeniedException" },
    ]);
  });

  it("obeys the bucket's policy about keys", async () => {
    const encryption = { "x-amz-server-side-encryption": "AES256" };

    expect(await failure(await upload(await sign({ Fields: encryption })))).toMatchObject([
      403,
      "AccessDenied",
    ]);
    const own = {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": aws.template.attribute("ContentKey", "Arn"),
    };
    expect((await upload(await sign({ Fields: own }))).status).toBe(204);
  });
});

describe("a presigned address", () => {
  it("shows the object with the headers it names, as a get of the role that signed", async () => {
    await putChecked("att_shown");
    const seen = aws.calls().length;
    const url = await address("checked/att_shown", {
      ResponseContentType: "image/png",
      ResponseContentDisposition: `attachment; filename*=UTF-8''knee%20%26%20hand.png`,
      ResponseCacheControl: "no-store",
    });

    const response = await fetch(url);

    expect(await response.text()).toBe("checked picture");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-disposition": "attachment; filename*=UTF-8''knee%20%26%20hand.png",
      "cache-control": "no-store",
    });
    expect(records(seen)).toMatchObject([
      {
        function: "viewer",
        action: "GetObject",
        resource: `arn:aws:s3:::${BUCKET}/checked/att_shown`,
        allowed: true,
      },
    ]);
  });

  it("has expired after its seconds on the local clock", async () => {
    await putChecked("att_brief");
    const url = await address("checked/att_brief");

    clock.advanceTo(clock.now() + 59_000);
    expect((await fetch(url)).status).toBe(200);
    clock.advanceTo(clock.now() + 2000);
    expect(await refusal(await fetch(url))).toEqual([403, "AccessDenied", "Request has expired"]);
  });

  it("stands for one key, one method and one set of headers", async () => {
    await putChecked("att_mine");
    await putChecked("att_yours");
    const url = await address("checked/att_mine", { ResponseContentDisposition: "attachment" });
    const mismatch = [403, "SignatureDoesNotMatch"];

    expect(await failure(await fetch(url.replace("att_mine", "att_yours")))).toMatchObject(mismatch);
    expect(await failure(await fetch(url.replace("=attachment", "=inline")))).toMatchObject(mismatch);
    expect(await failure(await fetch(url.replace("X-Amz-Expires=60", "X-Amz-Expires=3600")))).toMatchObject(
      mismatch,
    );
    expect(await failure(await fetch(`${url}&versionId=1`))).toMatchObject(mismatch);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
    expect(
      await failure(await fetch(url.replace(/X-Amz-Expires=60/u, "X-Amz-Expires=700000"))),
    ).toMatchObject([400, "AuthorizationQueryParametersError"]);
    expect(aws.s3.bucket(BUCKET)?.find("checked/att_mine")).toBeDefined();
  });

  it("opens nothing for a role without the right, without the key, or outside of the bucket's policy", async () => {
    await putChecked("att_kept");

    for (const [key, by] of [
      ["checked/att_kept", "signer"],
      ["checked/att_kept", "sightless"],
      ["checked/att_kept", "outsider"],
      ["checked/att_kept", "checker"],
      ["incoming/att_1", "viewer"],
      ["checked/att_missing", "viewer"],
    ] as const) {
      expect(await failure(await fetch(await address(key, {}, by))), by).toMatchObject([403, "AccessDenied"]);
    }
  });

  it("opens nothing without a signature", async () => {
    await putChecked("att_bare");
    expect(await failure(await fetch(`${aws.gatewayUrl}/${BUCKET}/checked/att_bare`))).toMatchObject([
      403,
      "AccessDenied",
    ]);
  });
});

describe("a page of another origin", () => {
  const ask = (origin: string, method: string, headers?: string) =>
    fetch(`${aws.gatewayUrl}/${BUCKET}`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        ...(headers === undefined ? {} : { "access-control-request-headers": headers }),
      },
    });

  it("may upload and see the answer where it is the portal's, which leads to this host", async () => {
    const allowed = await ask(PORTAL, "POST");
    expect(allowed.status).toBe(200);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": PORTAL,
      "access-control-allow-methods": "POST, GET, HEAD",
      "access-control-max-age": "600",
    });

    const uploaded = await upload(await sign(), "x", { headers: { origin: PORTAL } });
    expect(uploaded.headers.get("access-control-allow-origin")).toBe(PORTAL);
    const refused = await upload(await sign({ Key: "checked/x" }), "x", { headers: { origin: PORTAL } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, PORTAL]);
  });

  it("is refused where it is any other, or asks for more", async () => {
    for (const response of [
      await ask("https://elsewhere.example", "POST"),
      await ask("null", "POST"),
      await ask(PORTAL, "PUT"),
      await ask(PORTAL, "POST", "authorization"),
    ])
      expect(await failure(response)).toMatchObject([403, "AccessForbidden"]);

    const uploaded = await upload(await sign(), "x", { headers: { origin: "https://elsewhere.example" } });
    expect(uploaded.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("the queue of arrivals", () => {
  it("is told of what comes into incoming/, in S3's own form, and of nothing else", async () => {
    while (arrived().length > 0) {
      for (const { receiptHandle } of aws.queues.receive("Arrivals", 10, 60))
        aws.queues.deleteMessages("Arrivals", [receiptHandle]);
    }
    await putChecked("att_silent");
    await upload(await sign({ Key: "incoming/att told+ü.png" }), "seven b");

    const stored = aws.s3.bucket(BUCKET)?.find("incoming/att told+ü.png");
    expect(arrived()).toEqual([
      {
        Records: [
          {
            eventVersion: "2.5",
            eventSource: "aws:s3",
            awsRegion: "us-east-1",
            eventTime: new Date(stored?.lastModifiedMs ?? 0).toISOString(),
            eventName: "ObjectCreated:Post",
            userIdentity: { principalId: expect.stringMatching(/^AWS:AROA/u) },
            requestParameters: { sourceIPAddress: "127.0.0.1" },
            responseElements: expect.any(Object),
            s3: {
              s3SchemaVersion: "1.0",
              configurationId: expect.any(String),
              bucket: { name: BUCKET, ownerIdentity: expect.any(Object), arn: `arn:aws:s3:::${BUCKET}` },
              object: {
                key: "incoming/att+told%2B%C3%BC.png",
                size: 7,
                eTag: stored?.etag.replaceAll('"', ""),
                versionId: stored?.versionId,
                sequencer: expect.stringMatching(/^[0-9A-F]{18}$/u),
              },
            },
          },
        ],
      },
    ]);
  });

  it("must let S3 in, or nothing starts", async () => {
    const { ArrivalsPolicy: _without, ...resources } = attachmentsTemplate.Resources;
    await expect(startSmallStack({ Resources: resources })).rejects.toThrow(/could not deliver events/u);
  });
});

describe("versions", () => {
  const erase = (Objects: { Key: string; VersionId?: string }[], by = "eraser") =>
    client(by).send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
  const list = (Prefix: string, by = "eraser") =>
    client(by).send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix }));

  it("are listed with their marks, and are gone for good when each is deleted", async () => {
    await upload(await sign({ Key: "incoming/att_versions" }), "one");
    await upload(await sign({ Key: "incoming/att_versions" }), "two");
    await client("eraser").send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "incoming/att_versions" }));

    const { Versions = [], DeleteMarkers = [], IsTruncated } = await list("incoming/att_versions");
    expect(Versions.map(({ Size, IsLatest }) => [Size, IsLatest])).toEqual([
      [3, false],
      [3, false],
    ]);
    expect(DeleteMarkers).toMatchObject([{ Key: "incoming/att_versions", IsLatest: true }]);
    expect(IsTruncated).toBe(false);

    const doomed = [...Versions, ...DeleteMarkers].map(({ VersionId }) => ({
      Key: "incoming/att_versions",
      VersionId: VersionId ?? "",
    }));
    const { Deleted = [], Errors } = await erase(doomed);
    expect(Deleted).toHaveLength(3);
    expect(Errors).toBeUndefined();
    expect((await list("incoming/att_versions")).Versions).toBeUndefined();
  });

  it("come in pages", async () => {
    for (const content of ["a", "b", "c"]) await upload(await sign({ Key: "incoming/att_pages" }), content);
    const page = (KeyMarker?: string, VersionIdMarker?: string) =>
      client("eraser").send(
        new ListObjectVersionsCommand({
          Bucket: BUCKET,
          Prefix: "incoming/att_pages",
          MaxKeys: 2,
          ...(KeyMarker === undefined ? {} : { KeyMarker }),
          ...(VersionIdMarker === undefined ? {} : { VersionIdMarker }),
        }),
      );

    const first = await page();
    expect([first.Versions?.length, first.IsTruncated]).toEqual([2, true]);
    const second = await page(first.NextKeyMarker, first.NextVersionIdMarker);
    expect([second.Versions?.length, second.IsTruncated]).toEqual([1, false]);
    const ids = [...(first.Versions ?? []), ...(second.Versions ?? [])].map(({ VersionId }) => VersionId);
    expect(new Set(ids).size).toBe(3);
  });

  it("are listed and deleted only where the role may, and a refusal stands beside what was deleted", async () => {
    await upload(await sign({ Key: "incoming/att_mixed" }), "x");
    await putChecked("other");

    const { Deleted, Errors } = await erase([{ Key: "incoming/att_mixed" }, { Key: "checked/other" }]);

    expect(Deleted).toMatchObject([{ Key: "incoming/att_mixed", DeleteMarker: true }]);
    expect(Errors).toMatchObject([{ Key: "checked/other", Code: "AccessDenied" }]);
    expect(aws.s3.bucket(BUCKET)?.find("checked/other")).toBeDefined();
    await expect(list("")).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(list("incoming/att_mixed", "signer")).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

it("tells functions the host that really answers", () => {
  expect(aws.template.attribute("Attachments", "RegionalDomainName")).toBe(new URL(aws.gatewayUrl).host);
});
