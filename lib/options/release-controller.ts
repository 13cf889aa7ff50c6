import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import { givenList, givenMade, givenOptions } from '../intent/given';
import type { AnalysisIntent, ControllerIntent, StepIntent } from '../intent/delivery';
import { requireDnsLabel } from '../intent/names';
import { positiveMillis, wholeNumber } from './numbers';

/** How a controller judges the new version by the mesh's own metrics. */
export interface ReleaseAnalysis {
  /** Where the controller reaches Prometheus, for example `http://prometheus.monitoring:9090`. */
  readonly prometheusAddress: string;
  /**
   * How often it is judged, in whole seconds. A judgement looks back as far, and at least a minute.
   * @default - 1 minute
   */
  readonly interval?: Duration;
  /**
   * Failed judgements that are tolerated; with one more, every request goes back to the version that ran.
   * @default 2
   */
  readonly failureLimit?: number;
  /**
   * Least share of requests without a server's error (HTTP 5xx; gRPC UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL,
   * UNAVAILABLE and DATA_LOSS), in percent.
   * @default 99
   */
  readonly minSuccessPercent?: number;
  /**
   * What the latency at `latencyPercentile` may be.
   * @default - latency is not judged
   */
  readonly maxLatency?: Duration;
  /**
   * The share of requests that must be faster than `maxLatency`, in percent.
   * @default 99
   */
  readonly latencyPercentile?: number;
}

/** A share of the requests, and how long it stays. */
export interface ReleaseStep {
  /** Share of the new version in percent, 1 to 100. */
  readonly weightPercent: number;
  /**
   * How long, in whole seconds.
   * @default - until somebody promotes it
   */
  readonly pause?: Duration;
}

/** What becomes of the Deployment from which Argo Rollouts takes the pod template. */
export enum DeploymentScaleDown {
  /** It is scaled to zero when the pods of the Rollout are healthy. */
  ON_SUCCESS = 'onsuccess',
  /** It is scaled down as the pods of the Rollout come up. */
  PROGRESSIVELY = 'progressively',
  /** It keeps its pods: they run beside those of the Rollout, without requests from the mesh. */
  NEVER = 'never',
}

/** A release by Argo Rollouts. */
export interface ArgoRolloutsOptions {
  /** Shares in the order in which they are tried; after the last one, the new version takes everything. */
  readonly steps: ReleaseStep[];
  /** How the new version is judged, from the first step on. */
  readonly analysis: ReleaseAnalysis;
  /**
   * What becomes of the Deployment's own pods.
   * @default DeploymentScaleDown.ON_SUCCESS
   */
  readonly scaleDown?: DeploymentScaleDown;
  /**
   * Pods of the Rollout.
   * @default - as many as the Deployment says
   */
  readonly replicas?: number;
}

/** A release by Flagger. */
export interface FlaggerOptions {
  /**
   * Shares of the new version in percent in the order in which they are tried, each for one interval of the analysis.
   * @default - 5, 25 and 50, unless there are `iterations`
   */
  readonly weightsPercent?: number[];
  /**
   * Judgements that must pass, in the place of shares: of requests that `candidateWhen` chooses, or before all requests move at once.
   * @default - shares
   */
  readonly iterations?: number;
  /** How the new version is judged. */
  readonly analysis: ReleaseAnalysis;
  /**
   * The `-selector-labels` that Flagger was started with.
   * @default - app, name and app.kubernetes.io/name
   */
  readonly selectorLabels?: string[];
  /**
   * Name of the HorizontalPodAutoscaler of the Deployment, which Flagger copies.
   * @default - none
   */
  readonly autoscaler?: string;
}

/**
 * A controller in the cluster that moves the shares of a release by itself, and back where the new version fails.
 *
 * @example
 * import { Duration } from 'cdk8s';
 * import { ReleaseController } from 'cdk8s-mesh';
 * const controller = ReleaseController.argoRollouts({
 *   steps: [{ weightPercent: 5, pause: Duration.minutes(10) }, { weightPercent: 50, pause: Duration.minutes(10) }],
 *   analysis: { prometheusAddress: 'http://prometheus.monitoring:9090', minSuccessPercent: 99.5, maxLatency: Duration.millis(500) },
 * });
 */
export class ReleaseController {
  /** Argo Rollouts runs the pods by the template of the Deployment, and changes shares in the emitted routes. */
  static argoRollouts(options: ArgoRolloutsOptions): ReleaseController {
    const {
      steps,
      analysis,
      scaleDown = DeploymentScaleDown.ON_SUCCESS,
      replicas,
    } = givenOptions('options of Argo Rollouts', options);
    givenList('`steps` of a release', steps);
    requireIncreasing(
      'steps',
      steps.map(({ weightPercent }) => weightPercent),
    );
    return new ReleaseController({
      kind: 'argoRollouts',
      steps: steps.map(stepIntent),
      analysis: analysisIntent(givenOptions('`analysis` of a release', analysis)),
      scaleDown,
      ...(replicas === undefined ? {} : { replicas: wholeNumber('replicas of the Rollout', replicas, 1, 10_000) }),
    });
  }

