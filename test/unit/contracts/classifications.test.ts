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
    classifierVersion: "test-1",
    secondReader: null,
    hasAgreement: async () => true,
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

    expect(administrative.body).toEqual({
      tier: 1,
      name: "administrative",
      smsAllowed: true,
      reasons: [],
    });
    expect(notification.body).toMatchObject({ tier: 2, name: "notification", smsAllowed: false });
  });

  it("takes a text for outbound unless it is said to be inbound", async () => {
    directions.length = 0;
    await call("POST /classifications", { body: { text: "a" } });
    await call("POST /classifications", { body: { text: "a", direction: "inbound" } });

    expect(directions).toEqual(["outbound", "inbound"]);
  });

  it("is raised by the second reader where there is one, its vendor has agreed and the verdict is below tier 3", async () => {
    const asked: { readonly text: string; readonly agreed: boolean; readonly direction: string }[] = [];
    const withReader = (hasAgreement: () => Promise<boolean>) =>
      createCaller(
        createRoutes({
          classify: classifyByWord,
          classifierVersion: "test-1",
          secondReader: {
            version: "reader-1/model",
            read: async (text, { agreed, direction }) => {
              asked.push({ text, agreed, direction });
              if (!agreed) return { kind: "silent", why: "no_agreement" };
              return { kind: "answered", answer: { tier: 3, category: "procedure", quote: "the snip" } };
            },
          },
          hasAgreement,
        }),
      );
    const body = { text: "After the snip.", direction: "inbound" };

    const raised = await withReader(async () => true)("POST /classifications", { body });
    const clinical = await withReader(async () => true)("POST /classifications", {
      body: { text: "About diabetes." },
    });
    const unread = await withReader(async () => {
      throw new Error("the table does not answer");
    })("POST /classifications", { body });

    expect(raised.body).toMatchObject({
      tier: 3,
      reasons: [{ rule: "second-reader", category: "procedure", start: 6, end: 14 }],
      classifierVersion: "test-1+reader-1/model",
    });
    expect(clinical.body).toMatchObject({ tier: 3, classifierVersion: "test-1" });
    expect(unread.body).toMatchObject({
      tier: 1,
      reasons: [],
      classifierVersion: "test-1+reader-1/model/no_agreement",
    });
    expect(asked).toEqual([
      { text: body.text, agreed: true, direction: "inbound" },
      { text: body.text, agreed: false, direction: "inbound" },
    ]);
  });

  it("is for every role", async () => {
    const roles = ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"];

    const answers = await Promise.all(
      roles.map((role) => call("POST /classifications", { roles: role, body: { text: "a" } })),
    );

    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});
