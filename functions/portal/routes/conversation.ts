import { createLock } from "#shared/portal/lock.ts";
import { createReadThread, type ReadThreadPorts } from "#shared/portal/read-thread.ts";
import type { ReplyPorts } from "#shared/portal/reply-ports.ts";
import { createStopTexts, type StopTextsPorts } from "#shared/portal/stop-texts.ts";
import { createThreadVersion } from "#shared/portal/thread-version.ts";
import type { Routes } from "../answers.ts";
import { createLockRoutes } from "./lock.ts";
import { createReplyRoutes } from "./replies.ts";
import { createThreadRoutes } from "./thread.ts";

/** Everything that a conversation is read and written with. */
type ConversationPorts = ReadThreadPorts &
  StopTextsPorts &
  Omit<ReplyPorts, "stopTexts"> & { readonly newId: StopTextsPorts["newId"] & ReplyPorts["newId"] };

/** The conversation of a proven session: the group that loads when the first proof has opened one. */
export function createConversationRoutes(ports: ConversationPorts): Routes {
  const readThread = createReadThread(ports);
  // Who writes nothing needs nothing of what takes, reads and classifies it.
  const taker = async () => {
    const { createReply } = await import("#shared/portal/reply.ts");
    return createReply({ ...ports, stopTexts: createStopTexts(ports) });
  };
  let taking: ReturnType<typeof taker> | undefined;
  return {
    ...createThreadRoutes({ readThread, threadVersion: createThreadVersion(ports) }),
    ...createReplyRoutes({
      readThread,
      reply: async (request) => {
        taking ??= taker();
        return (await taking)(request);
      },
    }),
    ...createLockRoutes({ lock: createLock(ports) }),
  };
}
