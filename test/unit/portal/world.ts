import { createHash, createHmac } from "node:crypto";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { createHandler } from "#functions/portal/handler.ts";
import { createLockRoutes } from "#functions/portal/routes/lock.ts";
import { createNewLinkRoutes } from "#functions/portal/routes/new-link.ts";
import { createPreferencesRoutes } from "#functions/portal/routes/preferences.ts";
import { createProofRoutes } from "#functions/portal/routes/proof.ts";
import { createRealRoutes } from "#functions/portal/routes/real.ts";
import { createThreadRoutes } from "#functions/portal/routes/thread.ts";
import { createUnsubscribeRoutes } from "#functions/portal/routes/unsubscribe.ts";
import { createWrongPersonRoutes } from "#functions/portal/routes/wrong-person.ts";
import type { AuditEvent, ChainHead, Journal, Lookup, ReadSnapshot, Write } from "#shared/audit/journal.ts";
import type { PatientPreferences } from "#shared/consent/preferences.ts";
import type { ConsentRecord, ConsentState } from "#shared/consent/records.ts";
import { formatToken, linkLookup, tokenMessage } from "#shared/domain/link-token.ts";
import { readReply } from "#shared/domain/replies/read-reply.ts";
import type { Channel, Purpose, Tier } from "#shared/domain/words.ts";
import type { AlertRecord, LinkRecord, MessageRecord } from "#shared/messaging/records.ts";
import { createChangePreferences } from "#shared/portal/change-preferences.ts";
import { createForgetDevices } from "#shared/portal/devices.ts";
import { createLock } from "#shared/portal/lock.ts";
import { createRequestNewLink } from "#shared/portal/new-link.ts";
import type { KeyedHash, PinVerifier, PortalPorts } from "#shared/portal/ports.ts";
import { createProve, type ProvePorts } from "#shared/portal/prove.ts";
import { createReadPreferences } from "#shared/portal/read-preferences.ts";
import { createReadThread } from "#shared/portal/read-thread.ts";
import { createRemovePin, createSetPin } from "#shared/portal/set-pin.ts";
import { createStopTexts } from "#shared/portal/stop-texts.ts";
import { createThreadVersion } from "#shared/portal/thread-version.ts";
import { createUnsubscribe } from "#shared/portal/unsubscribe.ts";
import { createWrongPerson } from "#shared/portal/wrong-person.ts";
import type { Log } from "#shared/runtime/log.ts";
import type { TaskRecord } from "#shared/tasks/records.ts";

type Item = Readonly<Record<string, unknown>>;

/** A write of the in-memory store: what must hold, and what stands afterwards. */
interface MemoryWrite {
  readonly id: string;
  readonly holds: (found: Item | undefined) => boolean;
  readonly next: (found: Item | undefined) => Item | undefined;
}

export const PATIENT = "pat_01JC8ZQ5X0000000000000PAT1";
export const THREAD = "thr_01JC8ZQ5X0000000000000THR1";
export const BIRTH_DATE = "1980-05-17";
export const WRONG_DATE = "1980-05-18";
export const CODE = "135790";
export const FORM_ID = "form-form-form-form-fo";
export const PRACTICE = { name: "Riverside Clinic", phone: "555-010-0199" };

/** Settings of a world that a test may choose. */
export interface Choices {
  readonly tier?: Tier;
  readonly now?: string;
}

/** HMAC-SHA-256 over length-prefixed fields, as the key service would. */
function hashUnder(key: string): KeyedHash {
  return async (...fields) => {
    const hmac = createHmac("sha256", key);
    for (const field of fields) {
      const bytes = Buffer.from(field as string);
      hmac.update(`${bytes.length}:`).update(bytes);
    }
    return hmac.digest();
  };
}

