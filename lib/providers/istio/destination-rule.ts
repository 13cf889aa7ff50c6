import type { DestinationRuleSpec } from '../../../imports/networking.istio.io';
import type { ServiceIntent } from '../../intent/service';
import { serviceTarget } from './settings';
import type { IstioSettings } from './settings';
import { hostPolicy, subsetsOf } from './subsets';

/** Spec of the DestinationRule of a service: how its callers' proxies treat it, its versions, and its ports. */
export function destinationRuleSpec(settings: IstioSettings, service: ServiceIntent): DestinationRuleSpec {
  const target = serviceTarget(settings, service);
  const subsets = subsetsOf(target).map(({ spec }) =>
    // The controller adds the hash by which it tells the pods of its versions apart.
    service.release?.driven ? { ...spec, labels: { ...service.podLabels } } : spec,
  );
  return {
    host: target.host,
    trafficPolicy: hostPolicy(target),
    ...(subsets.length === 0 ? {} : { subsets }),
  };
}
