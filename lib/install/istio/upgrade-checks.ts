import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import { IstioUpgradeStage, NO_REVISION, controlPlaneName } from '../../providers/istio/upgrade-stage';
import type { IstioInstallProps } from './install-props';
import { rootNamespace } from './releases';
import { tagName } from './tags';
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
          what: `the release \`istio-base\` is of \`${version}\`, and the API server serves every CRD of Istio`,
          command: `kubectl get crds -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.conditions[?(@.type=="Established")].status}{"\\n"}{end}' | grep -F .istio.io | grep -v ' True$'`,
        },
      ];
    case IstioUpgradeStage.CNI:
      return [
        {
          what: `the CNI plugin of \`${version}\` is ready on every node`,
          command: `kubectl -n ${cni?.namespace ?? namespace} get daemonset istio-cni-node --no-headers -o custom-columns='NAME:.metadata.name,IMAGE:.spec.template.spec.containers[0].image,WANTED:.status.desiredNumberScheduled,UPDATED:.status.updatedNumberScheduled,READY:.status.numberReady,MADE:.metadata.generation,SEEN:.status.observedGeneration' | awk '$2 !~ /:${version.replaceAll('.', '\\.')}(-[a-z]+)?$/ || $3 != $4 || $3 != $5 || $6 != $7'`,
        },
      ];
    case IstioUpgradeStage.CONTROL_PLANE:
      return [
        {
          what: `every pod of \`istiod-${to}\` is available`,
          command: `kubectl -n ${namespace} get deployment istiod-${to} --no-headers -o custom-columns='NAME:.metadata.name,WANTED:.spec.replicas,AVAILABLE:.status.availableReplicas,MADE:.metadata.generation,SEEN:.status.observedGeneration' | awk '$2 != $3 || $4 != $5'`,
        },
        {
          what: `the new control plane is scraped, and says that it is \`${version}\``,
          query: `absent(istio_build{component="pilot",tag=~"${version.replaceAll('.', '\\\\.')}(-.*)?"})`,
        },
        {
          what: `before going back: no pod has a proxy of \`${to}\`, which would lose its control plane; restart those that are printed`,
          command: podsOf('-A', to),
        },
      ];
    case IstioUpgradeStage.CANARY:
      return [
        ...(canary?.namespaces ?? []).map((name) => proxied(name, to)),
        ...failing(canary?.namespaces ?? []),
        {
          what: `before going back: no pod of other namespaces has a proxy of \`${to}\`; restart those that are printed`,
          command: `${podsOf('-A', to)} | grep -Ev '^(${(canary?.namespaces ?? []).join('|')}) '`,
        },
      ];
    case IstioUpgradeStage.TAGS:
      return [
        {
          what: `every revision tag points to \`${to}\`, and istiod has written its certificate into it`,
          command: `kubectl get mutatingwebhookconfigurations ${tagNames(props).join(' ')} --no-headers -o custom-columns='NAME:.metadata.name,REVISION:.metadata.labels.istio\\.io/rev,CERTIFICATE:.webhooks[0].clientConfig.caBundle' | awk '$2 != "${to}" || $3 == "<none>" { print $1 }'`,
        },
        {
          what: `nothing that \`istioctl tag\` has left says otherwise; delete what is printed`,
          command: `kubectl -n ${namespace} get services -l 'istio.io/tag in (${tagsOf(props).join(',')}),istio.io/rev!=${to}' -o name`,
        },
      ];
    case IstioUpgradeStage.GATEWAYS:
      return [...restarted(atGateways, to), ...failing(atGateways, 'source')];
    case IstioUpgradeStage.WORKLOADS:
      return [
        { what: `no pod has a proxy of \`${from}\`; restart those that are printed`, command: podsOf('-A', from) },
        {
          what: `every pod of a namespace that follows a tag has a proxy of \`${to}\`; restart those that are printed`,
          command: `kubectl get namespaces -l 'istio.io/rev in (${tagsOf(props).join(',')})' -o jsonpath='{range .items[*]}{.metadata.name}{"\\n"}{end}' | while read -r namespace; do ${withoutProxy('"$namespace"', to)}; done`,
        },
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
        {
          what: `no namespace follows \`${from}\` past a tag; let those that are printed follow one`,
          command: `kubectl get namespaces -l istio.io/rev=${from} -o name`,
        },
        ...(from === NO_REVISION
          ? [
              {
                what: 'no namespace follows whichever control plane has no revision; let those that are printed follow a tag',
                command: 'kubectl get namespaces -l istio-injection=enabled -o name',
              },
            ]
          : []),
        {
          what: `no other tag points to \`${from}\`; move or delete those that are printed`,
          command: `kubectl -n ${namespace} get mutatingwebhookconfigurations,services -l 'istio.io/tag,istio.io/rev=${from}' -o name`,
        },
      ];
    case IstioUpgradeStage.OLD_REMOVED:
      return [
        {
          what: `the old control plane is gone`,
          command: `kubectl -n ${namespace} get deployment ${controlPlaneName(from)} --ignore-not-found -o name`,
        },
      ];
  }
}

