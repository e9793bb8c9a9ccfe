import type { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { createObjectStore } from "#shared/adapters/s3/object-store.ts";

const named = (name: string) => Object.assign(new Error(name), { name });

/** A bucket that answers puts with these errors one after another, and then takes them. */
function storing(...names: readonly string[]) {
  const left = [...names];
  const sent: Record<string, unknown>[] = [];
  const client = {
    send: async ({ input }: { readonly input: Record<string, unknown> }) => {
      sent.push(input);
      const name = left.shift();
      if (name !== undefined) throw named(name);
      return {};
    },
  };
  return { sent, store: createObjectStore(client as unknown as S3Client, "anchors") };
}

describe("adding an object", () => {
  it("puts it only where there is none", async () => {
    const { sent, store } = storing();
    expect(await store.add("anchors/1.json", "{}", "application/json")).toBe("added");
    expect(sent).toEqual([
      {
        Bucket: "anchors",
        Key: "anchors/1.json",
        Body: "{}",
        ContentType: "application/json",
        IfNoneMatch: "*",
      },
    ]);
  });

  it("says that there is one", async () => {
    expect(await storing("PreconditionFailed").store.add("key", "", "text/plain")).toBe("exists");
  });

  it("is repeated under the same condition while another put of the key is under way", async () => {
    const conflict = "ConditionalRequestConflict";
    const { sent, store } = storing(conflict, conflict);
    expect(await store.add("key", "", "text/plain")).toBe("added");
    expect(sent.map(({ IfNoneMatch }) => IfNoneMatch)).toEqual(["*", "*", "*"]);
    expect(await storing(conflict, "PreconditionFailed").store.add("key", "", "text/plain")).toBe("exists");
  });

  it("ends with the error where the conflict lasts, and at once with any other", async () => {
    const conflict = "ConditionalRequestConflict";
    const lasting = storing(conflict, conflict, conflict);
    await expect(lasting.store.add("key", "", "text/plain")).rejects.toThrow(conflict);
    expect(lasting.sent).toHaveLength(3);
    const denied = storing("AccessDenied");
    await expect(denied.store.add("key", "", "text/plain")).rejects.toThrow("AccessDenied");
    expect(denied.sent).toHaveLength(1);
  });
});
