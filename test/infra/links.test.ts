import { describe, expect, it } from "vitest";
import { at, listOf, referenced, resourcesOf } from "#infra/checks/template.ts";
import { linkKeyIds, linkLifetimeSeconds } from "#infra/link-settings.ts";
import { type StageSettings, stageSettings } from "#infra/stages.ts";
import { synthesized } from "./synthesized.ts";

const HOLDERS = ["PortalFunction", "SendAlertFunction"];

/** Of the stage with other settings: environment and granted link keys by function, and the keys that there are. */
function linksOf(settings: Partial<StageSettings>) {
  const template = synthesized({ ...stageSettings("evaluation"), ...settings });
  const keys = resourcesOf(template, "AWS::KMS::Key").map(({ id }) => id.replace(/[A-F0-9]{8}$/, ""));
  const functions = resourcesOf(template, "AWS::Lambda::Function").flatMap(({ id, properties }) => {
    const variables = Object.entries(at(properties, "Environment", "Variables") ?? {});
    const own = variables.filter(([name]) => name.includes("LINK_"));
    return own.length === 0 ? [] : [[id, Object.fromEntries(own)] as const];
  });
  const granted = resourcesOf(template, "AWS::IAM::Policy").flatMap(({ id, properties }) =>
    listOf(at(properties, "PolicyDocument", "Statement"))
      .filter((statement) => String(at(statement, "Sid")).startsWith("ComputeWithLinkKey"))
      .map((statement) => {
        expect(at(statement, "Action")).toBe("kms:GenerateMac");
        return `${id.replace(/Role.*/, "")} ${referenced(at(statement, "Resource"))?.replace(/[A-F0-9]{8}$/, "")}`;
      }),
  );
  return { keys: keys.filter((id) => id.startsWith("LinkKey")), functions, granted: granted.sort() };
}

describe("the keys of links", () => {
  it("are one, unless a stage says otherwise", () => {
    const { keys, functions, granted } = linksOf({});

    expect(keys).toHaveLength(1);
    expect(functions.map(([id]) => id.replace(/[A-F0-9]{8}$/, "")).sort()).toEqual(HOLDERS);
    for (const [, variables] of functions) {
      expect(variables).toMatchObject({ LINK_KEY_ID: "1" });
      expect(variables).not.toHaveProperty("PREVIOUS_LINK_KEY_ID");
    }
    expect(granted).toHaveLength(HOLDERS.length);
  });

  it("overlap: the new one signs, and both functions can still check links of the one before", () => {
    const { keys, functions, granted } = linksOf({ linkKey: { current: 2, previous: 1 } });

    expect(keys).toHaveLength(2);
    for (const [, variables] of functions) {
      expect(variables).toMatchObject({ LINK_KEY_ID: "2", PREVIOUS_LINK_KEY_ID: "1" });
      expect(JSON.stringify(variables["LINK_KEY_ARN"])).toContain("LinkKey2");
      expect(JSON.stringify(variables["PREVIOUS_LINK_KEY_ARN"])).not.toContain("LinkKey2");
    }
    expect(granted).toHaveLength(2 * HOLDERS.length);
    expect(new Set(granted.map((grant) => grant.split(" ")[0]))).toEqual(new Set(HOLDERS));
  });

  it("keep the first one's name in the template, so that deploying a second one replaces nothing", () => {
    const before = resourcesOf(synthesized(), "AWS::KMS::Key").find(({ id }) => id.startsWith("LinkKey"));
    const settings = { ...stageSettings("evaluation"), linkKey: { current: 2, previous: 1 } };
    const after = resourcesOf(synthesized(settings), "AWS::KMS::Key").map(({ id }) => id);

    expect(after).toContain(before?.id);
  });

  it.each([
    [{ current: 0 }, "1 to 255"],
    [{ current: 256 }, "1 to 255"],
    [{ current: 1.5 }, "1 to 255"],
    [{ current: 2, previous: 0 }, "1 to 255"],
    [{ current: 2, previous: 2 }, "another id"],
  ])("%j are refused", (linkKey, words) => {
    expect(() => synthesized({ ...stageSettings("evaluation"), linkKey })).toThrow(words);
    expect(() => linkKeyIds({ linkKey })).toThrow(words);
  });
});

describe("the life of links", () => {
  it.each([
    [undefined, "259200"],
    [1, "3600"],
    [168, "604800"],
  ])("of %s hours is told to what mints them", (linkLifetimeHours, seconds) => {
    const settings = linkLifetimeHours === undefined ? {} : { linkLifetimeHours };
    const { functions } = linksOf(settings);

    const sendAlert = functions.find(([id]) => id.startsWith("SendAlertFunction"));
    expect(sendAlert?.[1]).toMatchObject({ LINK_LIFETIME_SECONDS: seconds });
  });

  it.each([0, 0.5, 169, 1.5, Number.NaN])("of %d hours is refused", (linkLifetimeHours) => {
    expect(() => linkLifetimeSeconds({ linkLifetimeHours })).toThrow("1 to 168");
    expect(() => synthesized({ ...stageSettings("evaluation"), linkLifetimeHours })).toThrow("1 to 168");
  });
});
