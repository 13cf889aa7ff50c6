/** Status with which a gRPC call fails. */
export enum GrpcStatus {
  /** The caller gave up. */
  CANCELLED = 'CANCELLED',
  /** Nothing better is known. */
  UNKNOWN = 'UNKNOWN',
  /** What the caller sent is wrong whatever the state of the system. */
  INVALID_ARGUMENT = 'INVALID_ARGUMENT',
  /** It took too long. */
  DEADLINE_EXCEEDED = 'DEADLINE_EXCEEDED',
  /** What was asked for is not there. */
  NOT_FOUND = 'NOT_FOUND',
  /** What was to be made is there. */
  ALREADY_EXISTS = 'ALREADY_EXISTS',
  /** The caller may not do that. */
  PERMISSION_DENIED = 'PERMISSION_DENIED',
  /** A quota or a limit is used up. */
  RESOURCE_EXHAUSTED = 'RESOURCE_EXHAUSTED',
  /** The system is not in the state that the call needs. */
  FAILED_PRECONDITION = 'FAILED_PRECONDITION',
  /** Another call came in between. */
  ABORTED = 'ABORTED',
  /** Beyond what there is. */
  OUT_OF_RANGE = 'OUT_OF_RANGE',
  /** There is no such method. */
  UNIMPLEMENTED = 'UNIMPLEMENTED',
  /** The callee is broken. */
  INTERNAL = 'INTERNAL',
  /** The callee cannot be reached just now. */
  UNAVAILABLE = 'UNAVAILABLE',
  /** Data are lost. */
  DATA_LOSS = 'DATA_LOSS',
  /** The caller is not known. */
  UNAUTHENTICATED = 'UNAUTHENTICATED',
}

/** Harm that is done on purpose to requests that a route matches, so that one sees what callers make of it. */
export interface FaultIntent {
  readonly delay?: { readonly millis: number; readonly percent: number };
  readonly abort?: {
    readonly status:
      { readonly kind: 'http'; readonly code: number } | { readonly kind: 'grpc'; readonly code: GrpcStatus };
    readonly percent: number;
  };
}
