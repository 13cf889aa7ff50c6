// What takes long to load, and what few apps need.
const SELDOM = [
  'yaml',
  're2js',
  '@grafana/grafana-foundation-sdk/dashboard',
  '../lib/check/choices',
  '../lib/check/paths',
];

/** Loads the door in a world where this module cannot be loaded. */
function loadWithout(module: string): unknown {
  let door: unknown;
  jest.isolateModules(() => {
    jest.doMock(module, () => {
      throw new Error(`\`${module}\` is loaded`);
    });
    door = jest.requireActual('../lib');
  });
  return door;
}

describe('the door', () => {
  it.each(SELDOM)('does not load `%s` before somebody asks for it', (module) => {
    expect(loadWithout(module)).toHaveProperty('MeshApp');
  });

  it('loads what every app needs', () => {
    expect(() => loadWithout('js-yaml')).toThrow('`js-yaml` is loaded');
  });
});
