import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import type { IstioInstallProps, IstioMeshProps, IstioUpgrade } from '../../../lib';
import { Delivery, IstioInstall, IstioMesh, IstioRevisionTags, IstioUpgradeStage } from '../../../lib';
import { Code } from '../../../lib/errors';
import { NEW, OLD, UpgradingShop } from '../upgrading-shop';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const { BASE, CNI, CANARY, CONTROL_PLANE, GATEWAYS, OLD_REMOVED, TAGS } = IstioUpgradeStage;
const CANARIES = { tag: 'early', namespaces: ['shop-early'] };

function install(app: App, props: Partial<IstioInstallProps>): IstioInstall {
  return new IstioInstall(new Chart(app, `c${app.node.children.length}`), 'Istio', {
    ...OLD,
    delivery: Delivery.argoCd(),
    ...props,
  });
}

const refused = (input: string, value: string, props: Partial<IstioInstallProps>, code: Code = Code.UPGRADE) => ({
  input,
  code,
  value,
  provoke: () => install(new App(), props),
});

const upgrading = (
  input: string,
  value: string,
  upgrade: Partial<IstioUpgrade>,
  props: Partial<IstioInstallProps> = {},
) => refused(input, value, { tag: 'stable', ...props, upgrade: { ...NEW, stage: BASE, ...upgrade } });

/** A synth of a shop at a stage, where it was at another one before. */
function step(from: IstioUpgradeStage, to: IstioUpgradeStage, edit?: (text: string) => string): void {
  const at = (stage: IstioUpgradeStage) => ({ upgrade: { ...NEW, stage } });
  between(at(from), at(to), edit);
}

/** A synth of a shop, where it was another one before. */
function between(
  from: Partial<IstioInstallProps>,
  to: Partial<IstioInstallProps>,
  edit: (text: string) => string = (text) => text,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  try {
    const before = new UpgradingShop({ props: from }).objects().map((object) => Yaml.stringify(object));
    writeFileSync(join(folder, 'shop.yaml'), edit(before.join('---\n')));
    new UpgradingShop({ props: to, previous: folder }).objects();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A synth of a shop at a stage, with a namespace that follows a revision by its name. */
function following(
  labels: Record<string, string>,
  stage: IstioUpgradeStage,
  props: Partial<IstioInstallProps> = {},
): void {
  const shop = new UpgradingShop({ props: { upgrade: { ...NEW, stage }, ...props } });
  new ApiObject(new Chart(shop.app, 'batch'), 'Namespace', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'batch', labels },
  });
  shop.objects();
}

const meshed = (input: string, value: string, props: Partial<IstioMeshProps>) => ({
  input,
  code: Code.MESH_OPTION,
  value,
  provoke: () => new IstioMesh({ version: '1.30.3', ...props }),
});

