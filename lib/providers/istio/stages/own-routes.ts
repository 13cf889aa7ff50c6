import type { Problem } from '../../../errors';
import { Code, quoted } from '../../../errors';
import type { MeshIntent } from '../../../intent/mesh';
import { serviceKey } from '../../../intent/service';
import type { StandingObject } from '../../provider';
import type { IstioSettings } from '../settings';
import { serviceHost, serviceTarget } from '../settings';
import { subsetsOf } from '../subsets';
import { hostKey } from './hosts';
import { isNetworking } from './objects';
import { routesOf } from './routes';

/** Routes of the user's own objects to subsets of our services that our rules do not define: they would be answered with 503. */
export function ownRouteProblems(
  settings: IstioSettings,
  objects: readonly StandingObject[],
  mesh: MeshIntent,
): readonly Problem[] {
  const routes = objects
    .filter(({ object }) => isNetworking(object, 'VirtualService'))
    .flatMap((object) => routesOf(object))
    .filter(({ subset }) => subset !== undefined);
  if (routes.length === 0) {
    return [];
  }
  const owned = new Map(
    mesh
      .allServices()
      // Flagger writes the rules of its services by itself.
      .filter((service) => service.owned && service.delivery?.controller.kind !== 'flagger')
      .map((service) => [hostKey(serviceHost(settings, service.ref), service.ref.namespace), service]),
  );
  const problems = routes.flatMap(({ key, subset = '', from }) => {
    const service = owned.get(key);
    const known = service === undefined ? [] : subsetsOf(serviceTarget(settings, service)).map(({ name }) => name);
    return service === undefined || known.includes(subset)
      ? []
      : [
          {
            code: Code.VERSION_MISSING,
            message: `${from} routes to subset \`${subset}\` of \`${serviceKey(service.ref)}\`, whose rules define ${quoted(known) || 'none'}, so that what comes that way is answered with 503`,
            fix: 'name a version of its `CanaryRelease`, leave the subset out, or use an `IngressRoute`, which follows the release',
          },
        ];
  });
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
