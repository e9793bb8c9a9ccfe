import { expect, it } from "vitest";
import { type ContenderSpeed, peerSpeedReport } from "#infra/bench/peer-speed.ts";

function aSpeed(given: Partial<ContenderSpeed>): ContenderSpeed {
  return {
    name: "ours",
    bundleBytes: 2048,
    microseconds: [10, 20, 20, 20, 40],
    loadMilliseconds: 8,
    ...given,
  };
}

it("compares every figure with the first contender's", () => {
  const { rows } = peerSpeedReport(
    [aSpeed({}), aSpeed({ name: "other", microseconds: [30, 30, 50, 90, 100], loadMilliseconds: 4 })],
    1,
    [],
  );

  expect(rows.map(({ cells }) => cells)).toEqual([
    ["ours", "20", "1.0", "40", "1.0", "8", "1.0", "2"],
    ["other", "50", "2.5", "100", "2.5", "4", "0.5", "2"],
  ]);
});

it("notes who was stopped by the clock, who failed, and what else is to be known", () => {
  const { rows, notes } = peerSpeedReport(
    [
      aSpeed({}),
      aSpeed({ name: "slow", microseconds: [900] }),
      aSpeed({
        name: "broken",
        microseconds: [],
        loadMilliseconds: undefined,
        bundleBytes: 0,
        failure: "cannot be bundled",
      }),
    ],
    1,
    ["The others are left out."],
  );

  expect(rows[2]?.cells).toEqual(["broken", "-", "-", "-", "-", "-", "-", "-"]);
  expect(notes?.slice(1)).toEqual([
    "slow: 1 of 5 timings in 20 s.",
    "broken cannot be bundled.",
    "The others are left out.",
  ]);
});
