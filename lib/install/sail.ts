import { givenShape } from '../intent/given';
import type { Deliver } from './deliver';
import { delivering, namespaceObjects } from './deliver';
import { sailObjects } from './istio/sail-objects';

/** How the Sail operator installs Istio. */
export interface SailOptions {
  /**
   * Whether the namespaces are made, which the operator does not do. Not where other objects of the app make them.
   * @default true
   */
  readonly createNamespaces?: boolean;
}

/** What makes the resources of the Sail operator. */
export function sailResources(options: SailOptions): Deliver {
  const { createNamespaces = true } = givenShape('`Delivery.sail`', options, { createNamespaces: 'flag?' });
  return delivering((install) => [...(createNamespaces ? namespaceObjects(install) : []), ...sailObjects(install)]);
}
