import { Duration } from 'cdk8s';
import type { ArgoRolloutsOptions, FlaggerOptions, ReleaseAnalysis, ReleaseStep } from '../../../lib';
import { DeploymentScaleDown, ReleaseController } from '../../../lib';
import { millis } from './resilience';
import { always, become, both, factories, listOf, often, part, struct, values, weighted } from './some';
import type { Any } from './world';

const analysis: Any<ReleaseAnalysis> = struct<ReleaseAnalysis>('ReleaseAnalysis')({
  prometheusAddress: always(values(['http://prometheus.monitoring:9090'], ['prometheus:9090', ''])),
  interval: often(values([Duration.seconds(10), Duration.minutes(5)], [Duration.seconds(9), Duration.millis(10_500)])),
  failureLimit: often(values([0, 5], [-1, 1.5])),
  minSuccessPercent: often(values([95, 99.9, 100], [0, 101])),
  maxLatency: often(millis([1, 500])),
  latencyPercentile: often(values([50, 99.9], [0, 101])),
});

const step = (good: readonly number[]): Any<ReleaseStep> =>
  struct<ReleaseStep>('ReleaseStep')({
    weightPercent: always(values(good, [0, 101, 0.5])),
    pause: often(millis([1000, 600_000], [0, 1500])),
  });
const steps: Any<ReleaseStep[]> = weighted(
  [20, both(listOf(step([1, 5]), 1, 1), listOf(step([25, 50, 100]), 0, 1), (one, two) => [...one, ...two])],
  [1, values<ReleaseStep[]>([], [[], [{ weightPercent: 5 }, { weightPercent: 5 }]])],
);

const flagging = {
  analysis: always(analysis),
  selectorLabels: often(values([['app'], ['app', 'name']], [[]])),
  autoscaler: often(values(['cart-scaler'], ['Cart', ''])),
};
const flagger: Any<FlaggerOptions> = weighted(
  [
    10,
    part<FlaggerOptions>('FlaggerOptions')({
      ...flagging,
      weightsPercent: always(values([[5, 50], [100]], [[], [50, 5], [101]])),
    }),
  ],
  [6, part<FlaggerOptions>('FlaggerOptions')({ ...flagging, iterations: always(values([1, 10], [0, 1.5])) })],
  [
    1,
    struct<FlaggerOptions>('FlaggerOptions')({
      ...flagging,
      weightsPercent: often(values([[5, 50]])),
      iterations: often(values([10])),
    }),
  ],
);

/** Who moves a release. */
export const controller: Any<ReleaseController> = factories<typeof ReleaseController>('ReleaseController')({
  argoRollouts: become(
    struct<ArgoRolloutsOptions>('ArgoRolloutsOptions')({
      steps: always(steps),
      analysis: always(analysis),
      scaleDown: often(values(Object.values(DeploymentScaleDown))),
      replicas: often(values([1, 3], [0, 1.5])),
    }),
    'ReleaseController.argoRollouts',
    (options) => ReleaseController.argoRollouts(options),
  ),
  flagger: become(flagger, 'ReleaseController.flagger', (options) => ReleaseController.flagger(options)),
});
