import { defineConfig } from "vitest/config";
import { closingLineReporter } from "./test/support/closing-line-reporter.ts";

const SECOND_MS = 1000;

const everywhere = {
  environment: "node",
  expect: { requireAssertions: true },
  restoreMocks: true,
  unstubEnvs: true,
  env: { TZ: "UTC" },
} as const;

/** Suites that start the whole host, or a browser besides: one file at a time, after the quick suites. */
const oneAtATime = {
  ...everywhere,
  fileParallelism: false,
  testTimeout: 60 * SECOND_MS,
  // One hook of the planes goes through every route.
  hookTimeout: 300 * SECOND_MS,
} as const;

export default defineConfig({
  test: {
    reporters: ["default", closingLineReporter()],
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...everywhere,
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/lint/**/*.test.ts"],
          testTimeout: 20 * SECOND_MS,
        },
      },
      {
        test: {
          ...everywhere,
          name: "infra",
          include: ["test/infra/**/*.test.ts"],
          testTimeout: 60 * SECOND_MS,
          hookTimeout: 120 * SECOND_MS,
        },
      },
      {
        test: {
          ...oneAtATime,
          fileParallelism: true,
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // Each has a host of its own and mostly waits for it, so that two go well beside each other.
          ...oneAtATime,
          fileParallelism: true,
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...oneAtATime,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