/** Compares by value: a clone of a Buffer is a plain Uint8Array. */
function sameMac(one: unknown, other: Uint8Array | null): boolean {
  if (one === null || other === null) return one === other;
  return Buffer.compare(one as Uint8Array, other) === 0;
}

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The whole portal over an in-memory store, with one patient, one thread and one link. */
export async function aWorld({ tier = 2, now = "2026-11-04T17:00:00.000Z" }: Choices = {}) {
  const items = new Map<string, Item>();
  const entries: AuditEvent[] = [];
  const heads = new Map<string, ChainHead>();
  const requests: unknown[] = [];
  const logs: unknown[] = [];
  const calls: string[] = [];
  const state = {
    now: new Date(now),
    auditFails: false,
    /** So many commits lose a race, each after so long. */
    lostRaces: 0,
    raceMs: 0,
    queueFails: false,
    randomCount: 0,
    alertCount: 0,
    consentCount: 0,
  };
  const clock = () => new Date(state.now);
  const id = (...parts: readonly string[]) => parts.join("|");
  const iso = (ms: number) => new Date(state.now.getTime() + ms).toISOString();

  const lookup = <Value>(key: string): Lookup<Value> => ({
    table: "memory",
    key: { key },
    parse: (item) => item as Value,
  });
  const readSnapshot = async (...lookups: readonly Lookup<unknown>[]) => {
    calls.push(`read ${lookups.length}`);
    await pause();
    return lookups.map(({ key, parse }) => {
      const item = items.get(key["key"] ?? "");
      return item === undefined ? undefined : parse(structuredClone(item));
    });
  };
  const read = readSnapshot as unknown as ReadSnapshot;

  const write = (
    key: string,
    next: MemoryWrite["next"],
    holds: MemoryWrite["holds"] = () => true,
  ): Write => ({ item: { id: key, next, holds } satisfies MemoryWrite });

  const linkMac = hashUnder("link");
  const proofMac = hashUnder("proof");
  const counted =
    (name: string, hash: KeyedHash): KeyedHash =>
    async (...fields) => {
      calls.push(name);
      await pause();
      return hash(...fields);
    };

  const journal: Journal = {
    head: (subject) => lookup(id("head", subject.patientId ?? subject.actor)),
    async commit(event, writes, known) {
      calls.push("commit");
      let seen = known;
      for (;;) {
        await pause();
        if (state.auditFails) throw new Error("the audit table does not answer");
        if (state.lostRaces > 0) {
          state.lostRaces -= 1;
          state.now = new Date(state.now.getTime() + state.raceMs);
          return { kind: "conflict", failed: [0] };
        }
        const chain = event.patientId ?? event.actor;
        const head = heads.get(chain);
        const memory = writes.map(({ item }) => item as MemoryWrite);
        const failed = memory.flatMap(({ holds, id: key }, index) => (holds(items.get(key)) ? [] : [index]));
        if (failed.length > 0) return { kind: "conflict", failed };
        if (seen !== undefined && (seen?.sequence ?? 0) !== (head?.sequence ?? 0)) {
          seen = undefined;
          continue;
        }
        for (const { id: key, next } of memory) {
          const item = next(items.get(key));
          if (item === undefined) items.delete(key);
          else items.set(key, item);
        }
        const after = { sequence: (head?.sequence ?? 0) + 1, hash: "0".repeat(64) };
        heads.set(chain, after);
        items.set(id("head", chain), after);
        entries.push(event);
        return {
          kind: "committed",
          entry: { ...event, id: "aud", chain, at: iso(0), function: "portal", previousHash: "", ...after },
        };
      }
    },
    async record(event, head) {
      const outcome = await journal.commit(event, [], head);
      if (outcome.kind === "conflict") throw new Error("refused");
      return outcome.entry;
    },
  };

  const keys = {
    link: (at: string) => id("link", at),
    alert: (patient: string, alert: string) => id(patient, "alert", alert),
    session: (hash: string) => id("session", hash),
    wrapped: (patient: string, use: string) => id(patient, "key", use),
    codes: (at: string) => id("codes", at),
    linksAsked: (of: string) => id("new-links", of),
    message: (patient: string, message: string) => id(patient, "message", message),
    linksMark: (scope: string) => id("links", scope),
    newest: (patient: string, thread: string) => id(patient, "newest", thread),
    misses: (patient: string, day: string) => id(patient, "misses", day),
    consent: (patient: string, purpose: Purpose, channel: Channel) => id(patient, "state", purpose, channel),
    entry: (patient: string, consentId: string) => id(patient, "event", consentId),
  };

  const consents = {
    state: (patient: string, purpose: Purpose, channel: Channel) =>
      lookup<ConsentState>(keys.consent(patient, purpose, channel)),
    entry: (patient: string, consentId: string) => lookup<ConsentRecord>(keys.entry(patient, consentId)),
    preferences: (patient: string) => lookup<PatientPreferences>(id(patient, "preferences")),
    setPreferences: (patient: string, preferences: PatientPreferences) =>
      write(
        id(patient, "preferences"),
        () => ({ ...preferences, version: preferences.version + 1 }),
        (found) => (found?.["version"] ?? 0) === preferences.version,
      ),
    append: (record: ConsentRecord, before: ConsentState | undefined) => [
      write(keys.entry(record.patientId, record.consentId), () => ({ ...record })),
      write(
        keys.consent(record.patientId, record.purpose, record.channel),
        () => ({ ...record }),
        (found) => found?.["consentId"] === before?.consentId,
      ),
    ],
  };

  /** What holds for a purpose and channel. */
  const consent = (purpose: Purpose, channel: Channel) =>
    items.get(keys.consent(PATIENT, purpose, channel)) as unknown as ConsentRecord;

  /** Records a consent of the patient. */
  function addConsent(purpose: Purpose, channel: Channel, parts: Partial<ConsentRecord> = {}) {
    const record = {
      consentId: `con_${purpose}_${channel}`,
      patientId: PATIENT,
      purpose,
      channel,
      decision: "granted",
      since: "2026-10-01T16:00:00.000Z",
      contactId: "num_1",
      ended: null,
      ...parts,
    };
    items.set(keys.consent(PATIENT, purpose, channel), record);
    items.set(keys.entry(PATIENT, record.consentId), record);
  }

  const ports: PortalPorts = {
    read,
    journal,
    now: clock,
    linkKeys: { current: { id: 1, mac: counted("linkMac", linkMac) }, previous: null },
    proofMac: counted("proofMac", proofMac),
    verifiers: {
      birthDateVerifier: (patient) => lookup(id(patient, "verifier")),
      pinVerifier: (patient) => lookup(id(patient, "pin")),
    },
    messages: {
      link: (at) => lookup(keys.link(at)),
      thread: (patient, thread) => lookup(id(patient, "thread", thread)),
      alert: (patient, alert) => lookup(keys.alert(patient, alert)),
      marks: (patient) => lookup(id(patient, "marks")),
      revocation: (patient, message) => lookup(id(patient, "revoked", message)),
      linksMark: (scope) => lookup(keys.linksMark(scope)),
      newestLink: (patient, thread) => lookup(keys.newest(patient, thread)),
      addAlert: (alert) => [
        write(
          keys.alert(alert.patientId, alert.id),
          () => ({ ...alert }),
          (found) => found === undefined,
        ),
      ],
      moveAlert: (alert, from, set) =>
        write(
          keys.alert(alert.patientId, alert.id),
          (found) => ({ ...found, ...set }),
          (found) => from.includes((found as unknown as AlertRecord).status),
        ),
      markRead: (patient, thread, at) => write(id(patient, "read", thread), () => ({ at })),
    },
    portal: {
      session: (hash) => lookup(keys.session(hash)),
      codeRequests: (at) => lookup(keys.codes(at)),
      dailyMisses: (patient, day) => lookup(keys.misses(patient, day)),
      addSession: (session) =>
        write(
          keys.session(session.hash),
          () => ({ ...session }),
          (found) => found === undefined,
        ),
      endSession: (hash) => write(keys.session(hash), () => undefined),
      touchSession: (hash, at) =>
        write(
          keys.session(hash),
          (found) => ({ ...found, lastSeenAt: at }),
          (found) => found !== undefined,
        ),
      changeSeenLink: (link, set) =>
        write(
          keys.link(link.lookup),
          (found) => ({ ...found, ...set }),
          (found) =>
            found?.["misses"] === link.misses &&
            found["diedAt"] === link.diedAt &&
            sameMac(found["codeMac"], link.codeMac),
        ),
      devices: (patient) => lookup(id(patient, "devices")),
      setDevices: (patient, seen, devices) =>
        write(
          id(patient, "devices"),
          () => ({ devices, version: (seen?.version ?? 0) + 1 }),
          (found) => found?.["version"] === seen?.version,
        ),
      leaveDevice: (hash) =>
        write(
          keys.session(hash),
          (found) => ({ ...found, deviceHash: null }),
          (found) => found !== undefined,
        ),
      setDailyMisses: (patient, day, seen, misses) =>
        write(
          keys.misses(patient, day),
          () => ({ ...misses }),
          (found) => found?.["count"] === seen?.count,
        ),
      linksAskedOver: (at) => lookup(keys.linksAsked(at)),
      linksAskedFor: (patient) => lookup(keys.linksAsked(patient)),
      setLinksAskedOver: (at, seen, requestedAt) =>
        write(
          keys.linksAsked(at),
          () => ({ requestedAt, version: (seen?.version ?? 0) + 1 }),
          (found) => found?.["version"] === seen?.version,
        ),
      setLinksAskedFor: (patient, seen, requestedAt) =>
        write(
          keys.linksAsked(patient),
          () => ({ requestedAt, version: (seen?.version ?? 0) + 1 }),
          (found) => found?.["version"] === seen?.version,
        ),
      codesFor: (patient) => lookup(keys.codes(patient)),
      setCodesFor: (patient, seen, requestedAt) =>
        write(
          keys.codes(patient),
          () => ({ requestedAt, version: (seen?.version ?? 0) + 1 }),
          (found) => found?.["version"] === seen?.version,
        ),
      provenUnder: (hash, pinSince) =>
        write(
          keys.session(hash),
          (found) => ({ ...found, pinSince }),
          (found) => found !== undefined,
        ),
      setCodeRequests: (at, seen, requestedAt) =>
        write(
          keys.codes(at),
          () => ({ requestedAt, version: (seen?.version ?? 0) + 1 }),
          (found) => found?.["version"] === seen?.version,
        ),
    },
    practice: {
      switches: () => lookup("switches"),
      settings: () => lookup("settings"),
    },
  };

  const salt = new Uint8Array(16).fill(7);
  items.set(id(PATIENT, "verifier"), {
    salt,
    mac: await proofMac("birthDate", PATIENT, salt, BIRTH_DATE),
    since: "2026-01-01T00:00:00.000Z",
    changedAt: null,
  });
  items.set(id(PATIENT, "thread", THREAD), {
    id: THREAD,
    patientId: PATIENT,
    highestTier: tier,
    version: 1,
  });
  const messages: MessageRecord[] = [];
  /** Tiers that were sealed with the words, where they differ from what the table says. */
  const sealedTiers = new Map<string, Tier>();
  const words = new Map<string, { readonly subject: string | null; readonly body: string }>();

  /** Adds a message to the thread. */
  function addMessage(
    number: number,
    settings: {
      tier?: Tier;
      body?: string;
      subject?: string | null;
      expiresAt?: string | null;
      createdAt?: string;
      threadId?: string;
      sender?: string;
    } = {},
  ) {
    const message = {
      revokedAt: null,
      via: null,
      proven: null,
      seenAt: null,
      attachmentIds: [] as readonly string[],
      id: `msg_${String(number).padStart(26, "0")}`,
      patientId: PATIENT,
      threadId: settings.threadId ?? THREAD,
      sender: settings.sender ?? "staff_1",
      tier: settings.tier ?? tier,
      createdAt: settings.createdAt ?? iso(-3_600_000),
      expiresAt: settings.expiresAt ?? null,
    } as MessageRecord;
    messages.unshift(message);
    items.set(keys.message(PATIENT, message.id), { ...message });
    items.set(keys.wrapped(PATIENT, message.id), { wrapped: new Uint8Array(1) });
    words.set(message.id, {
      subject: settings.subject ?? null,
      body: settings.body ?? `Words of message ${number}.`,
    });
    return message;
  }

  /** Adds a link and its alert; gives the token that a text would carry. */
  async function addLink(number: number, settings: Partial<LinkRecord> = {}) {
    const expiresAt = settings.expiresAt ?? iso(72 * 3_600_000);
    const bytes = tokenMessage(new Date(expiresAt), new Uint8Array(16).fill(number), 1);
    const mac = await linkMac("link", bytes);
    const at = linkLookup(mac);
    const link: LinkRecord = {
      lookup: at,
      patientId: PATIENT,
      messageId: "msg_00000000000000000000000001",
      threadId: THREAD,
      alertId: `alr_${number}`,
      sender: "staff_1",
      purpose: "portal",
      language: "en",
      consentId: "con_1",
      keyId: 1,
      createdAt: iso(-3_600_000),
      misses: 0,
      diedAt: null,
      codeMac: null,
      codeExpiresAt: null,
      ...settings,
      expiresAt,
    };
    items.set(keys.link(at), { ...link });
    items.set(keys.alert(PATIENT, link.alertId), {
      id: link.alertId,
      patientId: PATIENT,
      status: "delivered",
    });
    return {
      token: formatToken(bytes, mac),
      lookup: at,
      link: () => items.get(keys.link(at)) as unknown as LinkRecord,
    };
  }

  addMessage(1);
  const first = await addLink(1);

  const asking = {
    urgentQueue: {
      async request(request) {
        if (state.queueFails) throw new Error("the queue does not answer");
        requests.push(request);
      },
    },
    newAlertId: () => {
      state.alertCount += 1;
      return `alr_code_${state.alertCount}`;
    },
    onRequestLost: () => logs.push("lost"),
  } satisfies Partial<ProvePorts>;
  const prove = createProve({
    ...ports,
    ...asking,
    randomBytes: (count) => {
      state.randomCount += 1;
      return createHash("sha256").update(`random ${state.randomCount}`).digest().subarray(0, count);
    },
    tasks: { addTask: (task) => write(id("task", task.id), () => ({ ...task })) },
    newTaskId: () => `tsk_${[...items.keys()].filter((key) => key.startsWith("task|")).length + 1}`,
    waitUntil: async (atMs) => {
      calls.push(`answer ${atMs - state.now.getTime()} ms later`);
    },
  });
  const requestNewLink = createRequestNewLink({
    ...ports,
    ...asking,
    messages: {
      ...ports.messages,
      message: (patient, message) => lookup(keys.message(patient, message)),
      pointToAlert: ({ patientId, id: message }, alertId) =>
        write(
          keys.message(patientId, message),
          (found) => ({ ...found, alertId }),
          (found) => found !== undefined,
        ),
    },
    consents,
    waitUntil: async (atMs) => {
      calls.push(`answer ${atMs - state.now.getTime()} ms later`);
    },
  });
  const opened: string[] = [];
  const stopping = {
    ...ports,
    consents,
    sealEvidence: async () => ({ sealed: new Uint8Array(1), wrappedKey: new Uint8Array(1) }),
    newId: (prefix = "con") => {
      state.consentCount += 1;
      return `${prefix}_new_${state.consentCount}`;
    },
  };
  const preferring = { ...stopping, practiceTimeZone: "America/New_York" };
  const securing = {
    ...ports,
    tasks: { addTask: (task: TaskRecord) => write(id("task", task.id), () => ({ ...task })) },
    newTaskId: () => `tsk_pin_${[...items.keys()].filter((key) => key.startsWith("task|")).length + 1}`,
    pins: {
      setPinVerifier: (patient: string, pin: PinVerifier) => write(id(patient, "pin"), () => ({ ...pin })),
    },
    randomBytes: (count: number) => new Uint8Array(count).fill(5),
  };
  const log: Log = {
    info: (...line) => logs.push(line),
    warn: (...line) => logs.push(line),
    error: (code, error, fields) => logs.push([code, (error as Error).name, fields]),
  };
  const readThread = createReadThread({
    ...ports,
    officeHours: { timeZone: "UTC", officeHours: {} },
    namesOf: async () => [],
    readingReplies: async () => readReply,
    newFormId: () => FORM_ID,
    consents,
    newestOfThread: async (patient, thread, limit, before) =>
      messages
        .filter(({ patientId, threadId }) => patientId === patient && threadId === thread)
        .filter((message) => before === null || message.id < before)
        .slice(0, limit),
    contentKeys: { wrappedKey: (patient, use) => lookup(keys.wrapped(patient, use)) },
    openContent: async (message) => {
      opened.push(message.id);
      const { subject = null, body = "" } = words.get(message.id) ?? {};
      return { tier: sealedTiers.get(message.id) ?? message.tier, subject, body };
    },
  });
  const handler = createHandler({
    practice: PRACTICE,
    log,
    routes: {
      ...createProofRoutes({ log, prove }),
      ...createThreadRoutes({ readThread, threadVersion: createThreadVersion(ports) }),
      ...createLockRoutes({ lock: createLock(ports) }),
      ...createNewLinkRoutes({ log, requestNewLink }),
      ...createPreferencesRoutes({
        stopTexts: createStopTexts(stopping),
        readPreferences: createReadPreferences(preferring),
        changePreferences: createChangePreferences(preferring),
        setPin: createSetPin(securing),
        removePin: createRemovePin(securing),
        forgetDevices: createForgetDevices(ports),
      }),
      ...createWrongPersonRoutes({
        log,
        wrongPerson: createWrongPerson({
          ...preferring,
          messages: {
            ...ports.messages,
            revokePatientLinks: (patient, before) =>
              write(
                id(patient, "marks"),
                (found) => ({ erasedAt: null, ...found, linksRevokedBefore: before }),
                (found) => String(found?.["linksRevokedBefore"] ?? "") <= before,
              ),
          },
          disownings: {
            disowning: (at) => lookup(id("disowned", at)),
            addDisowning: ({ lookup: at }, saidAt) =>
              write(
                id("disowned", at),
                () => ({ at: saidAt }),
                (found) => found === undefined,
              ),
          },
          tasks: { addTask: (task) => write(id("task", task.id), () => ({ ...task })) },
          waitUntil: async (atMs) => {
            calls.push(`answer ${atMs - state.now.getTime()} ms later`);
          },
        }),
      }),
      ...createRealRoutes({
        textNumbers: ["+1 800-555-0199"],
        linkStart: "https://portal.example/",
        emailFrom: "Riverside Clinic <office@riverside.example>",
      }),
      ...createUnsubscribeRoutes({ unsubscribe: createUnsubscribe(stopping) }),
    },
  });

  /** What `send-alert` does with a request for a code. */
  async function mintCode(link = first, code = CODE) {
    const at = keys.link(link.lookup);
    items.set(at, {
      ...items.get(at),
      codeMac: await linkMac("code", link.lookup, code),
      codeExpiresAt: iso(600_000),
    });
  }

  return {
    ...first,
    ports,
    pins: {
      setPinVerifier: (patient: string, pin: PinVerifier) => write(id(patient, "pin"), () => ({ ...pin })),
    },
    securing,
    items,
    keys,
    entries,
    actions: () => entries.map(({ action }) => action),
    requests,
    logs,
    calls,
    opened,
    state,
    addLink,
    addMessage,
    addConsent,
    consent,
    sealedTiers,
    mintCode,
    handler,
    advance: (seconds: number) => {
      state.now = new Date(state.now.getTime() + seconds * 1000);
    },
    alert: (alertId: string) => items.get(keys.alert(PATIENT, alertId)) as unknown as AlertRecord,
    setMarks: (marks: Item) => items.set(id(PATIENT, "marks"), marks),
    /** Kills the links of a sender, or with `practice` all, made at `before` or earlier. */
    setLinksMark: (scope: string, before: string) => items.set(keys.linksMark(scope), { before }),
    /** Makes a link the newest of its thread. */
    setNewest: (link: LinkRecord) =>
      items.set(keys.newest(link.patientId, link.threadId), {
        lookup: link.lookup,
        createdAt: link.createdAt,
      }),
    setSwitches: (switches: Item) => items.set("switches", switches),
    setTier: (highestTier: Tier) =>
      items.set(id(PATIENT, "thread", THREAD), { id: THREAD, patientId: PATIENT, highestTier, version: 2 }),
    misses: () => items.get(keys.misses(PATIENT, state.now.toISOString().slice(0, 10)))?.["count"],
    get: (token: string, options: RequestOptions = {}) => handler(anEvent("GET", "/{token}", token, options)),
    post: (token: string, fields: Fields = {}, options: RequestOptions = {}) =>
      handler(anEvent("POST", "/{token}", token, { body: formOf(fields), ...options })),
    thread: (token: string, options: RequestOptions = {}) =>
      handler(anEvent("GET", "/{token}/thread", token, options)),
    version: (token: string, options: RequestOptions = {}) =>
      handler(anEvent("GET", "/{token}/version", token, options)),
    preferences: (token: string, fields: Fields, options: RequestOptions = {}) =>
      handler(anEvent("POST", "/{token}/preferences", token, { body: formOf(fields), ...options })),
    showPreferences: (token: string, options: RequestOptions = {}) =>
      handler(anEvent("GET", "/{token}/preferences", token, options)),
    wrongPerson: (token: string, options: RequestOptions = {}) =>
      handler(anEvent("POST", "/{token}/wrong-person", token, { body: "", ...options })),
    real: (options: RequestOptions = {}) => handler(anEvent("GET", "/real", "", options)),
    unsubscribe: (method: "GET" | "POST", token: string, options: RequestOptions = {}) =>
      handler(anEvent(method, "/{token}/unsubscribe", token, options)),
    newLink: (token: string, options: RequestOptions = {}) =>
      handler(anEvent("POST", "/{token}/new-link", token, { body: "", ...options })),
    lock: (token: string, options: RequestOptions = {}) =>
      handler(anEvent("POST", "/{token}/lock", token, options)),
  };
}

