import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CallerHost, startCallerHost } from "./caller-stack.ts";

let listening: CallerHost;
let deaf: CallerHost;
beforeAll(async () => {
  [listening, deaf] = await Promise.all([startCallerHost({ listens: true }), startCallerHost()]);
}, 60_000);
afterAll(() => Promise.all([listening.stop(), deaf.stop()]));

const text = async (host: CallerHost, body: string) => {
  const startedMs = performance.now();
  const { status } = await host.local("POST", "/texts", { from: "+12065550170", body });
  return { status, tookMs: performance.now() - startedMs };
};

describe("a patient's text", () => {
  it("has been processed when it is answered for", async () => {
    expect((await text(listening, "put heard")).status).toBe(202);
    expect((await listening.stored()).has("heard")).toBe(true);
  });

  it("is answered for when its first try has failed", async () => {
    const { status, tookMs } = await text(listening, "stop");
    expect(status).toBe(202);
    expect(tookMs).toBeLessThan(2000);
    const { body } = await listening.local("GET", "/logs");
    expect(JSON.stringify(body)).toContain("TypeError");
  });

  it("is answered for after three seconds at most", async () => {
    const { status, tookMs } = await text(listening, "sleep 4000 long");
    expect(status).toBe(202);
    expect(tookMs).toBeGreaterThan(2500);
    expect(tookMs).toBeLessThan(3600);
    await listening.settled();
  }, 10_000);

  it("is answered for at once while nobody listens, and stays on its queue", async () => {
    const { status, tookMs } = await text(deaf, "put unheard");
    expect(status).toBe(202);
    expect(tookMs).toBeLessThan(500);
    const { body } = await deaf.local("GET", "/queues");
    expect(JSON.stringify(body)).toContain("put unheard");
    expect((await deaf.stored()).has("unheard")).toBe(false);
  });
});
