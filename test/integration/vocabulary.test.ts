import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostUser, LocalHost } from "../support/host.ts";
import { expecting, startPractice } from "../support/practice.ts";
import { exportedTables } from "../support/table-export.ts";

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

const DIRECTORY = {
  locations: [{ id: "loc_north", name: "Northside building", textName: "Northside", codes: ["N1"] }],
  providers: [{ id: "prv_lee", name: "Ana Lee", textName: "Dr. Lee" }],
  pharmacies: [{ id: "phm_main", name: "Main Street Pharmacy", textName: "Main St Pharmacy" }],
};

const NOTICE = {
  name: "Form waiting",
  purpose: "portal",
  texts: {
    en: { text: "{practice}: new form. Read: {link} Call {phone}. Reply STOP to end", reviewer: "Ana Lee" },
    es: { text: "{practice}: nueva hoja. Lea: {link} Tel. {phone}. STOP para salir", reviewer: "Luz Vega" },
  },
};

type Body = Readonly<Record<string, unknown>>;
type Printed = { readonly id: string; readonly version: number; readonly text: string };

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

const call = (method: string, path: string, user: HostUser, body?: unknown) =>
  host.api(method, path, body, user, { "Idempotency-Key": randomUUID() });
const ok = (status: number, method: string, path: string, user: HostUser, body?: unknown): Promise<Body> =>
  expecting(status, call(method, path, user, body));

async function now(): Promise<string> {
  const { now: at } = await expecting(200, host.local("GET", "/clock"));
  return String(at);
}

async function putDirectory(directory: object) {
  const { timeZone, officeHours } = await ok(200, "GET", "/practice", "admin");
  return call("PUT", "/practice", "admin", { timeZone, officeHours, directory });
}

async function approveDirectory(directory: object): Promise<void> {
  expect((await putDirectory(directory)).status).toBe(200);
  const asking = { kind: "directory", target: "directory", reason: "New names." };
  const { status, body } = await call("POST", "/approvals", "admin", asking);
  // Another test may have had all of it approved.
  if (status === 422) return;
  const path = `/approvals/${String((body as Body)["id"])}/decision`;
  await ok(200, "POST", path, "compliance", { decision: "approved" });
}

async function inForce(id: string): Promise<readonly Printed[]> {
  const { templates } = await ok(200, "GET", "/vocabulary", "auditor");
  return (templates as readonly Printed[]).filter((template) => template.id === id);
}

describe("the directory", () => {
  it("takes no name that tells of a kind of care", async () => {
    const before = await exportedTables(host);

    const answer = await putDirectory({
      ...DIRECTORY,
      locations: [{ id: "loc_1", name: "Clinic", textName: "HIV clinic" }],
    });

    expect(answer).toMatchObject({ status: 422, body: { code: "unprocessable" } });
    expect((answer.body as Body)["findings"]).toContainEqual(
      expect.objectContaining({ pointer: "/directory/locations/0/textName", code: "clinical-name" }),
    );
    expect(JSON.stringify(answer.body)).not.toContain("HIV");
    expect((await exportedTables(host)).Practice.filter(({ sk }) => sk === "directory")).toEqual(
      before.Practice.filter(({ sk }) => sk === "directory"),
    );
  });

  it("is in texts only when somebody else approved it, and shows in the vocabulary", async () => {
    await putDirectory(DIRECTORY);
    const before = await ok(200, "GET", "/vocabulary", "integration");

    await approveDirectory(DIRECTORY);

    const { names } = await ok(200, "GET", "/vocabulary", "integration");
    expect((before["names"] as readonly { id: string }[]).map(({ id }) => id)).not.toContain("loc_north");
    expect(names).toEqual(
      expect.arrayContaining([
        { id: "loc_north", kind: "location", textName: "Northside", version: 1 },
        { id: "prv_lee", kind: "provider", textName: "Dr. Lee", version: 1 },
        { id: "phm_main", kind: "pharmacy", textName: "Main St Pharmacy", version: 1 },
      ]),
    );
  });

  it("is written as it was read, and the settings that a change leaves out stay", async () => {
    await approveDirectory(DIRECTORY);
    const { timeZone, officeHours, directory } = await ok(200, "GET", "/practice", "admin");
    const settings = { timeZone, officeHours };
    await ok(200, "PUT", "/practice", "admin", { ...settings, reminderOffsets: [48, 5] });

    const answer = await ok(200, "PUT", "/practice", "admin", { ...settings, directory });

    expect(answer).toMatchObject({ directory, reminderOffsets: [48, 5] });
  });

  it("loses the names of an approval that compliance takes back, and has them again when they are asked for", async () => {
    const place = { id: "loc_back", name: "Backyard", textName: "Elm House" };
    await approveDirectory({ ...DIRECTORY, locations: [...DIRECTORY.locations, place] });
    const { items } = await ok(200, "GET", "/approvals?state=approved", "compliance");
    const [newest] = items as readonly { readonly id: string }[];

    const back = await ok(200, "POST", `/approvals/${newest?.id}/decision`, "compliance", {
      decision: "withdrawn",
    });

    expect(back).toMatchObject({ state: "withdrawn" });
    const named = async () => {
      const { names } = await ok(200, "GET", "/vocabulary", "auditor");
      return (names as readonly { readonly id: string }[]).map(({ id }) => id);
    };
    expect(await named()).not.toContain("loc_back");
    await approveDirectory({ ...DIRECTORY, locations: [...DIRECTORY.locations, place] });
    expect(await named()).toContain("loc_back");
  });

  it("that was changed after it was asked about is not approved", async () => {
    await approveDirectory(DIRECTORY);
    const changed = (textName: string) => ({
      ...DIRECTORY,
      providers: [{ id: "prv_lee", name: "L", textName }],
    });
    await putDirectory(changed("Dr. A. Lee"));
    const asking = { kind: "directory", target: "prv_lee", reason: "New." };
    const { id } = await ok(201, "POST", "/approvals", "admin", asking);
    await putDirectory(changed("Dr. B. Lee"));

    const answer = await call("POST", `/approvals/${String(id)}/decision`, "compliance", {
      decision: "approved",
    });

    expect(answer).toMatchObject({ status: 409, body: { code: "version_conflict" } });
    const { names } = await ok(200, "GET", "/vocabulary", "frontdesk");
    expect(names).toContainEqual(expect.objectContaining({ id: "prv_lee", textName: "Dr. Lee" }));
  });
});

