import * as z from "zod";
import { expected } from "./expected.ts";
import { Time } from "./fields.ts";

/** `POST /v1/audit/exports`. */
export const RequestExportRequest = z
  .union(
    [
      z.strictObject({ kind: z.literal("full").optional() }),
      z.strictObject({ kind: z.literal("incremental"), from: Time, to: Time }),
    ],
    expected("kind full, or kind incremental with from and to, which are times such as 2026-11-22T17:00:00Z"),
  )
  .meta({
    id: "RequestExportRequest",
    description:
      "Everything as it stands, or what changed from a time (inclusive) to another (exclusive): 15 minutes to 24 hours " +
      "apart, in the past, within the last 34 days.",
  });

/** `202` of `POST /v1/audit/exports`: AWS writes the files within minutes to hours. */
export const ExportAccepted = z
  .strictObject({
    id: z.string().meta({ description: "Id of the audit entry of this request." }),
    kind: z.enum(["full", "incremental"]),
    tables: z.array(z.strictObject({ table: z.string(), exportArn: z.string() })),
    prefix: z
      .string()
      .meta({ description: "What the keys of the exported files begin with in the exports bucket." }),
    newestAnchor: z.int().positive().nullable().meta({
      description: "Number of the newest anchor; its files lie in the same bucket under `anchors/`.",
    }),
  })
  .meta({ id: "ExportAccepted" });