  /** Flagger copies the Deployment, and makes the Services, routes and rules of the host itself: none of them is emitted. */
  static flagger(options: FlaggerOptions): ReleaseController {
    const { weightsPercent, iterations, analysis, selectorLabels, autoscaler } = givenOptions(
      'options of Flagger',
      options,
    );
    if (weightsPercent !== undefined) {
      givenList('`weightsPercent` of Flagger', weightsPercent);
    }
    if (weightsPercent !== undefined && iterations !== undefined) {
      throw new MeshError(
        Code.RELEASE,
        `a release by Flagger has \`weightsPercent\` and \`iterations\`, of which only one can hold`,
        'leave one of them out',
      );
    }
    const weights = weightsPercent ?? (iterations === undefined ? [5, 25, 50] : []);
    if (iterations === undefined) {
      requireIncreasing('weightsPercent', weights);
    }
    if (selectorLabels?.length === 0) {
      throw new MeshError(Code.RELEASE, '`selectorLabels` of Flagger is empty', 'name them, or leave it out');
    }
    return new ReleaseController({
      kind: 'flagger',
      weightsPercent: weights,
      ...(iterations === undefined ? {} : { iterations: wholeNumber('iterations of Flagger', iterations, 1, 10_000) }),
      analysis: analysisIntent(givenOptions('`analysis` of a release', analysis)),
      selectorLabels: selectorLabels ?? ['app', 'name', 'app.kubernetes.io/name'],
      ...(autoscaler === undefined ? {} : { autoscaler: requireDnsLabel('autoscaler', autoscaler) }),
    });
  }

  /**
   * @internal
   */
  readonly _intent: ControllerIntent;

  private constructor(intent: ControllerIntent) {
    this._intent = intent;
  }
}

function stepIntent({ weightPercent, pause }: ReleaseStep): StepIntent {
  return { weightPercent, ...(pause === undefined ? {} : { pauseSeconds: wholeSeconds('pause of a step', pause, 1) }) };
}

function requireIncreasing(field: string, weights: readonly number[]): void {
  if (weights.length === 0) {
    throw new MeshError(Code.WEIGHT, `\`${field}\` of a release is empty`, 'give shares such as 5, 25 and 50');
  }
  weights.forEach((weight, index) => {
    const before = weights[index - 1] ?? 0;
    if (!Number.isInteger(weight) || weight < 1 || weight > 100) {
      throw new MeshError(
        Code.WEIGHT,
        `share \`${weight}\` in \`${field}\` of a release is none`,
        'use whole numbers from 1 to 100',
      );
    }
    if (weight <= before) {
      throw new MeshError(
        Code.WEIGHT,
        `\`${field}\` of a release must increase, got \`${before}\` then \`${weight}\``,
        `reorder \`${field}\``,
      );
    }
  });
}

function analysisIntent(options: ReleaseAnalysis): AnalysisIntent {
  const {
    prometheusAddress,
    interval,
    failureLimit = 2,
    minSuccessPercent = 99,
    maxLatency,
    latencyPercentile = 99,
  } = options;
  if (!/^https?:\/\/[^\s/]+(\/\S*)?$/.test(prometheusAddress)) {
    throw new MeshError(
      Code.RELEASE,
      `\`${prometheusAddress}\` is no address of Prometheus`,
      'write it with `http://` or `https://`, as the controller reaches it',
    );
  }
  return {
    prometheusAddress,
    intervalSeconds: interval === undefined ? 60 : wholeSeconds('interval of an analysis', interval, 10),
    failureLimit: wholeNumber('failureLimit of an analysis', failureLimit, 0, 10_000),
    minSuccessPercent: percent('minSuccessPercent', minSuccessPercent),
    ...(maxLatency === undefined ? {} : { maxLatencyMillis: positiveMillis('maxLatency of an analysis', maxLatency) }),
    latencyPercentile: percent('latencyPercentile', latencyPercentile),
  };
}

function percent(field: string, value: number): number {
  if (value > 0 && value <= 100) {
    return value;
  }
  throw new MeshError(Code.RELEASE, `${field} of an analysis is \`${value}\``, 'use a number above 0, up to 100');
}

/** Controllers count in whole seconds. */
function wholeSeconds(field: string, duration: Duration, least: number): number {
  const millis = givenMade(field, duration, 'toMilliseconds', 'a `Duration`').toMilliseconds();
  if (millis >= least * 1000 && millis % 1000 === 0) {
    return millis / 1000;
  }
  throw new MeshError(Code.DURATION, `${field} is \`${millis}\` milliseconds`, `use whole seconds, at least ${least}`);
}