/** A portal over an in-memory store. */
export type World = Awaited<ReturnType<typeof aWorld>>;

/** Form fields; a list is a field that is there more than once. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** What a request carries besides its form. */
export interface RequestOptions {
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** A form as browsers encode it. */
export function formOf(fields: Fields): string {
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      (typeof value === "string" ? [value] : value).map((one): [string, string] => [name, one]),
    ),
  ).toString();
}

/** A version 1 proxy event of the portal's API. */
export function anEvent(
  httpMethod: string,
  resource: string,
  token: string,
  { cookies, headers = {}, query, body, isBase64Encoded = false }: RequestOptions = {},
): APIGatewayProxyEvent {
  const all: Record<string, string> = {
    host: "portal.example",
    ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    ...(cookies === undefined ? {} : { cookie: cookies.join("; ") }),
    ...headers,
  };
  return {
    httpMethod,
    resource,
    path: resource.replace("{token}", () => token),
    pathParameters: { token },
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    body: body ?? null,
    isBase64Encoded,
    requestContext: {
      requestId: "request-1",
      stage: "m",
      path: `/m${resource.replace("{token}", () => token)}`,
      domainName: "portal.example",
    },
  } as unknown as APIGatewayProxyEvent;
}

/** The `Set-Cookie` lines of an answer. */
export function cookieLines(answer: APIGatewayProxyResult): readonly string[] {
  return (answer.multiValueHeaders?.["Set-Cookie"] ?? []).map(String);
}

/** The cookies of an answer that a browser would send back. */
export function cookiesOf(answer: APIGatewayProxyResult): readonly string[] {
  return cookieLines(answer)
    .map((line) => line.split(";")[0] ?? "")
    .filter((pair) => !pair.endsWith("="));
}
