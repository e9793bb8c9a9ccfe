import { afterAll, beforeAll, expect, it } from "vitest";
import { entriesOf } from "../support/audit-export.ts";
import type { LocalHost } from "../support/host.ts";
import { alertOf, consentingPatient, expecting, sendMessage, startPractice } from "../support/practice.ts";

const OTHERS = 40;
const OWN = 8;
const MINUTES = 60_000;
/** Real time in which the originator's pace lets all of them leave. */
const WAIT_MS = 60_000;

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

it(
  "a STOP in the middle of a queue stops that number at once, and all others get theirs",
  async () => {
    const stopper = await consentingPatient(host);
    const others = await Promise.all(Array.from({ length: OTHERS }, () => consentingPatient(host)));
    const messages: { readonly id: string; readonly to: string }[] = [];
    const post = async (patient: typeof stopper) => {
      const { id } = await sendMessage(host, patient);
      messages.push({ id, to: patient.mobilePhone });
    };
    for (const [index, patient] of others.entries()) {
      await post(patient);
      if (index % 5 === 0) await post(stopper);
    }

    await expecting(202, host.local("POST", "/texts", { from: stopper.mobilePhone, body: "Stop please!" }));
    const { now } = await expecting(200, host.local("GET", "/clock"));
    const stoppedAt = String(now);
    const endMs = Date.now() + WAIT_MS;
    while (Date.now() < endMs && (await leftOver()) > 0)
      await new Promise((resolve) => setTimeout(resolve, 500));
    await host.settled();

    const late = (await host.texts(stopper.mobilePhone)).filter(({ sentAt }) => sentAt >= stoppedAt);
    const confirmations = late.filter(({ body }) => /no more texts/u.test(body));
    // A text that was claimed before the STOP was on record may still be on its way to the network; no other one is.
    const chain = await entriesOf(host, stopper.id);
    const stoppedWith = chain.find(({ action }) => action === "text.received")?.sequence ?? 0;
    const claimedBefore = chain
      .filter(({ action, sequence }) => action === "alert.claimed" && sequence < stoppedWith)
      .map(({ details }) => details?.["alertId"]);
    const underWay = late.filter((text) => !confirmations.includes(text));
    expect(stoppedWith).toBeGreaterThan(0);
    expect(underWay.filter(({ context }) => !claimedBefore.includes(context["alertId"]))).toEqual([]);
    expect(underWay.length).toBeLessThanOrEqual(1);
    expect(confirmations.length).toBeLessThanOrEqual(1);
    for (const { mobilePhone } of others) expect(await host.texts(mobilePhone)).toHaveLength(1);
    // Their requests may have been put back for a later turn.
    await host.advance(60);
    const own = await Promise.all(
      messages.filter(({ to }) => to === stopper.mobilePhone).map((message) => alertOf(host, message)),
    );
    expect(own).toHaveLength(OWN);
    expect(own.filter(({ status }) => !["sent", "delivered", "blocked"].includes(status))).toEqual([]);
    expect(own.some(({ status, reason }) => status === "blocked" && reason === "consent_revoked")).toBe(true);

    /** Others who still wait for theirs. */
    async function leftOver(): Promise<number> {
      const reached = new Set((await host.texts()).map(({ to }) => to));
      return others.filter(({ mobilePhone }) => !reached.has(mobilePhone)).length;
    }
  },
  3 * MINUTES,
);
