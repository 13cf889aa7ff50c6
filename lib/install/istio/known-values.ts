import { refuseValues } from '../merge-values';
import type { IstioInstallProps } from './install-props';

const REVISION = 'say the `revision` of the install';
const TAG =
  'say the `tag` of the install, and let `IstioRevisionTags` deliver it: a release of a chart would own it a second time';
const IDENTITY = 'leave it out: a gateway has the name of its release, its account and labels, and grants name them';

/** What the rest of the app reads from options, and what of it could be said past them. */
const ISTIOD = {
  revision: REVISION,
  revisionTags: TAG,
  'pilot.revision': REVISION,
  'pilot.revisionTags': TAG,
  'meshConfig.rootNamespace': 'say the `namespace` of the install',
  'meshConfig.trustDomainAliases': 'say `meshConfig.trustDomainAliases` of the install',
  'global.profile': 'say the `profile` of the install',
};
const GATEWAY = {
  name: IDENTITY,
  revision: REVISION,
  'serviceAccount.name': IDENTITY,
  'serviceAccount.create': IDENTITY,
  'labels.app': IDENTITY,
  'labels.istio': IDENTITY,
  'global.profile': 'say the `profile` of the install',
};
/** In both spellings that releases of the charts have had. */
const POD_LABELS_WIN = Object.fromEntries(
  ['revisionLabelPreference', 'revisionLabelPrecedence'].map((key) => [
    `sidecarInjectorWebhook.${key}`,
    'leave it out: with `pod`, the webhook of a revision and that of a tag would both inject one pod',
  ]),
);

/** Refuses values by which the charts would do something else than what is known of the install. */
export function requireKnownValues(props: IstioInstallProps): void {
  const { values = {}, meshConfig, revision, tag, furtherTags = [], profile } = props;
  // What an option says, too, is compared with it.
  const said = [
    ...(revision === undefined ? [] : ['revision']),
    ...((meshConfig?.trustDomainAliases ?? []).length === 0 ? [] : ['meshConfig.trustDomainAliases']),
    ...(profile === undefined ? ['global.profile'] : []),
  ];
  const unsaid = (fixes: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(fixes).filter(([path]) => !said.includes(path)));
  const isTagged = tag !== undefined || furtherTags.length > 0;
  refuseValues('istiod', values.istiod ?? {}, { ...unsaid(ISTIOD), ...(isTagged ? POD_LABELS_WIN : {}) });
  refuseValues('gateway', values.gateway ?? {}, unsaid(GATEWAY));
}
