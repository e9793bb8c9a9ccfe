import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { SendAlertEnvironment } from "#functions/send-alert/env.ts";
import { readEnv } from "#shared/runtime/env.ts";
import { createLog, describeError } from "#shared/runtime/log.ts";

describe("reading the environment", () => {
  const Schema = z.object({ NAME: z.string().min(3), COUNT: z.coerce.number<string>().int(), URL: z.url() });

  it("gives the values parsed", () => {
    expect(readEnv(Schema, { NAME: "name", COUNT: "2", URL: "https://a.example" })).toEqual({
      NAME: "name",
      COUNT: 2,
      URL: "https://a.example",
    });
  });

  it("fails with the names of what is missing or wrong, never with values", () => {
    const source = { NAME: "xy", COUNT: "canary-count", URL: "canary-url" };

    expect(() => readEnv(Schema, source)).toThrow(
      /^environment variables missing or wrong: NAME, COUNT, URL$/,
    );
  });

  it("names every variable that a function needs and does not have", () => {
    const names = Object.entries(SendAlertEnvironment.shape).flatMap(([name, field]) =>
      field.safeParse(undefined).success ? [] : [name],
    );

    expect(() => readEnv(SendAlertEnvironment, {})).toThrow(names.join(", "));
  });
});

describe("what is told of an error", () => {
  it("is its name, its code and where it happened", () => {
    const error = Object.assign(new RangeError("canary"), { code: "E_CODE" });

    expect(describeError(error)).toEqual({
      errorName: "RangeError",
      errorCode: "E_CODE",
      at: expect.stringContaining("runtime.test.ts"),
    });
  });

  it("never holds its message, whatever the message looks like", () => {
    const message = fc.array(
      fc.constantFrom("\n    at canary (file:1:1)", "\n    at ", "canary", "\n", "Error: "),
      {
        minLength: 1,
        maxLength: 6,
      },
    );

    fc.assert(
      fc.property(message, (parts) => {
        const described = JSON.stringify(describeError(new Error(`${parts.join("")}canary`)));

        expect(described).not.toContain("canary");
      }),
    );
  });

  it("is where it happened also when its message was changed since", () => {
    const error = new Error("canary");
    error.message = `another canary ${"x".repeat(5000)}`;

    const described = describeError(error);

    expect(described["at"]).toContain("runtime.test.ts");
    expect(JSON.stringify(described)).not.toContain("canary");
  });

  it("never holds the message of its cause", () => {
    const error = new Error("outer", { cause: new Error("canary") });

    expect(JSON.stringify(describeError(error))).not.toContain("canary");
  });

  it.each(["canary", { message: "canary" }, null, undefined, 7])(
    "is its type where it is no error (%#)",
    (thrown) => {
      expect(describeError(thrown)).toEqual({ errorName: typeof thrown });
    },
  );
});

describe("a log line", () => {
  it("has a code of the catalogue and no message of an error", () => {
    const written: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "write").mockImplementation((line) => {
        written.push(String(line));
        return true;
      });
    }
    const log = createLog();

    log.error("REQUEST_FAILED", new Error("canary"), { traceId: "request-1" });
    log.info("ALERT_SENT", { alertId: "alr_1" });

    expect(written.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: "ERROR",
        code: "REQUEST_FAILED",
        errorName: "Error",
        traceId: "request-1",
      }),
      expect.objectContaining({ level: "INFO", code: "ALERT_SENT", alertId: "alr_1" }),
    ]);
    expect(written.join()).not.toContain("canary");
  });
});
