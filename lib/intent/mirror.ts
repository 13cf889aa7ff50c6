import type { Conditions } from './conditions';
import { ANYTHING, operationConditions } from './conditions';
import type { Operation } from './operation';
import type { ServiceRef } from './peer';
import type { Port } from './port';
import { Protocol } from './port';
import { SAFE_METHODS } from './repetition';

/** Copies of requests, whose answers nobody sees. */
export interface MirrorIntent {
  readonly to:
    | { readonly kind: 'version'; readonly version: string }
    | { readonly kind: 'service'; readonly ref: ServiceRef; readonly port?: string };
  /** More than 0, at most 100. */
  readonly percent: number;
  /** What is copied; none means what is safe to do twice. */
  readonly operations: readonly Operation[];
}

/** The requests on a port that are copied: without methods by name, the safe ones. Requests that stay open never are. */
export function mirroredRequests({ operations }: MirrorIntent, port: Port): readonly Conditions[] {
  if (port.streaming || !port.carriesRequests) {
    return [];
  }
  const grpc = port.protocol === Protocol.GRPC;
  if (operations.length === 0) {
    // Every call of gRPC is a POST, so that nobody can tell which are safe.
    return grpc ? [] : [{ ...ANYTHING, methods: SAFE_METHODS }];
  }
  return operations
    .filter((operation) => grpc || !operation.isGrpc)
    .flatMap(operationConditions)
    .map((conditions) => (conditions.methods.length > 0 ? conditions : { ...conditions, methods: SAFE_METHODS }));
}
