/** How one invocation of a function ended. */
export type FunctionOutcome =
  /** The handler answered; the payload is its answer as JSON text. */
  | { readonly kind: "answered"; readonly payload: string }
  /** The handler threw, or the instance ended: out of memory, process exit, crash. */
  | { readonly kind: "failed"; readonly errorType: string; readonly errorMessage: string }
  /** The function's own time-out passed; its instance has been ended. */
  | { readonly kind: "timedOut" };
