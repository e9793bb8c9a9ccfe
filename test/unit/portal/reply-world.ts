import { createHandler } from "#functions/portal/handler.ts";
import { createReplyRoutes } from "#functions/portal/routes/replies.ts";
import { createThreadRoutes } from "#functions/portal/routes/thread.ts";
import { createOpenName, createSealName } from "#shared/adapters/attachment-seal.ts";
import { createOpenContent, createSealContent } from "#shared/adapters/content-seal.ts";
import { createAttachmentsTable } from "#shared/adapters/dynamodb/attachments-table.ts";
import { createPortalReplies } from "#shared/adapters/dynamodb/portal-replies.ts";
import { createPortalSessions } from "#shared/adapters/dynamodb/portal-sessions.ts";
import { createNewestOfThread } from "#shared/adapters/dynamodb/thread-messages.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { waitingUpload } from "#shared/attachments/records.ts";
import { createNamesOf } from "#shared/attachments/shown.ts";
import { formatToken, linkLookup, tokenMessage } from "#shared/domain/link-token.ts";
import { readReply } from "#shared/domain/replies/read-reply.ts";
import type { Tier } from "#shared/domain/words.ts";
import { createReadThread } from "#shared/portal/read-thread.ts";
import type { PortalSession } from "#shared/portal/records.ts";
import { createReply } from "#shared/portal/reply.ts";
import { sessionKey } from "#shared/portal/secrets.ts";
import { createStopTexts } from "#shared/portal/stop-texts.ts";
import { createThreadVersion } from "#shared/portal/thread-version.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { newId } from "#shared/runtime/ids.ts";
import { classifyByWord, createWorld } from "#test/support/core-world.ts";
import { anEvent, type Fields, formOf } from "./world.ts";

const HOUR_MS = 3_600_000;
let cookieCount = 0;
let linkCount = 0;

/**
 * The staff's functions and the portal's conversation over one store of real tables and keys: a patient
 * with a thread of one message of `body`, its link, and sessions that a test opens by itself.
 */
