import { describe, expect, it } from "vitest";
import type { ConsentRecord, ConsentState } from "#shared/consent/records.ts";
import { type Asked, restoreStopped, revokeAll, stoppedGrants } from "#shared/consent/stop.ts";
import { aConsent, CONSENT_ID, NUMBER_ID, PATIENT_ID } from "#test/support/builders.ts";

const AT = new Date("2026-11-04T18:00:00.000Z");
const ASKED: Asked = {
  channel: "sms",
  method: "text",
  evidence: null,
  recordedBy: `patient:${PATIENT_ID}`,
  language: "en",
  at: AT,
};

/** Ports that keep what is appended, as pairs of entry and state before. */
function aLedger() {
  const appended: (readonly [ConsentRecord, ConsentState | undefined])[] = [];
  const ports = {
    consents: {
      append: (record: ConsentRecord, before: ConsentState | undefined) => {
        appended.push([record, before]);
        return [{ item: record.consentId }];
      },
      entry: () => ({ table: "Consents", key: {}, parse: (item: unknown) => item as ConsentRecord }),
    },
    sealEvidence: async () => ({ sealed: new Uint8Array(1), wrappedKey: new Uint8Array(1) }),
    newId: () => `con_new_${appended.length}`,
  };
  return { ports, appended };
}

/** The state that an entry comes to, and the entry of the grant that it ended. */
async function afterStop(method: string) {
  const { ports, appended } = aLedger();
  await revokeAll(ports, PATIENT_ID, [aConsent()], { ...ASKED, method });
  const [[state] = []] = appended;
  if (state === undefined) throw new Error("nothing was ended");
  const grant: ConsentRecord = {
    ...state,
    ...aConsent(),
    acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
  };
  return { state: state as ConsentState & ConsentRecord, grant };
}

describe("ending consents", () => {
  it("ends what is granted for the channel and leaves the rest", async () => {
    const { ports, appended } = aLedger();
    const states = [
      aConsent(),
      aConsent({ purpose: "billing", decision: "revoked", consentId: "con_b" }),
      aConsent({ channel: "email", consentId: "con_e" }),
      aConsent({ purpose: "survey", consentId: "con_s", contactId: "num_before" }),
    ];

    const { purposes, writes } = await revokeAll(ports, PATIENT_ID, states, ASKED);

    expect(purposes).toEqual(["scheduling", "survey"]);
    expect(writes).toHaveLength(2);
    expect(appended.map(([, before]) => before?.consentId)).toEqual([CONSENT_ID, "con_s"]);
    expect(appended[0]?.[0]).toMatchObject({
      decision: "revoked",
      contactId: NUMBER_ID,
      since: AT.toISOString(),
      acknowledgements: null,
    });
  });
});

describe("START", () => {
  it.each(["text", "carrier"])("restores what was ended by %s, with its acknowledgements", async (method) => {
    const { state, grant } = await afterStop(method);
    const { ports, appended } = aLedger();

    expect(stoppedGrants([state], NUMBER_ID)).toEqual([CONSENT_ID]);
    const { purposes } = await restoreStopped(ports, PATIENT_ID, [state], [grant], ASKED);

    expect(purposes).toEqual(["scheduling"]);
    expect(appended[0]?.[0]).toMatchObject({
      decision: "granted",
      acknowledgements: grant.acknowledgements,
      ended: null,
    });
  });

  it.each(["portal", "verbal", "email", "paper"])("restores nothing that was ended by %s", async (method) => {
    const { state, grant } = await afterStop(method);
    const { ports } = aLedger();

    expect(stoppedGrants([state], NUMBER_ID)).toEqual([]);
    expect((await restoreStopped(ports, PATIENT_ID, [state], [grant], ASKED)).writes).toEqual([]);
  });

  it("restores nothing for another number than it was ended for", async () => {
    const { state } = await afterStop("text");

    expect(stoppedGrants([state], "num_other")).toEqual([]);
    expect(stoppedGrants([state], null)).toEqual([]);
  });
});
