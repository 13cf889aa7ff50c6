#!/usr/bin/env node
// `kubectl get` as far as the checks of upgrades ask for it, on the objects in the file that CLUSTER names.
const { readFileSync } = require('node:fs');

const PLURALS = {
  crds: 'CustomResourceDefinition',
  pods: 'Pod',
  daemonset: 'DaemonSet',
  deployment: 'Deployment',
  namespaces: 'Namespace',
  services: 'Service',
  mutatingwebhookconfigurations: 'MutatingWebhookConfiguration',
  validatingwebhookconfigurations: 'ValidatingWebhookConfiguration',
};
const WITHOUT_NAMESPACE = [
  'CustomResourceDefinition',
  'Namespace',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

const options = { names: [] };
const args = process.argv.slice(2);
for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
  if (arg === '-n') options.namespace = args.shift();
  else if (arg === '-l') options.labels = args.shift();
  else if (arg === '-o') options.output = args.shift();
  else if (arg === '-A') options.all = true;
  else if (arg === '--no-headers') options.noHeaders = true;
  else if (arg === '--ignore-not-found') options.quiet = true;
  else if (arg.startsWith('--field-selector=')) options.fields = arg.slice('--field-selector='.length);
  else if (arg.startsWith('-')) fail(`unknown flag ${arg}`);
  else if (arg === 'get') continue;
  else if (options.kinds === undefined)
    options.kinds = arg.split(',').map((one) => PLURALS[one] ?? fail(`no resource ${one}`));
  else options.names.push(arg);
}

function fail(text) {
  process.stderr.write(`error: ${text}\n`);
  process.exit(1);
}

function at(object, path) {
  const keys = path.match(/(?:\\.|[^.[\]])+|\[[^\]]*\]/g) ?? [];
  return keys.reduce(
    (found, key) => {
      if (key === '[*]') return found.flatMap((one) => one ?? []);
      if (/^\[\d+\]$/.test(key)) return found.flatMap((one) => one?.[Number(key.slice(1, -1))] ?? []);
      const [, name, value] = /^\[\?\(@\.(\w+)=="(\w+)"\)$/.exec(key.slice(0, -1)) ?? [];
      if (name !== undefined) return found.flatMap((one) => (one ?? []).filter((item) => item[name] === value));
      const plain = key.replace(/\\(.)/g, '$1');
      return found.flatMap((one) => (one?.[plain] === undefined ? [] : [one[plain]]));
    },
    [object],
  );
}

function hasLabels({ metadata: { labels = {} } }) {
  const terms = options.labels?.match(/[^,(]+(\([^)]*\))?/g) ?? [];
  return terms.every((term) => {
    const [, key, list] = /^(\S+) in \((.*)\)$/.exec(term) ?? [];
    if (key !== undefined) return list.split(',').includes(labels[key]);
    const [, name, operator, value] = /^([^!=]+)(!=|=)(.*)$/.exec(term) ?? [];
    if (operator === undefined) return labels[term] !== undefined;
    return (labels[name] === value) === (operator === '=');
  });
}

function hasFields(object) {
  return (options.fields?.split(',') ?? []).every((term) => {
    const [path, value] = term.split('!=');
    return at(object, path)[0] !== value;
  });
}

const objects = JSON.parse(readFileSync(process.env.CLUSTER, 'utf8')).filter(
  (object) =>
    options.kinds.includes(object.kind) &&
    (options.names.length === 0 || options.names.includes(object.metadata.name)) &&
    (options.all ||
      WITHOUT_NAMESPACE.includes(object.kind) ||
      object.metadata.namespace === (options.namespace ?? 'default')) &&
    hasLabels(object) &&
    hasFields(object),
);
const missing = options.names.filter((name) => !objects.some(({ metadata }) => metadata.name === name));
if (missing.length > 0 && !options.quiet) process.stderr.write(`Error from server (NotFound): ${missing}\n`);

function printed(template, object) {
  return template.replace(/\{("(?:\\n|[^"])*"|[^}]*)\}/g, (_, part) =>
    part.startsWith('"') ? JSON.parse(part) : at(object, part.slice(1)).join(' '),
  );
}

const [format, rest = ''] = [options.output.split('=')[0], options.output.slice(options.output.indexOf('=') + 1)];
if (format === 'name') {
  objects.forEach(({ kind, metadata }) => process.stdout.write(`${kind.toLowerCase()}/${metadata.name}\n`));
} else if (format === 'custom-columns') {
  const columns = rest.split(',').map((column) => column.slice(column.indexOf(':') + 2));
  if (!options.noHeaders) fail('headers would be printed');
  objects.forEach((object) => {
    const cells = columns.map(
      (path) =>
        at(object, path)
          .map((value) => String(value))
          .join(',') || '<none>',
    );
    process.stdout.write(`${cells.join('   ')}\n`);
  });
} else if (format === 'jsonpath') {
  const [, each] = /^\{range \.items\[\*\]\}(.*)\{end\}$/s.exec(rest) ?? [];
  if (each !== undefined) process.stdout.write(objects.map((object) => printed(each, object)).join(''));
  else if (objects[0] !== undefined) process.stdout.write(printed(rest, objects[0]));
} else {
  fail(`unknown output ${format}`);
}
if (missing.length > 0 && !options.quiet) process.exit(1);