export const UPGRADES: readonly Provocation[] = [
  { ...upgrading('an upgrade to a revision with dots', '1.30.3', { revision: '1.30.3' }), code: Code.NAME },
  upgrading('an upgrade to the same revision', '1-29-4', { revision: '1-29-4' }),
  upgrading('an upgrade to an older version', '1.28.0', { version: '1.28.0' }),
  upgrading('an upgrade to the same version', '1.29.4', { version: '1.29.4' }),
  {
    ...upgrading('an upgrade to a version whose charts nobody knows', '1.99.0', { version: '1.99.0' }),
    code: Code.MESH_OPTION,
  },
  upgrading('an upgrade past two minor releases', '1.31.0', { version: '1.31.0' }, { version: '1.28.2' }),
  upgrading('an upgrade past what the CNI plugin works with', '1.31.0', { version: '1.31.0' }, { cni: {} }),
  upgrading('an upgrade of an install without a tag', 'tag', {}, { tag: undefined }),
  upgrading('a stage that is none', 'half', { stage: untyped('half') }),
  upgrading('the stage of a plugin that is not installed', 'IstioUpgradeStage.CNI', { stage: CNI }),
  upgrading('the stage of canaries that are not there', 'IstioUpgradeStage.CANARY', { stage: CANARY }),
  upgrading('the stage of gateways that are not there', 'IstioUpgradeStage.GATEWAYS', { stage: GATEWAYS }),
  upgrading('an upgrade to another trust domain', 'meshConfig.trustDomain', {
    meshConfig: { trustDomain: 'new.example' },
  }),
  refused('a tag that is a revision', '1-29-4', { tag: '1-29-4' }),
  upgrading('a tag that is the next revision', '1-30-3', {}, { tag: '1-30-3' }),
  refused('the tag of the default revision', 'default', { tag: 'default' }),
  refused('canaries without a tag for the others', 'early', { canary: CANARIES }),
  refused('canaries with the tag of the others', 'early', { canary: CANARIES, tag: 'early' }),
  refused('a canary tag that nobody follows', 'early', { canary: { ...CANARIES, namespaces: [] }, tag: 'stable' }),
  refused('a tag with dots', 'v1.2', { tag: 'v1.2' }, Code.NAME),
  {
    input: 'a tag that nothing delivers',
    code: Code.UPGRADE,
    value: 'stable',
    provoke: () => {
      const app = new App();
      install(app, { tag: 'stable' });
      app.synthYaml();
    },
  },
  {
    input: 'an upgrade that is compared with nothing',
    code: Code.UPGRADE,
    value: 'c0/Istio',
    provoke: () => {
      const app = new App();
      const made = install(app, { tag: 'stable', upgrade: { ...NEW, stage: BASE } });
      new IstioRevisionTags(new Chart(app, 'tags'), 'Tags', { install: made });
      app.synthYaml();
    },
  },
  {
    input: 'tags of an install that has none',
    code: Code.UPGRADE,
    value: 'tags/Tags',
    provoke: () => {
      const app = new App();
      new IstioRevisionTags(new Chart(app, 'tags'), 'Tags', { install: install(app, {}) });
    },
  },
  {
    input: 'tags that are delivered twice',
    code: Code.UPGRADE,
    value: 'tags/Tags',
    provoke: () => {
      const app = new App();
      const made = install(app, { tag: 'stable' });
      new IstioRevisionTags(new Chart(app, 'tags'), 'Tags', { install: made });
      new IstioRevisionTags(new Chart(app, 'again'), 'Tags', { install: made });
    },
  },
  {
    input: 'two installs that both own the CRDs',
    code: Code.INSTALL,
    value: 'c1/Istio',
    provoke: () => {
      const app = new App();
      install(app, {});
      install(app, NEW);
      app.synthYaml();
    },
  },
  {
    input: 'an upgrade that leaves out a stage',
    code: Code.UPGRADE_JUMP,
    value: 'IstioUpgradeStage.CONTROL_PLANE',
    provoke: () => step(BASE, CONTROL_PLANE),
  },
  {
    input: 'an upgrade that goes back two stages',
    code: Code.UPGRADE_JUMP,
    value: 'IstioUpgradeStage.CNI',
    provoke: () => step(CANARY, CNI),
  },
  {
    input: 'an upgrade that is under way where no tag was',
    code: Code.UPGRADE_JUMP,
    value: 'IstioUpgradeStage.TAGS',
    provoke: () => step(TAGS, TAGS, (text) => text.replaceAll('istio.io/tag', 'example.com/tag')),
  },
  {
    input: 'a namespace that follows a tag which comes with it',
    code: Code.FOLLOWED_NOBODY,
    value: 'early',
    provoke: () => between({ ...OLD, canary: undefined }, OLD),
  },
  {
    input: 'a tag that goes together with who follows it',
    code: Code.FOLLOWED_NOBODY,
    value: 'stable',
    provoke: () => between(OLD, { ...OLD, tag: 'prod' }),
  },
  {
    input: 'a namespace that follows a revision which is gone',
    code: Code.FOLLOWED_NOBODY,
    value: 'istio.io/rev: 1-29-4',
    provoke: () => following({ 'istio.io/rev': '1-29-4' }, OLD_REMOVED),
  },
  {
    input: 'a namespace that follows the control plane without a revision when that is gone',
    code: Code.FOLLOWED_NOBODY,
    value: 'istio-injection: enabled',
    provoke: () => following({ 'istio-injection': 'enabled' }, OLD_REMOVED, { revision: undefined }),
  },
  {
    input: 'a namespace that follows a revision which has not come',
    code: Code.FOLLOWED_NOBODY,
    value: 'Namespace batch',
    provoke: () => following({ 'istio.io/rev': '1-30-3' }, BASE),
  },
  {
    input: 'an annotation that is no upgrade',
    code: Code.UPGRADE_NOTE,
    value: 'cdk8s-mesh.github.io/upgrade: soon',
    provoke: () => step(BASE, CNI, (text) => text.replaceAll(/(github.io\/upgrade): .*/g, '$1: soon')),
  },
  {
    input: 'an annotation that is another stage than the tag',
    code: Code.UPGRADE_NOTE,
    value: '1-29-4',
    provoke: () => step(BASE, CNI, (text) => text.replaceAll('stage=base', 'stage=tags')),
  },
  {
    input: 'a tag that asks another control plane than it says',
    code: Code.UPGRADE_NOTE,
    value: 'istiod-1-30-3',
    provoke: () =>
      step(BASE, CNI, (text) => text.replaceAll('name: istiod-1-29-4\n        n', 'name: istiod-1-30-3\n        n')),
  },
  {
    input: 'a stage of an upgrade as the last word',
    code: Code.UPGRADE_NEXT,
    value: 'IstioUpgradeStage.TAGS',
    provoke: () => {
      const { mesh } = new UpgradingShop({ props: { upgrade: { ...NEW, stage: TAGS } } });
      return mesh.warnings().find((warning) => warning.startsWith(Code.UPGRADE_NEXT));
    },
  },
  meshed('canaries without a tag for all others', 'early', { canary: CANARIES }),
  meshed('canaries that follow the tag of all others', 'early', { revisionTag: 'early', canary: CANARIES }),
];
