import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ACTIONS, classOf } from "#shared/audit/reports/actions.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** `noun.verb` in quotes, and where the verb is put in, the rest of the template. */
const ACTION = /(["'`])([a-z]+(?:-[a-z]+)*\.(?:[a-z]+(?:-[a-z]+)*|\$\{[^}]+\}))\1/gu;
/** What a verb that is put in may become. */
const PUT_IN: Readonly<Record<string, readonly string[]>> = {
  "alert.${outcome.status}": ["sent", "delivered", "failed", "unknown"],
  "consent.${decision.decision}": ["granted", "revoked"],
};
/** Names of operations, and what else looks like an action. */
const OTHERS = new Set([
  ...["noun.verb", "aws.sms-voice", "can.cer", "ee.uu", "p.ej"],
  ...["consent.ask", "consent.write", "content.classify", "message.revoke", "message.send", "message.status"],
  ...["patient.write", "practice.read", "practice.write", "task.work", "thread.write", "vendor.write"],
  ...["audit.export", "access-review.sign", "link.revoke", "link.revoke-many", "pin.remove"],
  ...["appointment.write", "import.write", "template.write", "template.approve", "vocabulary.read"],
  ...["approval.request", "approval.decide", "approval.read", "aws.events", "aws.scheduler"],
]);

const FILE_NAME = /\.(?:ts|bin|json|html|csv|svg|png)$/u;

/** Everything in the code that may be an action of an audit entry. */
function actionsInCode(): readonly string[] {
  const files = ["shared", "functions"]
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((file) => file.isFile() && file.name.endsWith(".ts"))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.endsWith("shared/audit/reports/actions.ts"));
  const found = files.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(ACTION)].flatMap(([, , action = ""]) => {
      if (!action.includes("$")) return [action];
      const noun = action.slice(0, action.indexOf(".") + 1);
      return (PUT_IN[action] ?? ["verb-that-is-listed-nowhere"]).map((verb) => `${noun}${verb}`);
    }),
  );
  return [...new Set(found)].filter((one) => !OTHERS.has(one) && !FILE_NAME.test(one));
}

describe("the classes of actions", () => {
  const inCode = actionsInCode();

  it("cover every action that the code can write", () => {
    expect(inCode.length).toBeGreaterThan(45);
    expect(inCode.filter((action) => classOf(action) === undefined)).toEqual([]);
  });

  it("hold no action that nothing writes", () => {
    expect(Object.keys(ACTIONS).filter((action) => !inCode.includes(action))).toEqual([]);
  });

  it.each([
    "thread.read",
    "patient.read",
    "patient.changed",
    "patient.looked-up",
    "consent.read",
    "audit.read",
  ])("count %s as something that was shown", (action) => {
    expect(classOf(action)?.shows).toBeDefined();
  });

  it("know access in an emergency by its name, and nothing that is inherited", () => {
    expect(classOf("emergency-access.begun")).toBeDefined();
    expect(classOf("toString")).toBeUndefined();
    expect(classOf("thread.burnt")).toBeUndefined();
  });
});
