import type { APIGatewayProxyResult, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createApi } from "#functions/http/api.ts";
import { createWorld } from "#test/support/core-world.ts";
import { aRequest, createTestLog } from "#test/support/proxy-event.ts";

const HEADER =
  "id,patientId,purpose,channel,decision,method,wordingVersion,language,contactId,unsecuredText,numberConfirmed,optOutAnytime,evidence,recordedBy,recordedAt";

async function aWorldToExport() {
  const world = createWorld();
  const patientId = await world.register();
  const handler = createApi(world.routes, createTestLog());
  const csv = (query: Record<string, string> = {}): Promise<APIGatewayProxyResult> =>
    handler(
      aRequest("GET /patients/{id}/consents", {
        path: { id: patientId },
        query: { format: "csv", ...query },
      }),
      {} as Context,
    );
  return { world, patientId, csv };
}

describe("the ledger as a table", () => {
  it("has a line of names and one for each entry, newest first", async () => {
    const { world, patientId, csv } = await aWorldToExport();
    await world.grant(patientId, { evidence: 'Form "A", cabinet 3' });
    world.clock.advance(60);
    await world.grant(patientId, { decision: "revoked", acknowledgements: undefined, method: "verbal" });

    const { statusCode, headers, body } = await csv();

    const lines = body.split("\r\n");
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ "Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store" });
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(HEADER);
    expect(lines[1]).toContain('"revoked","verbal","consent-2026-11","en"');
    expect(lines[2]).toContain('"true","true","true","Form ""A"", cabinet 3","staff_1"');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "|cmd", "%0A"])(
    "lets no spreadsheet calculate %s",
    async (evidence) => {
      const { world, patientId, csv } = await aWorldToExport();
      await world.grant(patientId, { evidence });

      expect((await csv()).body).toContain(`"'${evidence}"`);
    },
  );

  it("is on record as read before anything is opened", async () => {
    const { world, patientId, csv } = await aWorldToExport();
    await world.grant(patientId, { evidence: "Form" });

    await csv();

    expect(world.actions(patientId).at(-1)).toBe("consent.read");
  });

  it("is paged, without gap or repetition", async () => {
    const { world, patientId, csv } = await aWorldToExport();
    for (let count = 0; count < 202; count += 1) {
      world.clock.advance(1);
      await world.grant(patientId, { evidence: `Form ${count}` });
    }

    const first = await csv();
    const second = await csv({ cursor: String(first.headers?.["Next-Cursor"]) });

    const forms = [first, second].flatMap(({ body }) => body.match(/Form \d+/g) ?? []);
    expect(forms).toEqual(Array.from({ length: 202 }, (_, index) => `Form ${201 - index}`));
    expect(second.headers?.["Next-Cursor"]).toBeUndefined();
  });
});
