import { Code, MeshError } from '../lib/errors';
import { ACCESS } from './support/bad-input/access';
import { BALANCING } from './support/bad-input/balancing';
import { COMPANIONS } from './support/bad-input/companions';
import { DELIVERIES } from './support/bad-input/deliveries';
import { CHECKS } from './support/bad-input/checks';
import { CONDITIONS } from './support/bad-input/conditions';
import { CONNECTION_ROUTES } from './support/bad-input/connection-routes';
import { FAULTS } from './support/bad-input/faults';
import { GATEWAY_API } from './support/bad-input/gateway-api';
import { HEADLESS } from './support/bad-input/headless';
import { IDLE } from './support/bad-input/idle';
import { INGRESS_TOKENS } from './support/bad-input/ingress-tokens';
import { INGRESSES } from './support/bad-input/ingresses';
import { INSTALL_TOOLS } from './support/bad-input/install-tools';
import { INSTALL_VALUES } from './support/bad-input/install-values';
import { INSTALLS } from './support/bad-input/installs';
import { LEVELS } from './support/bad-input/levels';
import { MESH } from './support/bad-input/mesh';
import { MIGRATIONS } from './support/bad-input/migrations';
import { NAMESPACES } from './support/bad-input/namespaces';
import { OUTPUTS } from './support/bad-input/outputs';
import { OUTSIDE } from './support/bad-input/outside';
import { PODS } from './support/bad-input/pods';
import type { Provocation } from './support/bad-input/provocation';
import { RELEASES } from './support/bad-input/releases';
import { RESILIENCE } from './support/bad-input/resilience';
import { RESTRICTIONS } from './support/bad-input/restrictions';
import { ROUTES } from './support/bad-input/routes';
import { SERVICES } from './support/bad-input/services';
import { STAGES } from './support/bad-input/stages';
import { TELEMETRY } from './support/bad-input/telemetry';
import { TREES } from './support/bad-input/trees';
import { UPGRADES } from './support/bad-input/upgrades';
import { UNTYPED } from './support/bad-input/untyped';
import { WORKLOADS } from './support/bad-input/workloads';

const PROVOCATIONS: Readonly<Record<string, readonly Provocation[]>> = {
  'of the mesh': MESH,
  'of namespaces': NAMESPACES,
  'of services': SERVICES,
  'of headless services': HEADLESS,
  'of workloads': WORKLOADS,
  'of pods': PODS,
  'of trees': TREES,
  'of access': ACCESS,
  'of conditions': CONDITIONS,
  'of restrictions': RESTRICTIONS,
  'of releases': RELEASES,
  'of releases by controllers': DELIVERIES,
  'of routes': ROUTES,
  'of routes for connections': CONNECTION_ROUTES,
  'of faults': FAULTS,
  'without effect': IDLE,
  'of resilience': RESILIENCE,
  'of levels': LEVELS,
  'of what is outside': OUTSIDE,
  'of ingresses': INGRESSES,
  'of tokens at gateways': INGRESS_TOKENS,
  'of load balancing': BALANCING,
  'of telemetry': TELEMETRY,
  'of outputs': OUTPUTS,
  'of stages': STAGES,
  'without types': UNTYPED,
  'of migrations': MIGRATIONS,
  'of checks': CHECKS,
  'of installs': INSTALLS,
  'of values of installs': INSTALL_VALUES,
  'of companions': COMPANIONS,
  'of tools that install': INSTALL_TOOLS,
  'of upgrades': UPGRADES,
  'of Gateway API': GATEWAY_API,
};

/** What the library says about bad input: the error, or the warning that was returned. */
function complaint({ provoke }: Provocation): unknown {
  try {
    return provoke();
  } catch (error) {
    return error;
  }
}

describe.each(Object.entries(PROVOCATIONS))('bad input %s', (_, provocations) => {
  test.each(provocations.map((provocation) => ({ ...provocation })))('refuses $input', (provocation) => {
    const said = complaint(provocation);
    const text = said instanceof Error ? said.message : String(said);
    expect(new Set(text.match(/MESH-[A-Z]+-\d+/g))).toEqual(new Set([provocation.code]));
    expect(text).toContain(`\`${provocation.value}\``);
    expect(text).toMatch(/; fix: \S/);
    expect(text).not.toMatch(/undefined|\[object/);
    if (said instanceof MeshError) expect(said.code).toBe(provocation.code);
  });
});

test('every code is provoked by some bad input', () => {
  const provoked = new Set(Object.values(PROVOCATIONS).flatMap((list) => list.map(({ code }) => code)));
  expect(Object.entries(Code).filter(([, code]) => !provoked.has(code))).toEqual([]);
});

test('no code is used twice, and every one has the form MESH-<area>-<number>', () => {
  const codes = Object.values(Code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(codes.filter((code) => !/^MESH-(API|SEC|OUT)-\d{3}$/.test(code))).toEqual([]);
});
