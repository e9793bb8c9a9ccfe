import { PassThrough } from "node:stream";
import { expect, it, vi } from "vitest";
import { createProgressBar } from "#infra/template-audit/progress-bar.ts";

function drawn(isTTY: boolean, totalBytes: number | undefined): string {
  vi.useFakeTimers({ toFake: ["performance"] });
  const output = Object.assign(new PassThrough(), { isTTY });
  const bar = createProgressBar(output, totalBytes);
  bar.update(10, 1);
  vi.advanceTimersByTime(150);
  bar.update(50, 7);
  bar.update(60, 8);
  bar.clear();
  vi.useRealTimers();
  return String(output.read() ?? "");
}

it("draws now and then on a terminal, and takes itself away", () => {
  expect(drawn(true, 100)).toBe("\r\u001b[K[###############...............] 50 %  7 templates\r\u001b[K");
  expect(drawn(true, undefined)).toBe("\r\u001b[K7 templates\r\u001b[K");
});

it("writes nothing to a pipe", () => {
  expect(drawn(false, 100)).toBe("");
});
