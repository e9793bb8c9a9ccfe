import type { APIGatewayProxyEvent } from "aws-lambda";
import { LINK_SECONDS } from "#shared/attachments/ports.ts";
import { RequestUploadRequest } from "#shared/contracts/attachments.ts";
import { AttachmentId } from "#shared/contracts/fields.ts";
import { ATTACHMENT_BYTES_MAX } from "#shared/domain/attachments/kinds.ts";
import { createPatientAttachments, type UploadPorts } from "#shared/portal/uploads.ts";
import { linkPath, tokenOf } from "../addresses.ts";
import { json, type Operation, page, type Routes, refused, seeOther } from "../answers.ts";
import { clearSession, readSession } from "../cookies.ts";
import { header, isOwnSite } from "../headers.ts";
import { type DeclaredUpload, isJson, readUpload } from "../upload-form.ts";
import { type AttachModel, type AttachProblem, attachPage } from "../views/attach-page.ts";
import type { PageFrame } from "../views/layout.ts";

const STATUS: Readonly<Record<AttachProblem, number>> = {
  type: 422,
  name: 422,
  "too-large": 413,
  "too-many": 429,
};

function asking(event: APIGatewayProxyEvent) {
  return {
    token: tokenOf(event),
    cookie: readSession(event),
    requestId: event.requestContext.requestId,
  };
}

/** True for the pages' own script, which reads JSON. */
function wantsJson(event: APIGatewayProxyEvent): boolean {
  return isJson(event) || (header(event, "accept") ?? "").includes("application/json");
}

/** What is wrong with a declared file; null where nothing is. */
function problemWith({ sizeBytes }: DeclaredUpload, issues: readonly string[]): AttachProblem | null {
  if (typeof sizeBytes === "number" && sizeBytes > ATTACHMENT_BYTES_MAX) return "too-large";
  if (issues.length === 0) return null;
  return issues.every((name) => name === "fileName") ? "name" : "type";
}

/** Photos and documents of patients, both ways. */
export function createAttachmentRoutes(ports: UploadPorts): Routes {
  const attachments = createPatientAttachments(ports);

  function ended(event: APIGatewayProxyEvent) {
    return wantsJson(event) ? json(401, {}) : seeOther(event, linkPath(event), clearSession(event));
  }

  async function showPage(
    event: APIGatewayProxyEvent,
    frame: PageFrame,
    status: number,
    model: Omit<AttachModel, "pending">,
  ) {
    const pending = await attachments.pending(asking(event));
    if (pending === undefined) return ended(event);
    return page(status, attachPage(frame, { ...model, pending }, linkPath(event)), frame.language);
  }

  const showUploads: Operation = async (event, frame) => {
    if (!wantsJson(event)) return showPage(event, frame, 200, { upload: null, problem: null });
    const states = await attachments.states(asking(event));
    return states === undefined ? ended(event) : json(200, { attachments: states });
  };

  const askForUpload: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const read = readUpload(event);
    if (read.kind === "unreadable") return refused(frame, read.status);
    const parsed = RequestUploadRequest.safeParse(read.form);
    const issues = parsed.error?.issues.map(({ path }) => String(path[0])) ?? [];
    const problem = problemWith(read.form, issues);
    const refuse = (why: AttachProblem) =>
      wantsJson(event)
        ? json(STATUS[why], { problem: why })
        : showPage(event, frame, STATUS[why], { upload: null, problem: why });
    if (problem !== null || !parsed.success) return refuse(problem ?? "type");
    const outcome = await attachments.request({ ...asking(event), file: parsed.data });
    switch (outcome.kind) {
      case "ended":
        return ended(event);
      case "unproven":
        return refused(frame, 403);
      case "too-many":
        return refuse("too-many");
      case "asked": {
        const { id, upload } = outcome;
        if (wantsJson(event)) return json(201, { id, upload, expiresInSeconds: LINK_SECONDS });
        return showPage(event, frame, 201, { upload, problem: null });
      }
      default:
        return outcome satisfies never;
    }
  };

  const openFile: Operation = async (event, frame) => {
    const attachmentId = AttachmentId.safeParse(event.pathParameters?.["attachmentId"]);
    if (!attachmentId.success) return refused(frame, 404);
    const outcome = await attachments.open({ ...asking(event), attachmentId: attachmentId.data });
    if (outcome.kind === "ended") return ended(event);
    if (outcome.kind === "not-there") return refused(frame, 404);
    const answer = seeOther(event, linkPath(event));
    return { ...answer, headers: { ...answer.headers, Location: outcome.address } };
  };

  const removeFile: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const attachmentId = AttachmentId.safeParse(event.pathParameters?.["attachmentId"]);
    if (!attachmentId.success) return refused(frame, 404);
    const outcome = await attachments.remove({ ...asking(event), attachmentId: attachmentId.data });
    if (outcome === "ended") return ended(event);
    return wantsJson(event) ? json(200, {}) : seeOther(event, `${linkPath(event)}/attachments`);
  };

  return {
    "GET /{token}/attachments": showUploads,
    "POST /{token}/attachments": askForUpload,
    "GET /{token}/attachments/{attachmentId}": openFile,
    "POST /{token}/attachments/{attachmentId}/removal": removeFile,
  };
}
