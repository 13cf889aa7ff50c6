import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import { IstioUpgradeStage } from '../../providers/istio/upgrade-stage';
import type { IstioInstallProps } from './install-props';
import { rootNamespace } from './releases';
import type { IstioUpgradeCheck } from './upgrade-props';

/** How far back to look for requests that failed: long enough for whoever calls seldom, and past what a restart does. */
const RANGE = '1h';

/** What to look at before an upgrade leaves its stage. */
export function upgradeChecks(props: IstioInstallProps, state: UpgradeState): readonly IstioUpgradeCheck[] {
  const { from, to } = state;
  const namespace = rootNamespace(props);
  const version = props.upgrade?.version ?? props.version;
  const { canary, cni, gateways = [] } = props;
  const atGateways = [...new Set(gateways.map((gateway) => gateway.namespace))];
  switch (state.stage) {
    case IstioUpgradeStage.BASE:
      return [
        {
          what: 'the API server serves every CRD of Istio',
          command: `kubectl get crds -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.conditions[?(@.type=="Established")].status}{"\\n"}{end}' | grep -F .istio.io | grep -v ' True$'`,
        },
      ];
    case IstioUpgradeStage.CNI:
      return [
        {
          what: `the CNI plugin of \`${version}\` is ready on every node`,
          command: `kubectl -n ${cni?.namespace ?? namespace} get pods -l k8s-app=istio-cni-node --no-headers -o custom-columns='POD:.metadata.name,IMAGE:.spec.containers[0].image,READY:.status.containerStatuses[0].ready' | grep -Ev ':${version.replaceAll('.', '\\.')}(-[a-z]+)? +true$'`,
        },
      ];
    case IstioUpgradeStage.CONTROL_PLANE:
      return [
        {
          what: `every pod of \`istiod-${to}\` is available`,
          command: `kubectl -n ${namespace} get deployment istiod-${to} -o jsonpath='{.status.unavailableReplicas}'`,
        },
        {
          what: `the new control plane is scraped, and says that it is \`${version}\``,
          query: `absent(istio_build{component="pilot",tag=~"${version.replaceAll('.', '\\\\.')}(-.*)?"})`,
        },
      ];
    case IstioUpgradeStage.CANARY:
      return [...restarted(canary?.namespaces ?? [], to), failing(canary?.namespaces ?? [])];
    case IstioUpgradeStage.TAGS:
      return [
        {
          what: `every revision tag points to \`${to}\``,
          command: `kubectl get mutatingwebhookconfigurations -l 'istio.io/tag in (${tagsOf(props).join(',')}),istio.io/rev!=${to}' -o name`,
        },
      ];
    case IstioUpgradeStage.GATEWAYS:
      return [...restarted(atGateways, to), failing(atGateways, 'source')];
    case IstioUpgradeStage.WORKLOADS:
      return [
        { what: `no pod has a proxy of \`${from}\`; restart those that are printed`, command: `${podsOf('-A', from)}` },
        {
          what: `no proxy of \`${props.version}\` is connected to a control plane`,
          query: `sum(pilot_xds{version=~"${props.version.replaceAll('.', '\\\\.')}(-.*)?"}) > 0`,
        },
        {
          what: 'requests in the mesh do not fail',
          query: failures('destination_workload_namespace!=""', 'destination'),
        },
      ];
    case IstioUpgradeStage.DEFAULT_REVISION:
      return [
        {
          what: `configuration is checked by \`istiod-${to}\``,
          command: `kubectl get validatingwebhookconfigurations istiod-default-validator -o jsonpath='{.webhooks[*].clientConfig.service.name}' | grep -vx 'istiod-${to}'`,
        },
        { what: `no pod has a proxy of \`${from}\``, command: podsOf('-A', from) },
      ];
    case IstioUpgradeStage.OLD_REMOVED:
      return [
        {
          what: `the old control plane is gone`,
          command: `kubectl -n ${namespace} get deployment istiod-${from} --ignore-not-found -o name`,
        },
      ];
  }
}

function tagsOf({ tag, canary }: IstioInstallProps): readonly string[] {
  return [...(tag === undefined ? [] : [tag]), ...(canary === undefined ? [] : [canary.tag])];
}

function restarted(namespaces: readonly string[], revision: string): readonly IstioUpgradeCheck[] {
  return namespaces.map((namespace) => ({
    what: `every proxy in namespace \`${namespace}\` is of \`${revision}\`; restart those that are printed`,
    command: `${statuses(`-n ${namespace}`)} | grep -F '"revision":' | grep -vF '"revision":"${revision}"'`,
  }));
}

function podsOf(where: string, revision: string): string {
  return `${statuses(where)} | grep -F '"revision":"${revision}"'`;
}

/** The injector writes its revision on the pods that it injects. */
function statuses(where: string): string {
  return `kubectl get pods ${where} --no-headers -o custom-columns='NAMESPACE:.metadata.namespace,POD:.metadata.name,STATUS:.metadata.annotations.sidecar\\.istio\\.io/status'`;
}

function failing(namespaces: readonly string[], reporter: 'source' | 'destination' = 'destination'): IstioUpgradeCheck {
  return {
    what: `requests ${reporter === 'source' ? 'from' : 'to'} ${namespaces.map((name) => `\`${name}\``).join(', ')} do not fail`,
    query: failures(`${reporter}_workload_namespace=~"${namespaces.join('|')}"`, reporter),
  };
}

function failures(where: string, reporter: string): string {
  return `sum by (destination_workload_namespace, destination_workload) (increase(istio_requests_total{reporter="${reporter}",${where},response_code=~"5.."}[${RANGE}])) > 0`;
}
