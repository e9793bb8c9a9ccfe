import { randomUUID } from "node:crypto";
import type { CallFault } from "./call-log.ts";

/** A fault as it is asked for: which calls it meets, and what then happens to them. */
export type FaultOrder = CallFault & {
  /** The function as it stands in call records; any function without it. */
  readonly function?: string;
  readonly service: string;
  readonly action: string;
  /** So many matching calls pass first. */
  readonly skip: number;
  /** So many matching calls fail after that. */
  readonly times: number;
};

/** A fault that is set, with how many matching calls it let pass and how many it met. */
export type SetFault = FaultOrder & { readonly id: string; readonly passed: number; readonly fired: number };

/** The faults that are set, in the order in which they were. */
export type Faults = {
  set(order: FaultOrder): SetFault;
  list(): readonly SetFault[];
  clear(): void;
  /** What happens to this call at this moment; counts it. A call that one fault meets is not counted by later ones. */
  meet(call: MetCall, when: CallFault["when"]): CallFault["kind"] | undefined;
};

type MetCall = { readonly function: string; readonly service: string; readonly action: string };
type CountedFault = FaultOrder & { readonly id: string; passed: number; fired: number };

/** No faults, until some are set. */
export function createFaults(): Faults {
  let faults: readonly CountedFault[] = [];
  return {
    set(order) {
      const fault: CountedFault = { id: randomUUID(), ...order, passed: 0, fired: 0 };
      faults = [...faults, fault];
      return { ...fault };
    },
    list: () => faults.map((fault) => ({ ...fault })),
    clear() {
      faults = [];
    },
    meet(call, when) {
      for (const fault of faults) {
        if (fault.when !== when || !matches(fault, call)) continue;
        if (fault.passed < fault.skip) fault.passed += 1;
        else if (fault.fired < fault.times) {
          fault.fired += 1;
          return fault.kind;
        }
      }
      return undefined;
    },
  };
}

/** Names are compared without regard to case, and an action may be written with its service before it. */
function matches(fault: FaultOrder, call: MetCall): boolean {
  const [service, action] = [lower(fault.service), lower(fault.action)];
  return (
    (fault.function === undefined || lower(fault.function) === lower(call.function)) &&
    service === lower(call.service) &&
    (action === lower(call.action) || action === `${service}:${lower(call.action)}`)
  );
}

function lower(text: string): string {
  return text.toLowerCase();
}

/** The error with which a service says that it is asked too often: the SDK's clients know each and try again. */
export function throttlingError(
  service: string,
  action: string,
): { readonly code: string; readonly statusCode: number } {
  switch (service) {
    case "dynamodb":
      return /^Transact/u.test(action)
        ? { code: "ThrottlingException", statusCode: 400 }
        : { code: "ProvisionedThroughputExceededException", statusCode: 400 };
    case "ses":
      return { code: "TooManyRequestsException", statusCode: 429 };
    case "cognito-idp":
      return { code: "TooManyRequestsException", statusCode: 400 };
    case "bedrock":
      return { code: "ThrottlingException", statusCode: 429 };
    case "s3":
      return { code: "SlowDown", statusCode: 503 };
    default:
      return { code: "ThrottlingException", statusCode: 400 };
  }
}
