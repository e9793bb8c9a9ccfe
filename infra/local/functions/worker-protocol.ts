/** What a function's worker thread is started with. */
export type WorkerSettings = {
  /** File URL of the bundle. */
  readonly bundleUrl: string;
  /** Name of the exported handler. */
  readonly handlerName: string;
  /** Shared offset of the one clock. */
  readonly clockBuffer: SharedArrayBuffer;
  /** The only address that the function may connect to. */
  readonly gateway: { readonly hostname: string; readonly port: number };
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly jsonLogs: boolean;
};

/** One event for the handler. */
export type InvocationRequest = {
  readonly requestId: string;
  readonly traceId: string;
  /** The event as JSON text, as Lambda hands it over. */
  readonly event: string;
  readonly timeoutMs: number;
};

/** What the worker tells the host. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | {
      readonly kind: "initFailed";
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stack: string;
    }
  | { readonly kind: "answered"; readonly requestId: string; readonly payload: string }
  | {
      readonly kind: "failed";
      readonly requestId: string;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stack: string;
    };
