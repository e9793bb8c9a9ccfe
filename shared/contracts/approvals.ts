import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { expected } from "./expected.ts";
import { plainText, Time } from "./fields.ts";
import { DirectoryId } from "./practice.ts";

export const ApprovalId = z.string().regex(idPattern("apr")).meta({ id: "ApprovalId" });

const State = z.enum(["pending", "approved", "declined", "withdrawn", "lapsed"]).meta({
  id: "ApprovalState",
  description:
    "`lapsed`: a name of it was changed, removed, or asked about anew before anybody decided. `withdrawn`: approved names " +
    "were taken back.",
});
const Decision = z.enum(["approved", "declined", "withdrawn"]).meta({
  description: "`withdrawn` takes back what this request approved and is still in force.",
});

/** `POST /v1/approvals`: asks a second person; about the same names again, the same request is answered. */
export const RequestApprovalRequest = z
  .strictObject({
    kind: z.literal("directory", expected("directory, the only thing that a second person is asked about")),
    target: z.union([z.literal("directory"), DirectoryId], expected("an entry's id, or directory")).meta({
      description: "An entry's id; `directory`: every text name that waits.",
    }),
    reason: plainText(200).meta({ description: "For whoever decides." }),
  })
  .meta({ id: "RequestApprovalRequest" });

/** `POST /v1/approvals/{id}/decision`. */
export const DecideApprovalRequest = z
  .strictObject({ decision: Decision })
  .meta({ id: "DecideApprovalRequest" });

/** Query of `GET /v1/approvals`. */
export const ListApprovalsQuery = z.strictObject({
  state: State.optional(),
  limit: z.coerce.number<string>().int().min(1).max(100).optional(),
  cursor: ApprovalId.optional(),
});

/** Something that a second person decides. */
export const ApprovalResponse = z
  .strictObject({
    id: ApprovalId,
    kind: z.literal("directory"),
    target: z.string(),
    reason: z.string(),
    names: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(["location", "provider", "pharmacy"]),
        textName: z.string(),
        version: z.int(),
      }),
    ),
    state: State,
    requestedBy: z.string(),
    requestedAt: Time,
    decidedBy: z.string().nullable(),
    decidedAt: Time.nullable(),
    version: z.int(),
  })
  .meta({ id: "Approval" });

/** `GET /v1/approvals`, the newest first. A page may be short while there are more. */
export const ApprovalList = z
  .strictObject({ items: z.array(ApprovalResponse), nextCursor: z.string().nullable() })
  .meta({ id: "ApprovalList" });
