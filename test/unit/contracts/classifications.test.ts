import { describe, expect, it } from "vitest";
import { createRoutes } from "#functions/classifications/handler.ts";
import { classifyByWord } from "#test/support/core-world.ts";
import { createCaller } from "#test/support/proxy-event.ts";

const directions: string[] = [];
const call = createCaller(
  createRoutes({
    classify: (text, options) => {
      directions.push(options.direction);
      return classifyByWord(text, options);
    },
  }),
);

describe("POST /classifications", () => {
  it("tells tier, name and every reason, and suggests what to do", async () => {
    const answer = await call("POST /classifications", { body: { text: "About diabetes." } });

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      tier: 3,
      name: "clinical",
      smsAllowed: false,
      reasons: [{ rule: "word-diabetes", category: "condition", start: 6, end: 14, explanation: "A word." }],
      suggestion: expect.stringContaining("message"),
    });
  });

  it("allows a text for tier 1 only", async () => {
    const administrative = await call("POST /classifications", { body: { text: "See you." } });
    const notification = await call("POST /classifications", { body: { text: "A result." } });

    expect(administrative.body).toEqual({ tier: 1, name: "administrative", smsAllowed: true, reasons: [] });
    expect(notification.body).toMatchObject({ tier: 2, name: "notification", smsAllowed: false });
  });

  it("takes a text for outbound unless it is said to be inbound", async () => {
    directions.length = 0;
    await call("POST /classifications", { body: { text: "a" } });
    await call("POST /classifications", { body: { text: "a", direction: "inbound" } });

    expect(directions).toEqual(["outbound", "inbound"]);
  });

  it("is for every role", async () => {
    const roles = ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"];

    const answers = await Promise.all(
      roles.map((role) => call("POST /classifications", { roles: role, body: { text: "a" } })),
    );

    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});
