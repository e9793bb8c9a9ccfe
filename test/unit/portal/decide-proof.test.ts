import { describe, expect, it } from "vitest";
import { type Answer, decideProof, type ProofFacts } from "#shared/portal/decide-proof.ts";

const ANSWERS: readonly Answer[] = ["absent", "right", "wrong"];
const EITHER = [false, true] as const;

/** Every combination there is: 3 tiers, 3 × 3 answers, 2⁴ circumstances. */
const ALL: readonly ProofFacts[] = ([1, 2, 3] as const).flatMap((tier) =>
  ANSWERS.flatMap((secret) =>
    ANSWERS.flatMap((code) =>
      EITHER.flatMap((secretProvenBefore) =>
        EITHER.flatMap((onRememberedDevice) =>
          EITHER.flatMap((isLinkOld) =>
            EITHER.map((isHeld) => ({
              tier,
              secret,
              code,
              secretProvenBefore,
              onRememberedDevice,
              isLinkOld,
              isHeld,
            })),
          ),
        ),
      ),
    ),
  ),
);

const isProven = ({ secret, secretProvenBefore }: ProofFacts) => secret === "right" || secretProvenBefore;
const where = (holds: (facts: ProofFacts) => boolean) => ALL.filter(holds);

describe("the decision about a proof", () => {
  it("is made for every combination", () => {
    expect(ALL).toHaveLength(432);
  });

  it("counts a date or PIN that is wrong, whatever else holds", () => {
    const wrong = where(({ secret }) => secret === "wrong");

    expect(wrong).toHaveLength(144);
    for (const facts of wrong) expect(decideProof(facts)).toEqual({ kind: "miss", step: "secret" });
  });

  it("opens administrative content by the link alone, and nothing more of it", () => {
    const alone = where((facts) => facts.tier === 1 && facts.secret === "absent" && !isProven(facts));

    expect(alone).toHaveLength(24);
    for (const facts of alone) expect(decideProof(facts)).toEqual({ kind: "open", tier: 1 });
  });

  it("refuses without date or PIN above that, whatever code or device says, and counts nothing", () => {
    const without = where((facts) => facts.tier > 1 && facts.secret === "absent" && !isProven(facts));

    expect(without).toHaveLength(48);
    for (const facts of without) expect(decideProof(facts)).toEqual({ kind: "refuse" });
  });

  it("opens no more than tier 2 while clinical content is held back, and takes no code", () => {
    const held = where((facts) => facts.isHeld && isProven(facts) && facts.secret !== "wrong");

    expect(held).toHaveLength(108);
    for (const facts of held) expect(decideProof(facts)).toEqual({ kind: "open", tier: 2 });
  });

  it.each([
    // device, old link, code: what comes of a proven date at tier 3
    [false, false, "absent", { kind: "want-code" }],
    [false, false, "right", { kind: "open", tier: 3 }],
    [false, false, "wrong", { kind: "miss", step: "code" }],
    [false, true, "absent", { kind: "want-code" }],
    [false, true, "right", { kind: "open", tier: 3 }],
    [false, true, "wrong", { kind: "miss", step: "code" }],
    [true, false, "absent", { kind: "open", tier: 3 }],
    [true, false, "right", { kind: "open", tier: 3 }],
    [true, false, "wrong", { kind: "miss", step: "code" }],
    [true, true, "absent", { kind: "want-code" }],
    [true, true, "right", { kind: "open", tier: 3 }],
    [true, true, "wrong", { kind: "miss", step: "code" }],
  ] as const)(
    "at tier 3, remembered %s, old link %s, code %s",
    (onRememberedDevice, isLinkOld, code, expected) => {
      const proven = where(
        (facts) =>
          facts.tier === 3 &&
          facts.secret !== "wrong" &&
          isProven(facts) &&
          !facts.isHeld &&
          facts.code === code &&
          facts.onRememberedDevice === onRememberedDevice &&
          facts.isLinkOld === isLinkOld,
      );

      expect(proven).toHaveLength(3);
      for (const facts of proven) expect(decideProof(facts)).toEqual(expected);
    },
  );

  it("opens less than tier 3 with date or PIN, and covers tier 3 on a remembered device with a young link", () => {
    const proven = where(
      (facts) => facts.tier < 3 && facts.secret !== "wrong" && isProven(facts) && !facts.isHeld,
    );

    expect(proven).toHaveLength(72);
    for (const facts of proven) {
      const tier = facts.onRememberedDevice && !facts.isLinkOld ? 3 : 2;
      expect(decideProof(facts)).toEqual({ kind: "open", tier });
    }
  });
});
