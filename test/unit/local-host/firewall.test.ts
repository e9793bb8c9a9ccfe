import { describe, expect, it } from "vitest";
import { readFirewall } from "#infra/local/http/firewall.ts";
import { fixtureTemplate } from "./fixture-api.ts";

describe("the rate rule", () => {
  it("counts each address within its window and forgets what is older", () => {
    const firewall = readFirewall(fixtureTemplate(), "Stage");
    const ask = (sourceIp: string, nowMs: number) =>
      firewall?.inspect({ sourceIp, bodyBytes: 0, nowMs }).kind;

    for (let request = 0; request < 200; request += 1) expect(ask("192.0.2.1", 1000)).toBe("pass");
    expect(ask("192.0.2.1", 1000)).toBe("filtered");
    expect(ask("192.0.2.2", 1000)).toBe("pass");
    expect(ask("192.0.2.1", 60_999)).toBe("filtered");
    expect(ask("192.0.2.1", 121_001)).toBe("pass");
  });
});
