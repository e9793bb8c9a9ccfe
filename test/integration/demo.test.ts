import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoReport, loadDemo } from "#infra/local/demo/load.ts";
import { listOf, recordOf } from "#infra/local/json-shape.ts";
import { type LocalHost, startLocalHost } from "../support/host.ts";

let host: LocalHost;
let loaded: readonly DemoReport[];

const practice = async () => recordOf((await host.api("GET", "/practice", undefined, "admin")).body);
const visit = async (id: string) =>
  recordOf((await host.api("GET", `/appointments/${id}`, undefined, "frontdesk")).body);
const load = () => loadDemo(host.base, () => undefined);

beforeAll(async () => {
  host = await startLocalHost();
  const first = await load();
  await host.settled();
  loaded = [first];
});
afterAll(async () => {
  await host.stop();
});

describe("the demo", () => {
  it("has places and people that texts may name, approved by a second person", async () => {
    const { directory } = await practice();
    const entries = ["locations", "providers", "pharmacies"]
      .flatMap((list) => listOf(recordOf(directory)[list]))
      .map(recordOf);

    expect(entries).toHaveLength(7);
    expect(loaded[0]?.names).toBe(7);
    for (const { approved, textName } of entries) expect(recordOf(approved)["textName"]).toBe(textName);
  });

  it("has visits on the days to come, at the clock of their place, none with a reminder that leaves at once", async () => {
    const [own, cancelled, pending] = await Promise.all(["V-8005", "V-8007", "V-8010"].map(visit));
    const time = new Intl.DateTimeFormat("en-GB", { timeZone: "America/New_York", timeStyle: "short" });

    expect(loaded[0]?.visits).toBe(20);
    expect(time.format(new Date(String(own?.["startsAt"])))).toBe("11:40");
    expect(own).toMatchObject({ locationId: "riverside", reminderOffsets: [48, 24, 2], version: 1 });
    expect(listOf(own?.["reminders"])).toHaveLength(3);
    expect(cancelled).toMatchObject({ status: "cancelled", reminders: [] });
    expect(pending).toMatchObject({ status: "pending", reminders: [] });
    const texts = await host.texts();
    expect(texts.length).toBe(loaded[0]?.messages);
  });

  it("is not changed by loading it again", async () => {
    const before = { version: (await practice())["version"], visit: await visit("V-8001") };
    const texts = (await host.texts()).length;

    const again = await load();
    await host.settled();

    expect(again).toEqual(loaded[0]);
    expect({ version: (await practice())["version"], visit: await visit("V-8001") }).toEqual(before);
    expect((await host.texts()).length).toBe(texts);
  });

  it("leaves a log in which every call of DynamoDB tells what it would cost", async () => {
    const calls = listOf(recordOf((await host.local("GET", "/calls")).body)["items"]).map(recordOf);
    const ofTables = calls.filter(({ service, allowed }) => service === "dynamodb" && allowed === true);

    expect(ofTables.length).toBeGreaterThan(500);
    for (const { action, units } of ofTables) {
      const { read, write } = recordOf(units);
      expect(Number(read) + Number(write), String(action)).toBeGreaterThan(0);
    }
    const others = calls.filter(({ service }) => service !== "dynamodb");
    expect(others.some(({ units }) => units !== undefined)).toBe(false);
  });
});
