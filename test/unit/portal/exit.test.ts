import { describe, expect, it } from "vitest";
import { aWorld } from "./world.ts";

describe("leaving in a hurry", () => {
  it("shows the way out at once, ends the session, and clears what the browser holds", async () => {
    const world = await aWorld();
    const opened = await world.post(world.token, { birthDate: "1980-05-17" });
    const cookies = (opened.multiValueHeaders?.["Set-Cookie"] ?? []).map(String);

    const answer = await world.lock(world.token, { body: "exit=yes", cookies });

    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { "Clear-Site-Data": '"cache"', "Cache-Control": "no-store" },
      body: expect.stringContaining("weather.gov"),
    });
    expect(answer.multiValueHeaders?.["Set-Cookie"]).toEqual([
      expect.stringMatching(/^__Host-session=; Max-Age=0;/),
      expect.stringMatching(/^__Host-proof=; Max-Age=0;/),
    ]);
    expect((await world.thread(world.token, { cookies })).statusCode).toBe(303);
  });

  it("is the same for every link, with a session or without", async () => {
    const world = await aWorld();
    const [known, forged] = await Promise.all(
      [world.token, "forged"].map((token) => world.lock(token, { body: "exit=yes" })),
    );

    expect(forged).toEqual(known);
    expect(known?.body).not.toContain(world.token);
  });

  it("is not what a plain lock asks for, and no other site can ask for it", async () => {
    const world = await aWorld();

    expect((await world.lock(world.token)).statusCode).toBe(303);
    expect((await world.lock(world.token, { body: "exit=no" })).statusCode).toBe(303);
    const foreign = { body: "exit=yes", headers: { "sec-fetch-site": "cross-site" } };
    expect((await world.lock(world.token, foreign)).statusCode).toBe(403);
  });
});

describe("the first page's other forms", () => {
  it("reach their routes over the page's own address, which holds no token", async () => {
    const world = await aWorld();
    const first = await world.get(world.token);

    for (const route of ["new-link", "wrong-person"]) {
      expect(first.body).toContain(`name="route" value="${route}"`);
      const answer = await world.post(world.token, { route });
      expect(answer.body).not.toBe(first.body);
      expect(answer.body).not.toContain(world.token);
    }
    expect((await world.post(world.token, { route: "thread" })).body).toBe(first.body);
  });
});
