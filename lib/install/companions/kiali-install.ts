import { Construct } from 'constructs';
import { givenShape } from '../../intent/given';
import { requireDnsLabel } from '../../intent/names';
import { kialiValues } from '../../options/kiali';
import type { IstioMesh } from '../../providers/istio/istio-mesh';
import type { Values } from '../helm-release';
import type { CompanionChart } from './companion-chart';
import type { CompanionAddress, CompanionProps } from './companion-props';
import { COMPANION_SHAPE, installCompanion, resourceValues } from './companion-release';
import { KialiLogin } from './kiali-login';

/** Kiali, and what it shows. */
export interface KialiInstallProps extends CompanionProps {
  /** The mesh that it shows, for example what `IstioMesh.fromInstall` returns. */
  readonly mesh: IstioMesh;
  /** The Prometheus that it asks: `address` of a `PrometheusInstall`, or another one. */
  readonly prometheus: CompanionAddress;
  /**
   * Name of a Secret in its namespace. `signing-key` is 16, 24 or 32 characters with which Kiali signs sessions; the chart would
   * make up another one each time that it is rendered. `oidc-secret` is for `KialiLogin.openId`.
   */
  readonly secret: string;
  /**
   * The Grafana that it links to: `address` of a `GrafanaInstall`, or another one.
   * @default - it links to no dashboards
   */
  readonly grafana?: CompanionAddress;
  /**
   * The Jaeger that it asks for traces: `address` of a `JaegerInstall`, or another one.
   * @default - it shows no traces
   */
  readonly jaeger?: CompanionAddress;
  /**
   * How people log in.
   * @default KialiLogin.token()
   */
  readonly login?: KialiLogin;
  /**
   * Whether it can change the mesh. What people change there is in no repository.
   * @default false
   */
  readonly canEdit?: boolean;
  /**
   * Name of the release and of what it consists of.
   * @default kiali
   */
  readonly name?: string;
  /**
   * Its namespace, which belongs to no mesh.
   * @default kiali
   */
  readonly namespace?: string;
}

/** https://github.com/kiali/helm-charts/tree/master/kiali-server */
const CHART: CompanionChart = {
  name: 'kiali-server',
  repository: 'https://kiali.org/helm-charts',
  // Before, the chart took no signing key from a Secret.
  oldest: [2, 28],
  onceInCluster: false,
  ownFields: [],
};

/**
 * Kiali, from the chart `kiali-server`, with the settings of `KialiSettings`. It reads, and people log in.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { Delivery, IstioInstall, IstioMesh, KialiInstall, Mesh, MeshApp } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * const delivery = Delivery.argoCd();
 * const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', { version: '1.30.3', delivery });
 * const mesh = IstioMesh.fromInstall(install);
 * Mesh.use(app, mesh);
 * new KialiInstall(new Chart(app, 'kiali'), 'Kiali', {
 *   chartVersion: '2.31.0',
 *   delivery,
 *   mesh,
 *   prometheus: { url: 'http://prometheus-operated.monitoring:9090' },
 *   secret: 'kiali',
 * });
 */
export class KialiInstall extends Construct {
  /** Where it is reached. */
  readonly address: CompanionAddress;

  constructor(scope: Construct, id: string, props: KialiInstallProps) {
    super(scope, id);
    const { name = 'kiali', namespace = 'kiali' } = givenShape(`\`${this.node.path}\``, props, {
      ...COMPANION_SHAPE,
      mesh: 'made:_provider',
      prometheus: 'object',
      secret: 'text',
      grafana: 'object?',
      jaeger: 'object?',
      login: 'made:_values?',
      canEdit: 'flag?',
      name: 'text?',
      namespace: 'text?',
    });
    installCompanion(this, { chart: CHART, name, namespace }, props, installValues(name, props));
    this.address = { url: `http://${name}.${namespace}:20001/kiali` };
  }
}

function installValues(name: string, props: KialiInstallProps): Values {
  const { prometheus, grafana, jaeger, login = KialiLogin.token(), canEdit = false } = props;
  const secret = requireDnsLabel('secret of Kiali', props.secret);
  const resources = resourceValues(props.resources);
  return {
    ...kialiValues(props.mesh._provider().telemetry.kialiSettings, {
      prometheusUrl: prometheus.url,
      grafanaUrl: grafana?.url,
      grafanaPublicUrl: grafana?.publicUrl,
      jaegerUrl: jaeger?.url,
      jaegerPublicUrl: jaeger?.publicUrl,
    }),
    ...login._values,
    login_token: { signing_key: `secret:${secret}:signing-key` },
    server: { web_root: '/kiali' },
    deployment: {
      instance_name: name,
      secret_name: secret,
      view_only_mode: !canEdit,
      ...(resources === undefined ? {} : { resources }),
    },
  };
}
