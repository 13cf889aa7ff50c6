// Which folder may import what. Its own files are always allowed. The reasons are in docs/adr and in README.

/**
 * @typedef {object} Area
 * @property {string} folder A folder or a file; `*` stands for one folder that never imports its siblings.
 * @property {string[]} [areas] The other folders and files that it may import.
 * @property {string[] | 'any'} [packages] The packages that it may import.
 * @property {boolean} [node] Whether it may import Node's own modules.
 */

const IMPORTS = 'imports';
const ERRORS = 'lib/errors.ts';
const INTENT = 'lib/intent';
const SCHEMAS = 'lib/schemas';
const MANIFESTS = 'lib/manifests';
const KUBERNETES = 'lib/kubernetes';
const OPTIONS = 'lib/options';
const SYNTHESIS = 'lib/synthesis';
const PROVIDER = 'lib/providers/provider.ts';
const TELEMETRY = 'lib/telemetry';
const OUTPUTS = 'lib/outputs';
const RULES = 'lib/rules';
const CHECK = 'lib/check';
const TODAY = 'lib/synthesis/today.ts';
const OUTPUT_TEXT = [
  'lib/outputs/cluster-kinds.ts',
  'lib/outputs/plain-data.ts',
  'lib/outputs/side-file.ts',
  'lib/outputs/yaml.ts',
];
const ANY = ['lib', IMPORTS, 'imports/schemas'];

/** @type {Area[]} */
module.exports = [
  { folder: ERRORS },
  { folder: INTENT, areas: [ERRORS], packages: ['re2js'] },
  {
    folder: SCHEMAS,
    areas: [ERRORS, 'imports/schemas'],
    packages: ['@bufbuild/cel', '@bufbuild/protobuf', 're2js'],
    node: true,
  },
  { folder: MANIFESTS, areas: [ERRORS, SCHEMAS], packages: ['yaml'], node: true },
  { folder: KUBERNETES, areas: [ERRORS, INTENT, MANIFESTS, IMPORTS] },
  { folder: OPTIONS, areas: [ERRORS, INTENT], packages: ['cdk8s'], node: true },
  { folder: PROVIDER, areas: [ERRORS, INTENT] },
  {
    folder: TELEMETRY,
    areas: [INTENT, IMPORTS],
    packages: ['@grafana/grafana-foundation-sdk'],
    node: true,
  },
  { folder: 'lib/providers/*', areas: [ERRORS, INTENT, OPTIONS, PROVIDER, KUBERNETES, MANIFESTS, IMPORTS] },
  {
    folder: SYNTHESIS,
    areas: [ERRORS, INTENT, PROVIDER, KUBERNETES, MANIFESTS],
    packages: ['cdk8s', 'constructs'],
  },
  {
    folder: 'lib/constructs',
    areas: [ERRORS, INTENT, OPTIONS, PROVIDER, KUBERNETES, MANIFESTS, SYNTHESIS, TELEMETRY],
    packages: ['cdk8s', 'constructs'],
  },
  { folder: RULES, areas: [ERRORS, INTENT, MANIFESTS, SCHEMAS], packages: ['re2js'] },
  { folder: CHECK, areas: [ERRORS, INTENT, MANIFESTS, SCHEMAS, RULES] },
  {
    folder: OUTPUTS,
    areas: [ERRORS, MANIFESTS, RULES, CHECK],
    packages: ['cdk8s', 'constructs', 'js-yaml'],
    node: true,
  },
  {
    folder: 'lib/install',
    areas: [ERRORS, INTENT, OPTIONS, MANIFESTS, 'lib/providers/istio', ...OUTPUT_TEXT],
    packages: ['cdk8s', 'constructs'],
    node: true,
  },
  {
    folder: 'lib/terraform',
    areas: [ERRORS, 'lib/install', ...OUTPUT_TEXT],
    packages: ['cdktf', '@cdktf/provider-helm'],
  },
  { folder: 'lib/terraform.ts', areas: ['lib/terraform'] },
  {
    folder: 'lib/cli',
    areas: [ERRORS, MANIFESTS, 'lib/providers', SCHEMAS, RULES, CHECK, OUTPUTS, TODAY],
    packages: ['yaml'],
    node: true,
  },
  { folder: 'lib/plugin', areas: [ERRORS, MANIFESTS, RULES, CHECK, OUTPUTS, TODAY] },
  { folder: 'lib/index.ts', areas: ANY },
  { folder: 'lib/testing', areas: ANY, packages: ['cdk8s', 'constructs'], node: true },
  { folder: 'lib/testing.ts', areas: ANY, packages: ['cdk8s', 'constructs', 'yaml'], node: true },
  {
    // Its subject is what stands below a shop, not the shop.
    folder: 'examples/platform',
    areas: ['examples/online-boutique'],
    packages: ['cdk8s-mesh', 'cdk8s'],
    node: true,
  },
  {
    folder: 'examples/platform-terraform',
    packages: ['cdk8s-mesh', 'cdk8s', 'cdktf', '@cdktf/provider-helm'],
  },
  { folder: 'examples/*', packages: ['cdk8s-mesh', 'cdk8s', 'cdk8s-plus-28', 'constructs'], node: true },
];
