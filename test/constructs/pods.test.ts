import { InitContainers, MeshedNamespace, RetryBudget, Workload } from '../../lib';
import { endingApp } from '../support/bad-input/pods';
import type { DeploymentOptions } from '../support/mesh-app';
import { MeshApp, deployment, names, printed, thrown } from '../support/mesh-app';

const WAITING = { initContainers: [{ name: 'wait-for-db', image: 'busybox:1' }] };

function cart(app: MeshApp, options: DeploymentOptions, props: Parameters<MeshApp['service']>[1] = {}): MeshApp {
  app.service('cart', { workload: Workload.of(deployment(app.chart, 'cart', options)), ...props });
  return app;
}

describe('pods that end', () => {
  test.each(['Job', 'CronJob', 'Pod'])('are fine in a %s with native sidecars', (kind) => {
    expect(names(endingApp(kind, {}, { nativeSidecars: true }).objects())).toContain(`${kind} tick`);
  });

  test('are an error without native sidecars, which says how to get them', () => {
    const text = thrown(() => endingApp('Pod', {}, { nativeSidecars: false }).objects());
    expect(text).toContain('the pods of `Pod shop/tick` of `shop/tick` would never end');
    expect(text).toContain('`nativeSidecars: true`, which takes Kubernetes 1.29 or later');
  });

  test.each([
    ['1.27.0', '1.33', true],
    ['1.30.3', 'v1.34.1', true],
    ['1.30.3', '1.32', false],
    ['1.26.2', '1.33', false],
    ['1.30.3', undefined, false],
  ])('with Istio %s on Kubernetes %s are fine without a word: %s', (version, kubernetesVersion, fine) => {
    const mesh = {
      version,
      nativeSidecars: undefined,
      kubernetesVersion,
      defaults: { retryBudget: RetryBudget.off() },
    };
    const made = () => names(endingApp('Job', {}, mesh).objects());
    if (fine) expect(made()).toContain('Job tick');
    else expect(made).toThrow('MESH-API-120');
  });

  test('say what releases of Istio need that make no native sidecars by themselves', () => {
    const mesh = { version: '1.26.2', defaults: { retryBudget: RetryBudget.off() } };
    expect(thrown(() => endingApp('Job', {}, mesh).objects())).toContain('`ENABLE_NATIVE_SIDECARS=true` in istiod');
  });

  test('may ask for a native sidecar of their own by annotation', () => {
    const app = endingApp('Job', { 'sidecar.istio.io/nativeSidecar': 'true' });
    expect(names(app.objects())).toContain('Job tick');
  });
});

describe('init containers', () => {
  const said = (props: Parameters<MeshApp['service']>[1], mesh = {}) => {
    const app = cart(new MeshApp(mesh), { podSpec: WAITING }, props);
    return printed(() => app.objects());
  };

  test('are warned of, by name, where they start before the proxy of a zero-trust namespace', () => {
    expect(said({})).toContain(
      'MESH-SEC-010: init containers `wait-for-db` of `Deployment cart` of `shop/cart` run before the proxy',
    );
  });

  test('are not, where they call nobody, or the proxy starts before them', () => {
    expect(said({ initContainers: InitContainers.CALL_NOBODY })).not.toContain('MESH-SEC-010');
    expect(said({}, { nativeSidecars: true })).not.toContain('MESH-SEC-010');
    expect(said({ initContainers: InitContainers.CALL_OTHERS }, { nativeSidecars: true })).not.toContain('MESH-');
  });

  test('are not in a namespace that accepts plain text, as long as nobody says that they call', () => {
    const app = new MeshApp();
    const bank = new MeshedNamespace(app.chart, 'Bank', { name: 'bank' });
    const options = { podSpec: WAITING, namespace: 'bank' };
    cart(app, options, { namespace: bank });
    expect(printed(() => app.objects())).not.toContain('MESH-SEC-010');
  });

  test('that stay are sidecars, and nothing waits for them', () => {
    const podSpec = { initContainers: [{ name: 'logs', image: 'logs:1', restartPolicy: 'Always' }] };
    const app = cart(new MeshApp(), { podSpec });
    expect(printed(() => app.objects())).not.toContain('MESH-SEC-010');
  });
});

describe('the user and the group of the proxy', () => {
  const running = (podSpec: object) => () => cart(new MeshApp(), { podSpec: { ...podSpec } }).objects();
  const container = (name: string, securityContext: object) => ({
    containers: [{ name, image: 'x:1', ports: [{ containerPort: 8080 }], securityContext }],
  });

  test('are refused in the container that has them', () => {
    expect(thrown(running(container('server', { runAsUser: 1337 })))).toContain(
      'container `server` of `Deployment shop/cart` of `shop/cart` has `runAsUser: 1337`',
    );
  });

  test('are refused in init containers, too', () => {
    const initContainers = [{ name: 'wait', image: 'x:1', securityContext: { runAsGroup: 1337 } }];
    expect(running({ initContainers })).toThrow('container `wait`');
  });

  test('of the pod yield to those of a container', () => {
    const podSpec = { securityContext: { runAsUser: 1337 }, ...container('server', { runAsUser: 1000 }) };
    expect(running(podSpec)).not.toThrow();
  });

  test("are those of the proxy's own container", () => {
    const proxy = { name: 'istio-proxy', image: 'auto', securityContext: { runAsUser: 1337, runAsGroup: 1337 } };
    const [server] = container('server', { runAsUser: 1000 }).containers;
    expect(running({ containers: [server, proxy] })).not.toThrow();
  });
});
