import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { createWorld } from "../support/core-world.ts";

const HTML = { headers: { Accept: "text/html" } };
const DIRECTORY = {
  locations: [{ id: "loc_1", name: "North", textName: "Northside" }],
  providers: [{ id: "prv_1", name: "Ana Lee", textName: "Dr. Lee" }],
  pharmacies: [],
};

let browser: Browser;
let pages: Readonly<Record<string, string>>;
beforeAll(async () => {
  const world = createWorld();
  const from = world.clock.now().toISOString();
  const settings = { timeZone: "America/Chicago", officeHours: {} };
  await world.call("PUT /practice", { roles: "admin", body: { ...settings, directory: DIRECTORY } });
  const asked = await world.call("POST /approvals", {
    roles: "admin",
    body: { kind: "directory", target: "directory", reason: "New names." },
  });
  world.clock.advance(60);
  await world.call("POST /approvals/{id}/decision", {
    roles: "compliance",
    actor: "staff_2",
    path: { id: String(asked.body["id"]) },
    body: { decision: "approved" },
  });
  const to = world.clock.now().toISOString();
  const vocabulary = await world.call("GET /vocabulary", { roles: "auditor", ...HTML });
  const difference = await world.call("GET /vocabulary", { roles: "auditor", query: { from, to }, ...HTML });
  pages = { vocabulary: vocabulary.text, difference: difference.text };
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe.each(["vocabulary", "difference"])("the page of the %s", (name) => {
  it.each([320, 390, 1280])("fits %i pixels, and everybody can read it", async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.setContent(pages[name] ?? "");

    const scrollWidth = await page.evaluate<number>("document.documentElement.scrollWidth");
    const found = await violations(page);
    await page.close();

    expect(scrollWidth).toBe(width);
    expect(found).toEqual([]);
  });
});
