import { describe, expect, it } from "vitest";
import { createOpenContact, createSealContact } from "#shared/adapters/contact-seal.ts";
import { createOpenEvidence, createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import type { ConsentRecord } from "#shared/consent/records.ts";
import { aConsent, PATIENT_ID } from "#test/support/builders.ts";
import { createStore } from "#test/support/store.ts";

const CONTACT = {
  externalId: "MRN-1",
  givenName: "Given",
  familyName: "Family",
  birthDate: "1980-05-17",
  mobilePhone: null,
  email: "someone@example.org",
};

function theSeals() {
  const store = createStore();
  const newDataKey = createNewDataKey(store.kms, store.keyArn("ContactKey"));
  const openDataKey = createOpenDataKey(store.kms, store.keyArn("ContactKey"));
  return {
    store,
    sealContact: createSealContact(newDataKey),
    openContact: createOpenContact(openDataKey),
    sealEvidence: createSealEvidence(newDataKey),
    openEvidence: createOpenEvidence(openDataKey),
    newDataKey,
  };
}

describe("contact details", () => {
  it("open again for the patient that they were sealed for", async () => {
    const { sealContact, openContact } = theSeals();

    const sealed = await sealContact(PATIENT_ID, CONTACT);

    expect(await openContact({ id: PATIENT_ID, ...sealed })).toEqual(CONTACT);
  });

  it("do not open for another patient, nor does their key", async () => {
    const { sealContact, openContact } = theSeals();
    const sealed = await sealContact(PATIENT_ID, CONTACT);
    const other = await sealContact("pat_other", CONTACT);

    await expect(openContact({ id: "pat_other", ...sealed })).rejects.toThrow();
    await expect(
      openContact({ id: "pat_other", contact: sealed.contact, wrappedKey: other.wrappedKey }),
    ).rejects.toThrow();
  });

  it("do not open with the key of content", async () => {
    const { store, sealContact } = theSeals();
    const sealed = await sealContact(PATIENT_ID, CONTACT);
    const openContact = createOpenContact(createOpenDataKey(store.kms, store.keyArn("ContentKey")));

    await expect(openContact({ id: PATIENT_ID, ...sealed })).rejects.toThrow();
  });
});

describe("evidence of a consent", () => {
  it.each(["Form in cabinet 3", null])("opens again as %j", async (evidence) => {
    const { sealEvidence, openEvidence } = theSeals();

    const sealed = await sealEvidence(PATIENT_ID, "con_1", evidence);

    const record = { ...aConsent({ consentId: "con_1" }), patientId: PATIENT_ID, ...sealed } as ConsentRecord;
    expect(await openEvidence(record)).toBe(evidence);
    await expect(openEvidence({ ...record, consentId: "con_2" })).rejects.toThrow();
  });
});

describe("a data key", () => {
  it("is bound to opaque ids only, which is what CloudTrail prints", async () => {
    const { store, sealContact, sealEvidence } = theSeals();
    await sealContact(PATIENT_ID, CONTACT);
    await sealEvidence(PATIENT_ID, "con_1", "canary");

    const contexts = store.calls.map(({ input }) => input["EncryptionContext"]);

    expect(contexts).toEqual([
      { patientId: PATIENT_ID, use: "contact" },
      ...(CONTACT.mobilePhone === null ? [] : [{ patientId: PATIENT_ID, use: "phone" }]),
      ...(CONTACT.email === null ? [] : [{ patientId: PATIENT_ID, use: "email" }]),
      { patientId: PATIENT_ID, use: "con_1" },
    ]);
  });

  it("is a fresh one for everything", async () => {
    const { newDataKey } = theSeals();

    const keys = await Promise.all([1, 2].map(() => newDataKey({ patientId: PATIENT_ID, use: "contact" })));

    expect(keys[0]?.plaintext).toHaveLength(32);
    expect(keys[0]?.plaintext).not.toEqual(keys[1]?.plaintext);
  });
});
