import { Code, MeshError, quoted } from '../errors';
import type { HttpMatch } from './http-match';
import { requireNoClaims } from './http-match';
import type { IngressIntent } from './ingress';
import type { Labels } from './names';
import type { Port } from './port';

/** How a controller judges what it tries. */
export interface AnalysisIntent {
  readonly prometheusAddress: string;
  readonly intervalSeconds: number;
  /** Failed judgements that are tolerated. */
  readonly failureLimit: number;
  readonly minSuccessPercent: number;
  readonly maxLatencyMillis?: number;
  readonly latencyPercentile: number;
}

/** A share, and how long it stays. */
export interface StepIntent {
  readonly weightPercent: number;
  /** Undefined waits until somebody promotes. */
  readonly pauseSeconds?: number;
}

/** Argo Rollouts runs the pods by a template, and moves the shares of routes that it is shown. */
export interface ArgoRolloutsIntent {
  readonly kind: 'argoRollouts';
  readonly steps: readonly StepIntent[];
  readonly analysis: AnalysisIntent;
  /** What becomes of the Deployment whose template it takes. */
  readonly scaleDown: string;
  /** Undefined is what the Deployment says. */
  readonly replicas?: number;
}

/** Flagger copies the Deployment, and makes routes and Kubernetes Services by itself. */
export interface FlaggerIntent {
  readonly kind: 'flagger';
  readonly weightsPercent: readonly number[];
  /** Judgements of requests that matches choose, in the place of shares. */
  readonly iterations?: number;
  readonly analysis: AnalysisIntent;
  /** Labels one of which it rewrites on the pods of the version that runs. */
  readonly selectorLabels: readonly string[];
  /** Name of a HorizontalPodAutoscaler. */
  readonly autoscaler?: string;
}

/** A controller that moves the shares of two versions in the cluster. */
export type ControllerIntent = ArgoRolloutsIntent | FlaggerIntent;

/** A release that a controller carries out. */
export interface DeliveryIntent {
  readonly controller: ControllerIntent;
  /** Requests that try the new version before others; any of the matches suffices. */
  readonly preview: readonly HttpMatch[];
}

/** A release by a controller, with what its workload says. */
export interface Delivery extends DeliveryIntent {
  /** The Deployment from which both versions are made. */
  readonly workload: {
    readonly name: string;
    /** Those that its pods will have. */
    readonly podLabels: Labels;
    readonly matchLabels: Labels;
    readonly replicas?: number;
  };
  /** Where requests enter the mesh for the service. */
  readonly ingresses: readonly IngressIntent[];
}

/** How messages call a controller. */
export function controllerName({ kind }: ControllerIntent): string {
  return kind === 'flagger' ? 'Flagger' : 'Argo Rollouts';
}

/** Refuses ports whose shares no controller could move. */
export function requireDeliverablePorts(owner: string, controller: ControllerIntent, ports: readonly Port[]): void {
  const plain = ports.filter((port) => !port.carriesRequests);
  if (ports.length === 0 || plain.length > 0) {
    throw new MeshError(
      Code.RELEASE,
      ports.length === 0
        ? `\`${owner}\` has no port, so that there is nothing for ${controllerName(controller)} to share`
        : `ports ${quoted(plain.map(({ name }) => name))} of \`${owner}\` carry connections, whose shares ${controllerName(controller)} cannot move and judge`,
      'declare HTTP and gRPC ports only, and the others on a service of their own',
    );
  }
  if (controller.kind === 'flagger' && ports.length > 1) {
    throw new MeshError(
      Code.RELEASE,
      `\`${owner}\` has ports ${quoted(ports.map(({ name }) => name))}, and Flagger makes Services with one`,
      'declare one port, or use `ReleaseController.argoRollouts`',
    );
  }
}

/** Refuses matches by which this controller cannot choose requests. */
export function requirePreview(
  owner: string,
  controller: ControllerIntent,
  preview: readonly HttpMatch[],
  ports: readonly Port[],
): void {
  const argo = controller.kind === 'argoRollouts';
  requireNoClaims(`\`candidateWhen\` of \`${owner}\``, preview);
  for (const { _conditions: conditions } of preview) {
    const { path, methods, headers, query, callers } = conditions;
    const beside = [
      ...(path === undefined ? [] : ['path']),
      ...(methods.length === 0 ? [] : ['methods']),
      ...(callers.length === 0 ? [] : ['callers']),
      ...(argo && query.length > 0 ? ['query'] : []),
    ];
    if (beside.length > 0 || (argo && headers.length !== 1)) {
      throw new MeshError(
        Code.RELEASE,
        `\`candidateWhen\` of \`${owner}\` ${beside.length > 0 ? `compares ${quoted(beside)}` : `joins headers ${quoted(headers.map(({ name }) => name))} in one match`}, which ${controllerName(controller)} cannot`,
        argo ? 'give matches of one header each' : 'give matches of headers and query parameters',
      );
    }
  }
  if (argo && preview.length > 0 && ports.length > 1) {
    throw new MeshError(
      Code.RELEASE,
      `\`candidateWhen\` of \`${owner}\` would lead requests of its ports ${quoted(ports.map(({ name }) => name))} to one of them under Argo Rollouts`,
      'leave `candidateWhen` out, or declare one port',
    );
  }
  if (controller.kind === 'flagger' && preview.length > 0 && controller.iterations === undefined) {
    throw new MeshError(
      Code.RELEASE,
      `\`${owner}\` has \`candidateWhen\`, and Flagger judges chosen requests by a number of times, not by shares`,
      'give `iterations` in the place of `weightsPercent`, or leave `candidateWhen` out',
    );
  }
}
