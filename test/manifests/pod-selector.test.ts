import { podSelector } from '../../lib/manifests/pod-selector';
import { readWorkload } from '../../lib/manifests/workload';
import type { DeploymentOptions } from '../support/mesh-app';
import { deploymentManifest } from '../support/mesh-app';

function workload(options: DeploymentOptions) {
  return readWorkload(deploymentManifest('cart', options));
}

test('labels that a workload selects by are taken', () => {
  const only = workload({ labels: { app: 'a', tier: 'b', team: 'c' }, matchLabels: { app: 'a', tier: 'b' } });
  expect(podSelector('cart', [only])).toEqual({ labels: { app: 'a', tier: 'b' } });
});

test.each(['cdk8s.io/metadata.addr', 'pod-template-hash'])('the hash %s is not', (key) => {
  const only = workload({ labels: { [key]: 'x', app: 'kart' }, matchLabels: { [key]: 'x' } });
  expect(podSelector('cart', [only])).toEqual({ labels: { app: 'kart' } });
});

test('versions of a release share what both select by, without the label of the version', () => {
  const versions = ['v1', 'v2'].map((version) => workload({ labels: { app: 'cart', tier: 'x', version } }));
  expect(podSelector('cart', versions)).toEqual({ labels: { app: 'cart', tier: 'x' } });
});

test('the label of the version selects where there is no release', () => {
  expect(podSelector('cart', [workload({ labels: { app: 'cart', version: 'v1' } })])).toEqual({
    labels: { app: 'cart', version: 'v1' },
  });
});

test('the name of the service is the label `app` of pods that have none', () => {
  const versions = ['a', 'b'].map((track) => workload({ labels: { track } }));
  expect(podSelector('cart', versions)).toEqual({ labels: { app: 'cart' } });
});

test('pods that share nothing cannot be selected', () => {
  const versions = ['cart', 'kart'].map((app) => workload({ labels: { app } }));
  expect(podSelector('cart', versions)).toEqual({ conflicting: ['cart', 'kart'] });
});
