import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, ifMatch, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import { createOpenAttachment, type OpenAttachmentPorts } from "#shared/attachments/open.ts";
import { LINK_SECONDS } from "#shared/attachments/ports.ts";
import { AttachmentResponse } from "#shared/contracts/attachments.ts";
import { AttachmentId, ThreadId } from "#shared/contracts/fields.ts";
import {
  AddNoteRequest,
  ChangeThreadRequest,
  formatThreadCursor,
  ListThreadsQuery,
  NoteAdded,
  parseThreadCursor,
  ThreadList,
  ThreadResponse,
  ThreadSummary,
} from "#shared/contracts/threads.ts";
import { readableTier } from "#shared/domain/roles.ts";
import type { ThreadRecord } from "#shared/messaging/records.ts";
import { createAddNote, createChangeThread } from "#shared/threads/change.ts";
import { ownerOf, writerOf } from "#shared/threads/owner.ts";
import type { ThreadPorts, ThreadRow } from "#shared/threads/ports.ts";
import { createListThreads, createReadThread } from "#shared/threads/read.ts";

const PAGE_DEFAULT = 50;

function summary({ id, patientId, threadState, stateSince, assignee }: ThreadRow | ThreadRecord) {
  const { patient, number } = ownerOf(patientId);
  return { id, patientId: null, ...patient, ...number, state: threadState, stateSince, assignee };
}

/** Threads for staff: list, content, assignment, notes. */
export function createRoutes(
  ports: ThreadPorts &
    OpenAttachmentPorts & { readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array> },
): Routes {
  const readThread = createReadThread(ports);
  const openAttachment = createOpenAttachment(ports);
  const listThreads = createListThreads(ports);
  const changeThread = createChangeThread(ports);
  const addNote = createAddNote(ports);
  return {
    "GET /threads": async (event) => {
      const caller = allow(event, "thread.read");
      const { state, assignee, limit, cursor } = query(event, ListThreadsQuery);
      const page = await listThreads(
        {
          state: state ?? "waiting",
          assignee,
          limit: limit ?? PAGE_DEFAULT,
          cursor: parseThreadCursor(cursor ?? ""),
        },
        caller,
      );
      if (page === undefined) throw new ApiProblem("invalid_request", { pointer: "/cursor" });
      return json(
        200,
        ThreadList.parse({
          items: page.items.map(summary),
          nextCursor: page.next === null ? null : formatThreadCursor(page.next),
        }),
      );
    },
    "GET /threads/{id}": async (event) => {
      const caller = allow(event, "thread.read");
      const id = pathParameter(event, "id", ThreadId);
      const found = await readThread(id, { ...caller, readableTier: readableTier(caller.role) });
      if (found === undefined) throw new ApiProblem("not_found");
      const { thread, notes } = found;
      const { highestTier, version } = thread;
      const messages = found.messages.map((message) => ({ ...message, from: writerOf(message.sender) }));
      return json(
        200,
        ThreadResponse.parse({ ...summary(thread), highestTier, version, messages, notes }),
        version,
      );
    },
    "GET /attachments/{id}": async (event) => {
      const caller = allow(event, "thread.read");
      const id = pathParameter(event, "id", AttachmentId);
      const opened = await openAttachment(id, { ...caller, readableTier: readableTier(caller.role) });
      if (opened === undefined) throw new ApiProblem("not_found");
      const { download, ...rest } = opened;
      const fetched =
        download === undefined ? {} : { download: { url: download, expiresInSeconds: LINK_SECONDS } };
      return json(200, AttachmentResponse.parse({ ...rest, ...fetched }));
    },
    "PATCH /threads/{id}": async (event) => {
      const caller = allow(event, "thread.write");
      const id = pathParameter(event, "id", ThreadId);
      const change = jsonBody(event, ChangeThreadRequest);
      const outcome = await changeThread(id, change, ifMatch(event), caller);
      switch (outcome.kind) {
        case "changed":
          return json(200, ThreadSummary.parse(summary(outcome.thread)), outcome.thread.version);
        case "unknown":
          throw new ApiProblem("not_found");
        case "version-conflict":
          throw new ApiProblem("version_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "POST /threads/{id}/notes": async (event) => {
      const caller = allow(event, "thread.write");
      const id = pathParameter(event, "id", ThreadId);
      const { text } = jsonBody(event, AddNoteRequest);
      const keyed = await keyedBy(event, caller, `POST /threads/${id}/notes`, { text }, ports.indexMac);
      const outcome = await addNote(id, text, caller, keyed);
      switch (outcome.kind) {
        case "added":
          return json(201, NoteAdded.parse({ id: outcome.id, createdAt: outcome.createdAt }));
        case "unknown":
          throw new ApiProblem("not_found");
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
  };
}
