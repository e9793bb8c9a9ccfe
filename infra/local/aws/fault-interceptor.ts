import type { CallFault } from "./call-log.ts";
import { type Faults, throttlingError } from "./faults.ts";
import type { Fault, InterceptedCall, Interceptor } from "./gateway.ts";

/** What faults do to the host beside the call itself. */
export type FaultPorts = {
  /**
   * Ends the calling instance in the middle of its invocation. `atEnd` is to be called when nothing of it runs any
   * more, and before the outcome of the invocation is known.
   */
  readonly endInstance: (
    call: InterceptedCall,
    end: "crashed" | "timedOut",
    atEnd: () => void,
  ) => Promise<void>;
  /** Lets local time pass at once, and what comes due by it begin; it waits for nothing. */
  readonly letPass: (milliseconds: number) => void;
  /** How long an invocation of the function lasts at most, in milliseconds. */
  readonly longestInvocationMs: (functionName: string) => number;
};

/** Services whose clients stop waiting by themselves; their calls end and the invocation goes on. */
const SERVICES_WITH_CLIENT_TIMEOUT: ReadonlySet<string> = new Set(["sms-voice", "ses", "bedrock"]);
const CLIENT_TIMEOUT_MS = 10_000;

/** Makes the faults that are set happen to the calls of functions. */
export function createFaultInterceptor(faults: Faults, ports: FaultPorts): Interceptor {
  const happen = async (call: InterceptedCall, when: CallFault["when"]): Promise<Fault | undefined> => {
    const kind = faults.meet(call, when);
    if (kind === undefined) return undefined;
    const cause: CallFault = { when, kind };
    switch (kind) {
      case "throttle":
        return { kind: "error", ...throttlingError(call.service, call.action), cause };
      case "crash":
        await ports.endInstance(call, "crashed", () => undefined);
        return { kind: "drop", error: "InstanceCrashed", cause };
      case "timeout":
        if (SERVICES_WITH_CLIENT_TIMEOUT.has(call.service)) {
          ports.letPass(CLIENT_TIMEOUT_MS);
          return { kind: "drop", error: "RequestTimeout", cause };
        }
        await ports.endInstance(call, "timedOut", () => {
          ports.letPass(ports.longestInvocationMs(call.function));
        });
        return { kind: "drop", error: "FunctionTimedOut", cause };
      default:
        return kind satisfies never;
    }
  };
  return { before: (call) => happen(call, "before"), after: (call) => happen(call, "after") };
}