function tagsOf({ tag, canary, furtherTags = [] }: IstioInstallProps): readonly string[] {
  return [...(tag === undefined ? [] : [tag]), ...(canary === undefined ? [] : [canary.tag]), ...furtherTags];
}

function tagNames(props: IstioInstallProps): readonly string[] {
  return tagsOf(props).map((tag) => tagName(props, tag));
}

/** The proxies of namespaces with other pods, too. */
function restarted(namespaces: readonly string[], revision: string): readonly IstioUpgradeCheck[] {
  return namespaces.map((namespace) => ({
    what: `every proxy in namespace \`${namespace}\` is of \`${revision}\`; restart those that are printed`,
    command: `${statuses(`-n ${namespace}`)} | grep -F '"revision":' | grep -vF '"revision":"${revision}"'`,
  }));
}

/** The pods of a namespace all of which shall have a proxy. */
function proxied(namespace: string, revision: string): IstioUpgradeCheck {
  return {
    what: `every pod in namespace \`${namespace}\` has a proxy of \`${revision}\`; restart those that are printed`,
    command: withoutProxy(namespace, revision),
  };
}

/** Pods without a proxy of a revision, but for those that opt out or have no network of their own. */
function withoutProxy(namespace: string, revision: string): string {
  return `kubectl get pods -n ${namespace} -l 'sidecar.istio.io/inject!=false' ${RUNNING} -o custom-columns='NAMESPACE:.metadata.namespace,POD:.metadata.name,HOST:.spec.hostNetwork,INJECT:.metadata.annotations.sidecar\\.istio\\.io/inject,STATUS:.metadata.annotations.sidecar\\.istio\\.io/status' | awk '$3 != "true" && $4 != "false"' | grep -vF '"revision":"${revision}"'`;
}

function podsOf(where: string, revision: string): string {
  return `${statuses(where)} | grep -F '"revision":"${revision}"'`;
}

/** Pods of Jobs stay when they have ended, and nobody restarts them. */
const RUNNING = '--field-selector=status.phase!=Succeeded,status.phase!=Failed --no-headers';

/** The injector writes its revision on the pods that it injects. */
function statuses(where: string): string {
  return `kubectl get pods ${where} ${RUNNING} -o custom-columns='NAMESPACE:.metadata.namespace,POD:.metadata.name,STATUS:.metadata.annotations.sidecar\\.istio\\.io/status'`;
}

function failing(
  namespaces: readonly string[],
  reporter: 'source' | 'destination' = 'destination',
): readonly IstioUpgradeCheck[] {
  return namespaces.length === 0
    ? []
    : [
        {
          what: `requests ${reporter === 'source' ? 'from' : 'to'} ${namespaces.map((name) => `\`${name}\``).join(', ')} do not fail`,
          query: failures(`${reporter}_workload_namespace=~"${namespaces.join('|')}"`, reporter),
        },
      ];
}

function failures(where: string, reporter: string): string {
  return `sum by (destination_workload_namespace, destination_workload) (increase(istio_requests_total{reporter="${reporter}",${where},response_code=~"5.."}[${RANGE}])) > 0`;
}
