import { Code, MeshError } from '../errors';
import { givenOptions, givenText } from './given';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Labels of pods, or the part of them that selects. */
export type Labels = Readonly<Record<string, string>>;

/** Order that does not depend on the locale: by UTF-16 code units. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The entries of labels in a fixed order, so that equal labels give equal text. */
export function labelKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => byCodeUnits(a, b)));
}

/** Whether pods that carry `labels` are selected by `selector`; an empty selector selects every pod. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Refuses what Kubernetes refuses as the name of a namespace or service account (RFC 1123 label). */
export function requireDnsLabel(field: string, value: string): string {
  if (DNS_LABEL.test(givenText(field, value))) {
    return value;
  }
  throw new MeshError(
    Code.NAME,
    `${field} \`${value}\` is not a name that Kubernetes accepts`,
    `use at most 63 lower case letters, digits and \`-\`, with a letter or digit at both ends`,
  );
}

/** Refuses a service account that is no identity: the one of every pod that has none of its own. */
export function requireIdentity(field: string, value: string): string {
  if (value === 'default') {
    throw new MeshError(
      Code.SERVICE_ACCOUNT_DEFAULT,
      `${field} is \`default\`, which every pod without an account of its own has`,
      'run its pods under a service account of their own, and name that',
    );
  }
  return requireDnsLabel(field, value);
}

/** Refuses what Kubernetes refuses as the name of a Service (RFC 1035 label). */
export function requireServiceName(field: string, value: string): string {
  if (SERVICE_NAME.test(givenText(field, value))) {
    return value;
  }
  throw new MeshError(
    Code.NAME,
    `${field} \`${value}\` is not a name that Kubernetes accepts for a Service`,
    `use at most 63 lower case letters, digits and \`-\`, starting with a letter and ending with a letter or digit`,
  );
}

/** Refuses what Kubernetes refuses as the value of a label. */
export function requireLabelValue(field: string, value: string): string {
  if (LABEL_NAME.test(givenText(field, value))) {
    return value;
  }
  throw new MeshError(
    Code.NAME,
    `${field} \`${value}\` is not a label value that Kubernetes accepts`,
    `use 1 to 63 letters, digits, \`-\`, \`_\` and \`.\`, with a letter or digit at both ends`,
  );
}

/** Refuses labels that select everything, or that no pod can carry. */
export function requireLabels(field: string, labels: Labels): Labels {
  if (Object.keys(givenOptions(field, labels)).length === 0) {
    throw new MeshError(Code.LABELS, `${field} is \`{}\`, which would select every pod`, 'give the labels of the pods');
  }
  for (const [key, value] of Object.entries(labels)) {
    const [prefix, name] = key.includes('/') ? (key.split('/', 2) as [string, string]) : [undefined, key];
    if (!LABEL_NAME.test(name) || (prefix !== undefined && !isDnsName(prefix)) || key.split('/').length > 2) {
      throw new MeshError(
        Code.LABELS,
        `${field} has the key \`${key}\`, which Kubernetes refuses`,
        'use `name` or `dns.prefix/name`',
      );
    }
    if (value !== '') {
      requireLabelValue(`${field} \`${key}\``, value);
    }
  }
  return labels;
}

/** Whether a value is a DNS name of at most 253 characters in lower case. */
export function isDnsName(value: string): boolean {
  return (
    typeof (value as unknown) === 'string' &&
    value.length <= 253 &&
    value.split('.').every((label) => DNS_LABEL.test(label))
  );
}

/** Whether what is written as a name is an IPv4 address, which nobody resolves. */
export function isAddressName(value: string): boolean {
  return /^\d+(\.\d+){3}$/.test(value);
}

/** The nearest of the known names, as a question to append to an error; empty where none is near. */
export function didYouMean(wrong: string, known: readonly string[]): string {
  const nearest = known
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .sort((a, b) => a.distance - b.distance || byCodeUnits(a.name, b.name))[0];
  return nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(wrong.length / 3))
    ? `; did you mean \`${nearest.name}\`?`
    : '';
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