describe("a template", () => {
  it("is a draft, then in force, and an edit waits while the approved version stays", async () => {
    const { id } = await ok(201, "POST", "/templates", "clinician", NOTICE);
    const path = `/templates/${String(id)}`;
    const drafted = await inForce(String(id));
    await ok(200, "POST", `${path}/approval`, "compliance", { version: 1 });
    const english = {
      text: "{practice}: new page. Read: {link} Call {phone}. Reply STOP to end",
      reviewer: "B",
    };
    await ok(201, "POST", "/templates", "frontdesk", {
      ...NOTICE,
      id,
      texts: { ...NOTICE.texts, en: english },
    });

    const stale = await call("POST", `${path}/approval`, "compliance", { version: 1 });
    const between = await inForce(String(id));
    await ok(200, "POST", `${path}/approval`, "compliance", { version: 2 });
    const after = await inForce(String(id));

    expect(drafted).toEqual([]);
    expect(stale).toMatchObject({ status: 409, body: { code: "version_conflict" } });
    expect(between.map(({ version }) => version)).toEqual([1, 1]);
    expect(after).toMatchObject([{ version: 2, text: english.text }, { version: 2 }]);
  });

  it("is approved without a body, and withdrawn at once", async () => {
    const { id } = await ok(201, "POST", "/templates", "frontdesk", NOTICE);

    await ok(200, "POST", `/templates/${String(id)}/approval`, "compliance");
    const approved = await inForce(String(id));
    await ok(204, "DELETE", `/templates/${String(id)}`, "compliance");

    expect(approved).toHaveLength(2);
    expect(await inForce(String(id))).toEqual([]);
    expect(await ok(200, "GET", `/templates/${String(id)}`, "auditor")).toMatchObject({
      state: "withdrawn",
      inForce: null,
    });
  });

  it("is ended by its writer before anybody approved it, and not after", async () => {
    const [draft, approved] = [
      await ok(201, "POST", "/templates", "frontdesk", NOTICE),
      await ok(201, "POST", "/templates", "frontdesk", NOTICE),
    ].map(({ id }) => `/templates/${String(id)}`);
    await ok(200, "POST", `${approved}/approval`, "compliance");

    await ok(204, "DELETE", String(draft), "frontdesk");
    await ok(403, "DELETE", String(approved), "frontdesk");

    expect(await ok(200, "GET", String(draft), "auditor")).toMatchObject({ state: "withdrawn" });
    await ok(204, "DELETE", String(approved), "compliance");
  });

  it("with problems is refused with every finding", async () => {
    const answer = await call("POST", "/templates", "frontdesk", {
      ...NOTICE,
      texts: {
        en: { text: "URGENT!! Your HIV result: bit.ly/x. Call {doctor} now", reviewer: "A" },
        es: NOTICE.texts.es,
      },
    });

    expect(answer).toMatchObject({ status: 422, body: { code: "unprocessable" } });
    const { findings } = answer.body as { findings: readonly { code: string }[] };
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["clinical-words", "practice-missing", "phone-missing", "opt-out-missing"]),
    );
    expect(JSON.stringify(answer.body)).not.toMatch(/HIV|bit\.ly/);
  });

  it("is approved once by two who do it at once", async () => {
    const { id } = await ok(201, "POST", "/templates", "frontdesk", NOTICE);
    const path = `/templates/${String(id)}/approval`;

    const answers = await Promise.all([1, 2].map(() => call("POST", path, "compliance", { version: 1 })));

    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    const { Audit } = await exportedTables(host);
    const approvals = Audit.filter(
      ({ action, details }) =>
        action === "template.approved" && (details as Body)["templateId"] === String(id),
    );
    expect(approvals).toHaveLength(1);
  });
});

