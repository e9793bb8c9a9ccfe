import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectsIn } from "../support/bucket-objects.ts";
import { callsDuring } from "../support/call-record.ts";
import { aPng } from "../support/files.ts";
import type { HostUser, LocalHost } from "../support/host.ts";
import {
  alertOf,
  consentingPatient,
  decide,
  expecting,
  newestText,
  patientTexts,
  postMessage,
  registerPatient,
  sendLink,
  sendMessage,
  startPractice,
} from "../support/practice.ts";
import { exportedTables, withoutSignIns } from "../support/table-export.ts";
import {
  copyTemplate,
  type PlainTemplate,
  readTemplate,
  statementsOf,
  type TemplateCopy,
  withCarrierOptOuts,
} from "../support/template-copy.ts";

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** Does something that changes state, and says what of the state can be seen by it. */
type Deed = {
  /** Is done before the function loses the permission. */
  prepare?(): Promise<unknown>;
  act(): Promise<unknown>;
  /** What is to stay as it was; all tables unless told. */
  seen?(): Promise<unknown>;
  /** The host of it; the first one unless told. */
  readonly on?: LocalHost;
};

/** The keys of all objects in a bucket, with their versions. */
async function objectKeys(host: LocalHost, bucket: string): Promise<readonly string[]> {
  return (await objectsIn(host, bucket)).map(({ key, versionId }) => `${key} ${versionId}`);
}

/** Whether a function was seen to fail for want of its audit entry, and whether anything changed by it. */
type Outcome = { readonly denied: boolean; readonly before: unknown; readonly after: unknown };