export async function aConversation({ body = "See you on Monday." }: { readonly body?: string } = {}) {
  const world = createWorld();
  const { store, read, messages, contentKeys, tasks, consents, practice, clock } = world;
  const { dynamodb, kms, keyArn } = store;
  const { now } = clock;
  const patientId = await world.prepare();
  const sent = await world.send(patientId, { body });
  const threadId = String(sent.body["threadId"]);
  const messageId = String(sent.body["id"]);

  const linkMac = createMac(kms, keyArn("LinkKey"));
  const proofMac = createMac(kms, keyArn("ProofKey"));
  const newContentKey = createNewDataKey(kms, keyArn("ContentKey"));
  const openDataKey = createOpenDataKey(kms, keyArn("ContentKey"));
  const portal = createPortalSessions("Messages");
  const attachments = createAttachmentsTable("Messages");
  const ports = {
    read,
    journal: world.journalOf("portal"),
    messages,
    portal,
    practice,
    verifiers: contentKeys,
    linkKeys: { current: { id: 1, mac: linkMac }, previous: null },
    proofMac,
    now,
  };
  const reading = {
    officeHours: settingsDefaultOf("America/Los_Angeles"),
    readingReplies: async () => readReply,
  };
  let formCount = 0;
  const readThread = createReadThread({
    ...ports,
    ...reading,
    consents,
    newestOfThread: createNewestOfThread(dynamodb, messages, read),
    contentKeys,
    openContent: createOpenContent(openDataKey),
    namesOf: createNamesOf({ read, attachments, contentKeys, openName: createOpenName(openDataKey) }),
    newFormId: () => {
      formCount += 1;
      return String(formCount).padStart(22, "f");
    },
  });
  const stopTexts = createStopTexts({
    ...ports,
    consents,
    sealEvidence: createSealEvidence(createNewDataKey(kms, keyArn("ContactKey"))),
    newId,
  });
  const reply = createReply({
    ...ports,
    ...reading,
    replies: createPortalReplies("Messages"),
    attachments,
    tasks,
    classifier: async () => ({ classify: classifyByWord, version: "by-word" }),
    sealContent: createSealContent(newContentKey, contentKeys),
    stopTexts,
    newId,
  });
  const handler = createHandler({
    practice: { name: "Riverside Clinic", phone: "206-555-0100" },
    log: world.log,
    routes: {
      ...createThreadRoutes({ readThread, threadVersion: createThreadVersion(ports) }),
      ...createReplyRoutes({ reply, readThread }),
    },
  });

  linkCount += 1;
  const expiresAt = new Date(now().getTime() + 72 * HOUR_MS);
  const bytes = tokenMessage(expiresAt, new Uint8Array(16).fill(linkCount), 1);
  const mac = await linkMac("link", bytes);
  const token = formatToken(bytes, mac);
  clock.advance(60);
  await world.put(
    messages.addLink({
      lookup: linkLookup(mac),
      patientId,
      messageId,
      threadId,
      alertId: newId("alr", now()),
      sender: "staff_1",
      purpose: "scheduling",
      language: "en",
      consentId: newId("con", now()),
      keyId: 1,
      createdAt: now().toISOString(),
      expiresAt: expiresAt.toISOString(),
      misses: 0,
      diedAt: null,
      codeMac: null,
      codeExpiresAt: null,
    }),
  );

  /** Opens a session whose proof covers `tier`; gives what stands for it. */
  async function openSession(tier: Tier, parts: Partial<PortalSession> = {}) {
    cookieCount += 1;
    const cookie = String(cookieCount).padStart(43, "c");
    const hash = await sessionKey(proofMac, cookie);
    const at = now();
    const session: PortalSession = {
      hash,
      stage: "open",
      patientId,
      threadId,
      linkLookup: linkLookup(mac),
      tier,
      createdAt: at.toISOString(),
      lastSeenAt: at.toISOString(),
      birthDateProven: tier > 1,
      pinSince: null,
      deviceHash: null,
      written: [],
      uploads: [],
      ...parts,
    };
    await world.put(portal.addSession(session, new Date(at.getTime() + HOUR_MS)));
    const cookies = [`__Host-session=${cookie}`];
    const form = (fields: Fields) => ({ body: formOf(fields), cookies });
    return {
      cookies,
      page: async (query: Record<string, string> = {}) =>
        handler(anEvent("GET", "/{token}/thread", token, { cookies, query })),
      version: () => handler(anEvent("GET", "/{token}/version", token, { cookies })),
      reply: (fields: Fields) => handler(anEvent("POST", "/{token}/replies", token, form(fields))),
      stored: async () => (await read(portal.session(hash)))[0],
    };
  }

  /** An upload of the patient in the state that is told. */
  async function upload(state: "waiting" | "ready" | "refused" = "ready") {
    const id = newId("att", now());
    const { name, keyWrite } = await createSealName(newContentKey, contentKeys)(id, "rash.jpg");
    const about = { id, origin: "patient", uploader: `patient:${patientId}`, patientId, threadId } as const;
    const record = waitingUpload({ ...about, type: "image/jpeg", sizeBytes: 1000 }, name, now());
    await world.put(attachments.addAttachment({ ...record, state }), keyWrite);
    return id;
  }

  return {
    world,
    clock,
    handler,
    token,
    patientId,
    threadId,
    messageId,
    openSession,
    upload,
    attachment: async (id: string) => (await read(attachments.attachment(id)))[0],
    /** What staff see of the thread. */
    staffThread: async (roles = "clinician") =>
      (await world.call("GET /threads/{id}", { roles, path: { id: threadId } })).body as unknown as {
        readonly state: string;
        readonly highestTier: number;
        readonly version: number;
        readonly messages: readonly Record<string, unknown>[];
      },
    answer: (words = "Thank you.") => world.send(patientId, { threadId, body: words }, `answer-${words}`),
    openTasks: () => world.store.items("Practice").filter(({ taskState }) => taskState === "open"),
    thread: async () => (await read(messages.thread(patientId, threadId)))[0],
    /** How many messages the thread has. */
    count: () =>
      world.store.items("Messages").filter(({ pk, sk }) => pk === threadId && String(sk).startsWith("msg#"))
        .length,
  };
}
