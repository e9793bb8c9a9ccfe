import { describe, expect, it } from "vitest";
import { createWorld, NEW_PATIENT } from "#test/support/core-world.ts";

const OTHER_PHONE = "+12065550143";

async function aConsentingPatient() {
  const world = createWorld();
  const patientId = await world.register({ email: "given@example.com" });
  await world.grant(patientId);
  await world.grant(patientId, { channel: "email" });
  const change = (body: object) =>
    world.call("PATCH /patients/{id}", { path: { id: patientId }, body: { ...body } });
  const states = async () => {
    const { body } = await world.call("GET /patients/{id}/consents", { path: { id: patientId } });
    const items = body["state"] as readonly { readonly channel: string; readonly suspended?: boolean }[];
    return Object.fromEntries(items.map((item) => [item.channel, item.suspended]));
  };
  const mayText = async () => {
    await world.signVendor();
    return (await world.send(patientId, {}, `key-${world.clock.iso()}`)).status;
  };
  return { world, patientId, change, states, mayText };
}

describe("a change of number", () => {
  it("suspends the consents of the old number and leaves those of the address", async () => {
    const { change, states, mayText } = await aConsentingPatient();

    await change({ mobilePhone: OTHER_PHONE });

    expect(await states()).toEqual({ sms: true, email: undefined });
    expect(await mayText()).toBe(409);
  });

  it("is over for consents with a grant for the present number", async () => {
    const { world, patientId, change, states, mayText } = await aConsentingPatient();
    await change({ mobilePhone: OTHER_PHONE });

    await world.grant(patientId);

    expect(await states()).toEqual({ sms: undefined, email: undefined });
    expect(await mayText()).toBe(202);
  });

  it("and back again revives nothing", async () => {
    const { change, states, mayText } = await aConsentingPatient();
    await change({ mobilePhone: OTHER_PHONE });

    await change({ mobilePhone: NEW_PATIENT.mobilePhone });

    expect(await states()).toEqual({ sms: true, email: undefined });
    expect(await mayText()).toBe(409);
  });

  it("to the same number changes nothing", async () => {
    const { change, states } = await aConsentingPatient();

    await change({ mobilePhone: NEW_PATIENT.mobilePhone, givenName: "New" });

    expect(await states()).toEqual({ sms: undefined, email: undefined });
  });

  it("is on record under the names that the ledger has", async () => {
    const { world, patientId, change } = await aConsentingPatient();

    await change({ mobilePhone: OTHER_PHONE });
    await world.grant(patientId);

    const [changed, granted] = world.entries(patientId).slice(-2);
    expect(changed?.details?.["numberId"]).toMatch(/^num_/);
    expect(granted?.details?.["contactId"]).toBe(changed?.details?.["numberId"]);
  });

  it("of the address suspends what was given for the old one", async () => {
    const { change, states } = await aConsentingPatient();

    await change({ email: "other@example.com" });

    expect(await states()).toEqual({ sms: undefined, email: true });
  });
});