describe("without the permission to write its audit entries", () => {
  let host: LocalHost;
  /** Whose number's carrier hears STOP itself, and tells nobody. */
  let carrierHost: LocalHost;
  let carrierTemplate: TemplateCopy;
  let template: PlainTemplate;

  beforeAll(async () => {
    template = await readTemplate();
    carrierTemplate = await copyTemplate(withCarrierOptOuts);
    [host, carrierHost] = await Promise.all([
      startPractice(),
      startPractice({ templatePath: carrierTemplate.templatePath }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([host.stop(), carrierHost.stop()]);
    carrierTemplate.remove();
  });

  const call = (method: string, path: string, user: HostUser, body?: unknown) =>
    host.api(method, path, body, user, { "Idempotency-Key": randomUUID() });

  /** The deed of each function, by its folder; a function that writes audit entries and has none fails the test. */
  const DEEDS: Readonly<Record<string, () => Promise<Deed> | Deed>> = {
    authorize: () => ({
      // The session of a new sign-in is kept by its first call.
      act: async () => {
        const { accessToken } = await expecting(200, host.local("POST", "/tokens", { user: "auditor" }));
        return host.api("GET", "/practice", undefined, undefined, {
          Authorization: `Bearer ${String(accessToken)}`,
        });
      },
    }),
    patients: () => ({
      act: () => call("POST", "/patients", "frontdesk", { ...NEW_PATIENT, externalId: randomUUID() }),
    }),
    consents: async () => {
      const patient = await registerPatient(host);
      return { act: () => decide(host, patient, "granted").catch(() => undefined) };
    },
    messages: async () => {
      const patient = await consentingPatient(host);
      return { act: () => postMessage(host, patient, { deliver: "portal-only" }) };
    },
    appointments: async () => {
      const patient = await registerPatient(host);
      const visit = { patientId: patient.id, startsAt: "2098-01-01T10:00:00Z" };
      const path = `/appointments/${randomUUID()}`;
      await expecting(201, call("PUT", path, "integration", visit));
      const shown: unknown[] = [];
      return {
        // What readings give is what is to stay away.
        act: async () => {
          await call("PUT", path, "integration", { ...visit, startsAt: "2098-02-01T10:00:00Z" });
          for (const each of [path, "/appointments?date=2098-01-01", "/appointments?date=2098-02-01"]) {
            const { status, body } = await call("GET", each, "clinician");
            if (status !== 500) shown.push(body);
          }
          await call("DELETE", path, "frontdesk");
        },
        seen: async () => ({ shown: [...shown], tables: await everything("appointments") }),
      };
    },
    practice: () => ({
      act: () => call("PUT", "/vendors/aws", "compliance", { baaSignedOn: "2026-01-14" }),
    }),
    threads: async () => {
      const patient = await consentingPatient(host);
      const { threadId } = await sendMessage(host, patient, { deliver: "portal-only" });
      return { act: () => call("PATCH", `/threads/${threadId}`, "clinician", { state: "closed" }) };
    },
    attachments: () => ({
      act: () =>
        call("POST", "/attachments", "frontdesk", {
          fileName: "a.png",
          contentType: "image/png",
          sizeBytes: 1000,
        }),
    }),
    "check-attachment": async () => {
      const file = { fileName: "a.png", contentType: "image/png", sizeBytes: 1000 };
      const { id, upload } = await expecting(201, call("POST", "/attachments", "frontdesk", file));
      const { url, fields } = upload as { readonly url: string; readonly fields: Record<string, string> };
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("file", new Blob([new Uint8Array(aPng())]));
      return {
        act: () => fetch(url, { method: "POST", body: form }),
        seen: async () => ({
          state: (
            await expecting(200, host.api("GET", `/attachments/${String(id)}`, undefined, "frontdesk"))
          )["state"],
          shown: (await objectKeys(host, "Attachments")).filter((key) => key.startsWith("checked/")),
        }),
      };
    },
    "import-records": async () => {
      const { upload } = await expecting(202, call("POST", "/imports", "frontdesk", { kind: "patients" }));
      const { url, fields } = upload as { readonly url: string; readonly fields: Record<string, string> };
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("file", new Blob([`mrn,first,last,dob\n${randomUUID()},Ana,Ruiz,1980-04-12\n`]));
      return {
        act: () => fetch(url, { method: "POST", body: form }),
        // How far an import came is no record.
        seen: async () => {
          const { Patients, ContentKeys, Audit } = withoutSignIns(await exportedTables(host));
          return { Patients, ContentKeys, Audit };
        },
      };
    },
    tasks: async () => {
      const patient = await consentingPatient(host);
      await patientTexts(host, patient, "Which door is it?");
      const { items } = await expecting(200, call("GET", "/tasks?kind=reply&limit=100", "frontdesk"));
      const task = (items as readonly { id: string; patientId: string }[]).find(
        ({ patientId }) => patientId === patient.id,
      );
      return {
        act: () => call("POST", `/tasks/${String(task?.id)}/completion`, "frontdesk", { outcome: "reached" }),
      };
    },
    portal: async () => {
      const patient = await consentingPatient(host);
      const link = await sendLink(host, patient, { body: "A form is waiting for you", minimumTier: 2 });
      return { act: () => host.portal(link, { birthDate: patient.birthDate }) };
    },
    audit: async () => {
      const patient = await registerPatient(host);
      const month = "2026-01";
      const shown: unknown[] = [];
      return {
        // Readings of the record change nothing but the record; what they give is what is to stay away.
        act: async () => {
          for (const path of [
            `/audit?patientId=${patient.id}`,
            "/audit?actor=function:receive-text",
            `/patients/${patient.id}/disclosures`,
            `/patients/${patient.id}/accesses?format=csv`,
          ]) {
            const { status, body } = await call("GET", path, "auditor");
            if (status !== 500) shown.push(body);
          }
          const review = { sha256: "a".repeat(64) };
          const answer = await call("POST", `/audit/access-reviews/${month}/sign-off`, "compliance", review);
          if (answer.status !== 500) shown.push(answer.body);
        },
        seen: async () => ({ shown: [...shown], tables: await everything("audit") }),
      };
    },
    "send-alert": async () => {
      const patient = await consentingPatient(host);
      const message = { id: "" };
      return {
        act: async () => {
          Object.assign(message, await sendMessage(host, patient));
        },
        seen: async () => ({
          texts: await host.texts(patient.mobilePhone),
          alert: message.id === "" ? "queued" : (await alertOf(host, message))["status"],
        }),
      };
    },
    "record-delivery": async () => {
      const patient = await consentingPatient(host);
      await sendMessage(host, patient);
      const text = await newestText(host, patient);
      return {
        act: () => host.local("POST", `/texts/${text.id}/events`, { eventType: "TEXT_CARRIER_BLOCKED" }),
      };
    },
    "receive-text": async () => {
      const patient = await consentingPatient(host);
      return { act: () => patientTexts(host, patient, "STOP") };
    },
    remind: async () => {
      const patient = await consentingPatient(host);
      await patientTexts(host, patient, "Is parking free?");
      return {
        // Past the time by which the reply was to be answered.
        act: () => host.advance(3 * DAY_SECONDS),
        seen: async () =>
          (await exportedTables(host)).Practice.filter(({ escalatedAt }) => typeof escalatedAt === "string"),
      };
    },
    anchor: () => ({
      act: () => host.advance(HOUR_SECONDS),
      // Other schedules have their turn in that hour too.
      seen: async () => ({
        locked: await objectKeys(host, "Anchors"),
        copied: (await objectKeys(host, "Exports")).filter((key) => key.startsWith("anchor")),
        entries: (await exportedTables(host)).Audit.filter(({ pk }) => pk === "actor#function:anchor"),
      }),
    }),
    "export-audit": () => ({
      act: () => call("POST", "/audit/exports", "auditor", {}),
      seen: async () => ({
        files: await objectKeys(host, "Exports"),
        tables: await everything("export-audit"),
      }),
    }),
    "reconcile-opt-outs": async () => {
      const patient = await consentingPatient(carrierHost);
      await patientTexts(carrierHost, patient, "STOP");
      return {
        act: () => carrierHost.advance(DAY_SECONDS),
        seen: async () => (await exportedTables(carrierHost)).Consents,
        on: carrierHost,
      };
    },
  };

  const NEW_PATIENT = { givenName: "Ana", familyName: "Ruiz", birthDate: "1980-04-12" };

  /** All tables; what a sign-in writes belongs to `authorize`. */
  async function everything(name: string): Promise<unknown> {
    const tables = await exportedTables(host);
    return name === "authorize" ? tables : withoutSignIns(tables);
  }

  async function withoutPermission(name: string, { act, seen, on = host }: Deed): Promise<Outcome> {
    const look = seen ?? (() => everything(name));
    await on.settled();
    const before = await look();
    const denial = { function: name, action: "dynamodb:PutItem", table: "Audit" };
    await expecting(200, on.local("POST", "/denials", denial));
    const calls = await callsDuring(on, act);
    const after = await look();
    await expecting(200, on.local("DELETE", "/denials"));
    return { denied: calls.some((one) => one.function === name && !one.allowed), before, after };
  }

  it("every function that may write them is tried", () => {
    const writers = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
      const folder = /^functions\/([a-z-]+)\//u.exec(String(Properties?.["Description"]))?.[1];
      if (Type !== "AWS::Lambda::Function" || folder === undefined) return [];
      const appends = statementsOf(template, id.replace(/[\dA-F]{8}$/u, "")).some(
        ({ Action, Resource }) =>
          [Action].flat().includes("dynamodb:PutItem") && JSON.stringify(Resource).includes('"Audit'),
      );
      return appends ? [folder] : [];
    });

    expect(writers.toSorted()).toEqual(Object.keys(DEEDS).toSorted());
  });

  it.each(Object.keys(DEEDS))("%s changes nothing", async (name) => {
    const deed = await (DEEDS[name] as () => Promise<Deed> | Deed)();

    const { denied, before, after } = await withoutPermission(name, deed);

    expect(denied).toBe(true);
    expect(after).toEqual(before);
  });

  it.each(Object.keys(DEEDS))("%s does its work once it may again", async (name) => {
    const { act, seen, on = host } = await (DEEDS[name] as () => Promise<Deed> | Deed)();
    const look = seen ?? (() => everything(name));
    await on.settled();
    const before = await look();

    await act();
    await on.settled();

    expect(await look()).not.toEqual(before);
  });
});
