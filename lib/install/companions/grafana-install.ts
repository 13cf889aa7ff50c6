import { Construct } from 'constructs';
import { givenShape } from '../../intent/given';
import { requireDnsLabel } from '../../intent/names';
import { requireUrl } from '../../options/url';
import type { Values } from '../helm-release';
import type { CompanionChart } from './companion-chart';
import type { CompanionAddress, CompanionProps } from './companion-props';
import { COMPANION_SHAPE, installCompanion, resourceValues } from './companion-release';
import type { CompanionStorage } from './companion-storage';

/** Grafana, and what it shows. */
export interface GrafanaInstallProps extends CompanionProps {
  /** The Prometheus that it asks: `address` of a `PrometheusInstall`, or another one. */
  readonly prometheus: CompanionAddress;
  /**
   * Name of a Secret in its namespace with the keys `admin-user` and `admin-password`. Without one the chart would make up
   * another password each time that it is rendered.
   */
  readonly adminSecret: string;
  /**
   * The Jaeger that it asks for traces: `address` of a `JaegerInstall`, or another one.
   * @default - it shows no traces
   */
  readonly jaeger?: CompanionAddress;
  /**
   * Name of the release and of its Service.
   * @default grafana
   */
  readonly name?: string;
  /**
   * Its namespace, which belongs to no mesh.
   * @default monitoring
   */
  readonly namespace?: string;
  /**
   * Where people reach it.
   * @default - nobody links to it
   */
  readonly publicUrl?: string;
  /**
   * Where it keeps what people make in it. Dashboards of `MeshDashboards` are in the cluster in any case.
   * @default CompanionStorage.temporary()
   */
  readonly storage?: CompanionStorage;
}

/** https://github.com/grafana-community/helm-charts/tree/main/charts/grafana; older versions are elsewhere. */
const CHART: CompanionChart = {
  name: 'grafana',
  repository: 'https://grafana-community.github.io/helm-charts',
  oldest: [11, 0],
  onceInCluster: false,
  ownFields: [],
};

/**
 * Grafana, from the chart `grafana`. It asks a Prometheus, and shows the dashboards of `MeshDashboards` of all namespaces.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { CompanionStorage, Delivery, GrafanaInstall, MeshApp, PrometheusInstall } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * const chart = new Chart(app, 'monitoring');
 * const delivery = Delivery.argoCd();
 * const prometheus = new PrometheusInstall(chart, 'Prometheus', {
 *   chartVersion: '81.4.5',
 *   delivery,
 *   storage: CompanionStorage.volume('50Gi'),
 * });
 * new GrafanaInstall(chart, 'Grafana', {
 *   chartVersion: '13.1.0',
 *   delivery,
 *   prometheus: prometheus.address,
 *   adminSecret: 'grafana-admin',
 * });
 */
export class GrafanaInstall extends Construct {
  /** Where it is reached. */
  readonly address: CompanionAddress;

  constructor(scope: Construct, id: string, props: GrafanaInstallProps) {
    super(scope, id);
    const {
      name = 'grafana',
      namespace = 'monitoring',
      publicUrl,
    } = givenShape(`\`${this.node.path}\``, props, {
      ...COMPANION_SHAPE,
      prometheus: 'object',
      adminSecret: 'text',
      jaeger: 'object?',
      name: 'text?',
      namespace: 'text?',
      publicUrl: 'text?',
      storage: 'made:_size?',
    });
    installCompanion(this, { chart: CHART, name, namespace }, props, grafanaValues(name, props));
    this.address = {
      url: `http://${name}.${namespace}`,
      ...(publicUrl === undefined ? {} : { publicUrl: requireUrl('publicUrl of Grafana', publicUrl) }),
    };
  }
}

function grafanaValues(name: string, props: GrafanaInstallProps): Values {
  const { prometheus, jaeger, adminSecret, publicUrl, storage } = props;
  const resources = resourceValues(props.resources);
  return {
    fullnameOverride: name,
    admin: { existingSecret: requireDnsLabel('adminSecret of Grafana', adminSecret) },
    ...(publicUrl === undefined
      ? {}
      : { 'grafana.ini': { server: { root_url: requireUrl('publicUrl of Grafana', publicUrl) } } }),
    datasources: {
      'datasources.yaml': {
        apiVersion: 1,
        datasources: [
          { ...datasource('Prometheus', prometheus), isDefault: true },
          ...(jaeger === undefined ? [] : [datasource('Jaeger', jaeger)]),
        ],
      },
    },
    sidecar: {
      dashboards: { enabled: true, label: 'grafana_dashboard', labelValue: '1', searchNamespace: 'ALL' },
    },
    ...storageValues(storage),
    ...(resources === undefined ? {} : { resources }),
  };
}

function datasource(name: string, { url }: CompanionAddress): Values {
  const type = name.toLowerCase();
  return { name, uid: type, type, access: 'proxy', url: requireUrl(`url of ${name}`, url) };
}

function storageValues(storage: CompanionStorage | undefined): Values {
  const size = storage?._size;
  const storageClass = storage?._storageClass;
  return size === undefined
    ? {}
    : {
        persistence: {
          enabled: true,
          size,
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        },
        // A new pod would wait for the volume of the old one.
        deploymentStrategy: { type: 'Recreate' },
      };
}
