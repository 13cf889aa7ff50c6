import { Construct } from 'constructs';
import { Code, MeshError } from '../../errors';
import { givenShape } from '../../intent/given';
import { wholeNumber } from '../../options/numbers';
import type { Values } from '../helm-release';
import type { CompanionChart } from './companion-chart';
import type { CompanionAddress, CompanionProps, IMeshCompanion, MeshCompanionFacts } from './companion-props';
import { COMPANION_SHAPE, installCompanion, resourceValues } from './companion-release';
import type { CompanionStorage } from './companion-storage';

/** Prometheus, and how much it keeps. */
export interface PrometheusInstallProps extends CompanionProps {
  /** Where metrics are kept. */
  readonly storage: CompanionStorage;
  /**
   * Name of the release, with which the names of its objects begin; 26 characters at most.
   * @default prometheus
   */
  readonly name?: string;
  /**
   * Its namespace, which belongs to no mesh.
   * @default monitoring
   */
  readonly namespace?: string;
  /**
   * Days for which metrics are kept.
   * @default - the chart's: 10
   */
  readonly retentionDays?: number;
  /**
   * Pods of Prometheus, each of which collects everything.
   * @default 1
   */
  readonly replicas?: number;
}

/** https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack */
const CHART: CompanionChart = {
  name: 'kube-prometheus-stack',
  repository: 'https://prometheus-community.github.io/helm-charts',
  oldest: [67, 0],
  // The operator's CRDs, and an exporter on every node.
  onceInCluster: true,
  // A job of the chart writes them.
  ownFields: ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap((kind) => [
    { kind, path: '.webhooks[]?.clientConfig.caBundle' },
    { kind, path: '.webhooks[]?.failurePolicy' },
  ]),
};

/** The chart cuts longer names off. */
const LONGEST_NAME = 26;

/** What this Prometheus looks for, in every namespace. */
const SELECTORS = ['podMonitor', 'probe', 'rule', 'scrapeConfig', 'serviceMonitor'];

/**
 * Prometheus with its operator and Alertmanager, from the chart `kube-prometheus-stack`. It collects whatever monitors of any
 * namespace say, `MetricsScrape` among them, and evaluates the rules of `MeshAlerts`. As a companion of the mesh it is let in to
 * the metrics of proxies.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { CompanionStorage, Delivery, IstioInstall, IstioMesh, Mesh, MeshApp, PrometheusInstall } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * const delivery = Delivery.argoCd();
 * const prometheus = new PrometheusInstall(new Chart(app, 'monitoring'), 'Prometheus', {
 *   chartVersion: '81.4.5',
 *   delivery,
 *   storage: CompanionStorage.volume('50Gi'),
 * });
 * const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
 *   version: '1.30.3',
 *   delivery,
 *   companions: [prometheus],
 * });
 * Mesh.use(app, IstioMesh.fromInstall(install));
 */
export class PrometheusInstall extends Construct implements IMeshCompanion {
  /** Where it is reached. */
  readonly address: CompanionAddress;
  readonly meshFacts: MeshCompanionFacts;

  constructor(scope: Construct, id: string, props: PrometheusInstallProps) {
    super(scope, id);
    const { name = 'prometheus', namespace = 'monitoring' } = givenShape(`\`${this.node.path}\``, props, {
      ...COMPANION_SHAPE,
      storage: 'made:_size',
      name: 'text?',
      namespace: 'text?',
      retentionDays: 'number?',
      replicas: 'number?',
    });
    if (name.length > LONGEST_NAME) {
      throw new MeshError(
        Code.COMPANION,
        `name \`${name}\` of \`${this.node.path}\` has more than ${LONGEST_NAME} characters, which its chart cuts off`,
        'take a shorter `name`',
      );
    }
    installCompanion(this, { chart: CHART, name, namespace }, props, prometheusValues(name, props));
    this.address = { url: `http://${name}-prometheus.${namespace}:9090` };
    this.meshFacts = { monitoringNamespace: namespace };
  }
}

function prometheusValues(name: string, props: PrometheusInstallProps): Values {
  const { retentionDays, replicas = 1 } = props;
  const resources = resourceValues(props.resources);
  return {
    fullnameOverride: name,
    // Its dashboards are there without it, for a Grafana that looks for them.
    grafana: { enabled: false, forceDeployDashboards: true },
    prometheus: {
      prometheusSpec: {
        replicas: wholeNumber('replicas of Prometheus', replicas, 1, 100),
        // Otherwise it would look for nothing but what has the label of this release.
        ...Object.fromEntries(SELECTORS.map((kind) => [`${kind}SelectorNilUsesHelmValues`, false])),
        ...(retentionDays === undefined
          ? {}
          : { retention: `${wholeNumber('retentionDays of Prometheus', retentionDays, 1, 3650)}d` }),
        ...storageValues(props.storage),
        ...(resources === undefined ? {} : { resources }),
      },
    },
  };
}

function storageValues({ _size: size, _storageClass: storageClass }: CompanionStorage): Values {
  return size === undefined
    ? {}
    : {
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: size } },
            },
          },
        },
      };
}