describe("the vocabulary", () => {
  it("of an earlier moment, and what changed since, stay told", async () => {
    await approveDirectory(DIRECTORY);
    const from = await now();
    await host.advance(2 * DAY_SECONDS);
    const { id } = await ok(201, "POST", "/templates", "frontdesk", NOTICE);
    await ok(200, "POST", `/templates/${String(id)}/approval`, "compliance");
    await approveDirectory({
      ...DIRECTORY,
      pharmacies: [],
      locations: [{ id: "loc_north", name: "N", textName: "North Site" }],
    });
    await host.advance(DAY_SECONDS);

    const then = await ok(200, "GET", `/vocabulary?at=${from}`, "auditor");
    const change = await ok(200, "GET", `/vocabulary?from=${from}&to=${await now()}`, "auditor");
    const days = `from=${from.slice(0, 10)}&to=${(await now()).slice(0, 10)}`;
    const byDay = await ok(200, "GET", `/vocabulary?${days}`, "auditor");

    expect(then["names"]).toContainEqual(expect.objectContaining({ textName: "Main St Pharmacy" }));
    expect(change).toMatchObject({
      templates: { added: [{ id, texts: { en: NOTICE.texts.en.text } }], removed: [], changed: [] },
      names: {
        added: [],
        removed: [{ id: "phm_main" }],
        changed: [{ before: { textName: "Northside" }, after: { textName: "North Site" } }],
      },
      shipped: { says: expect.stringContaining("deployment") },
    });
    expect(byDay).toMatchObject({
      templates: { added: expect.arrayContaining([expect.objectContaining({ id })]) },
    });
  });

  it.each(["before", "after"] as const)(
    "holds an approval whole or not at all where the function ends %s its transaction",
    async (when) => {
      const { id } = await ok(201, "POST", "/templates", "frontdesk", NOTICE);
      const path = `/templates/${String(id)}/approval`;
      const fault = {
        function: "practice",
        service: "dynamodb",
        action: "TransactWriteItems",
        when,
        kind: "crash",
        times: 1,
      };
      await expecting(200, host.local("POST", "/faults", fault));
      const { version } = await ok(200, "GET", "/vocabulary", "auditor");

      const lost = await call("POST", path, "compliance", { version: 1 });
      await expecting(200, host.local("DELETE", "/faults"));
      const again = await call("POST", path, "compliance", { version: 1 });

      expect(lost.status).toBeGreaterThanOrEqual(500);
      expect(again.status).toBe(when === "before" ? 200 : 409);
      expect(await inForce(String(id))).toHaveLength(2);
      expect(await ok(200, "GET", "/vocabulary", "auditor")).toMatchObject({ version: Number(version) + 1 });
    },
  );

  it("has every longest text pass the found-phone test", async () => {
    const { templates, emails } = await ok(200, "GET", "/vocabulary", "compliance");
    const longest = (templates as readonly { longest: readonly { passes: boolean }[] }[]).flatMap(
      (template) => template.longest,
    );

    expect(longest.length).toBeGreaterThan(100);
    expect(
      [...longest, ...(emails as readonly { passes: boolean }[])].filter(({ passes }) => !passes),
    ).toEqual([]);
  });

  it("is a page to print where a page is asked for", async () => {
    const answer = await fetch(`${host.base}/v1/vocabulary`, {
      headers: { Authorization: `Bearer ${await host.token("auditor")}`, Accept: "text/html" },
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).not.toContain("script-src");
    expect(await answer.text()).toContain("<h1>What texts of");
  });
});

/** Who may do what; what is asked for is valid but does not exist, or is valid and changes nothing that is tested. */
const UNKNOWN_TEMPLATE = "/templates/tpl_00000000000000000000000000";
const UNKNOWN_APPROVAL = "/approvals/apr_00000000000000000000000000";
const EVERYONE: readonly HostUser[] = [
  "frontdesk",
  "clinician",
  "compliance",
  "admin",
  "auditor",
  "integration",
];
const MATRIX: readonly (readonly [string, string, readonly HostUser[], unknown])[] = [
  ["GET", "/vocabulary?at=2099-01-01", EVERYONE, undefined],
  ["GET", "/templates?limit=1", EVERYONE, undefined],
  ["POST", "/templates", ["frontdesk", "clinician"], {}],
  ["POST", `${UNKNOWN_TEMPLATE}/approval`, ["compliance"], {}],
  ["DELETE", UNKNOWN_TEMPLATE, ["compliance"], undefined],
  ["GET", "/approvals", ["admin", "compliance", "auditor"], undefined],
  ["POST", "/approvals", ["admin"], {}],
  ["POST", `${UNKNOWN_APPROVAL}/decision`, ["compliance"], { decision: "approved" }],
];

describe("every role", () => {
  it.each(MATRIX)("may %s %s as the table says", async (method, path, allowed, body) => {
    const forbidden: HostUser[] = [];
    for (const user of EVERYONE) {
      const { status } = await call(method, path, user, body);
      if (status === 403) forbidden.push(user);
    }

    expect(forbidden).toEqual(EVERYONE.filter((user) => !allowed.includes(user)));
  });
});
