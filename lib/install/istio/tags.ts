import { Code, MeshError } from '../../errors';
import { requireDnsLabel } from '../../intent/names';
import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import {
  NO_REVISION,
  UPGRADE_NOTE,
  controlPlaneName,
  taggedRevision,
  upgradeNote,
} from '../../providers/istio/upgrade-stage';
import type { IstioInstallProps } from './install-props';
import { rootNamespace } from './releases';

/** A revision tag, and the revision to which it points. */
export interface RevisionTag {
  readonly tag: string;
  readonly revision: string;
}

/** The tags of an install, checked. */
export function revisionTags(props: IstioInstallProps, upgrade: UpgradeState | undefined): readonly RevisionTag[] {
  const { tag, canary, furtherTags = [], revision } = props;
  if (tag === undefined && canary !== undefined) {
    throw new MeshError(
      Code.UPGRADE,
      `canary tag \`${canary.tag}\` is given, and no \`tag\``,
      'give all other namespaces a `tag`, too',
    );
  }
  const late = [...(tag === undefined ? [] : [tag]), ...furtherTags];
  const pointed = (name: string, early: boolean) => ({
    tag: name,
    revision: upgrade === undefined ? (revision ?? NO_REVISION) : taggedRevision(upgrade, early),
  });
  const tags = [
    ...late.map((name) => pointed(name, false)),
    ...(canary === undefined ? [] : [pointed(canary.tag, true)]),
  ];
  tags.forEach(({ tag: name }) => requireTag(name, props));
  if (canary?.namespaces.length === 0) {
    throw new MeshError(
      Code.UPGRADE,
      `canary tag \`${canary.tag}\` has no \`namespaces\``,
      'name those that come first, or say the tag among `furtherTags` as long as nobody follows it',
    );
  }
  if (canary?.tag === tag && canary !== undefined) {
    throw new MeshError(
      Code.UPGRADE,
      `tag and canary tag are both \`${canary.tag}\``,
      'give canaries a tag of their own',
    );
  }
  const twice = tags.find((one, index) => tags.findIndex((other) => other.tag === one.tag) !== index);
  if (twice !== undefined) {
    throw new MeshError(Code.UPGRADE, `tag \`${twice.tag}\` is given twice`, 'name each tag once');
  }
  return tags;
}

function requireTag(name: string, { revision, upgrade }: IstioInstallProps): void {
  requireDnsLabel('tag', name);
  if (name === revision || name === upgrade?.revision) {
    throw new MeshError(
      Code.UPGRADE,
      `tag \`${name}\` has the name of a revision, whose own webhook would inject the same pods`,
      'give the tag a name that says who follows it, for example `stable`',
    );
  }
  if (name === 'default') {
    throw new MeshError(
      Code.UPGRADE,
      'tag `default` means more than others: namespaces with `istio-injection: enabled`, and what has no revision',
      'use another name, for example `stable`',
    );
  }
}

/** The name of the object of a tag. */
export function tagName(props: IstioInstallProps, tag: string): string {
  const namespace = rootNamespace(props);
  return `istio-revision-tag-${tag}${namespace === 'istio-system' ? '' : `-${namespace}`}`;
}

/** A tag as an object: https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels */
export function tagObject(props: IstioInstallProps, { tag, revision }: RevisionTag, upgrade: UpgradeState | undefined) {
  const namespace = rootNamespace(props);
  const ownLabel = { key: 'istio.io/rev', operator: 'In', values: [tag] };
  const noInjection = { key: 'istio-injection', operator: 'DoesNotExist' };
  const notOut = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: tagName(props, tag),
      // istiod of this revision writes its certificate into it.
      labels: { app: 'sidecar-injector', 'istio.io/rev': revision, 'istio.io/tag': tag },
      ...(upgrade === undefined ? {} : { annotations: { [UPGRADE_NOTE]: upgradeNote(upgrade) } }),
    },
    webhooks: [
      webhook('rev.namespace', namespace, revision, {
        namespaceSelector: { matchExpressions: [ownLabel, noInjection] },
        objectSelector: { matchExpressions: [notOut] },
      }),
      webhook('rev.object', namespace, revision, {
        namespaceSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'DoesNotExist' }, noInjection] },
        objectSelector: { matchExpressions: [notOut, ownLabel] },
      }),
    ],
  };
}

function webhook(prefix: string, namespace: string, revision: string, selectors: object): object {
  return {
    // istiod knows its webhooks by the end of their names.
    name: `${prefix}.sidecar-injector.istio.io`,
    admissionReviewVersions: ['v1'],
    clientConfig: { service: { name: controlPlaneName(revision), namespace, path: '/inject', port: 443 } },
    // A pod without its proxy would be in plain text and past every policy.
    failurePolicy: 'Fail',
    ...selectors,
    reinvocationPolicy: 'Never',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    sideEffects: 'None',
  };
}
