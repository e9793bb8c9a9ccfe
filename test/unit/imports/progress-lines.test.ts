import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createProgressLines } from "#infra/import/progress-lines.ts";

describe("progress where no terminal is", () => {
  it("is a line every so often, and nothing before", async () => {
    const output = new PassThrough();
    const lines = createProgressLines(output, 20);
    lines.update(0, 0);
    expect(output.read()).toBeNull();
    await new Promise((wake) => setTimeout(wake, 25));
    lines.update(0.256, 512);
    lines.update(0.3, 600);
    lines.clear();
    expect(String(output.read())).toBe("512 rows, 25 %\n");
  });
});
