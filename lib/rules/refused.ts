import { brokenCelRule } from './schema/broken-cel-rule';
import { fieldTooNew } from './schema/field-too-new';
import { gatewayApiVersion } from './schema/gateway-api-version';
import { metadata } from './schema/metadata';
import { objectTwice } from './schema/object-twice';
import { unknownField } from './schema/unknown-field';
import { unknownKind } from './schema/unknown-kind';
import { wrongValue } from './schema/wrong-value';
import { emptyTrafficPolicy } from './validation/empty-traffic-policy';
import { gatewayPortNames } from './validation/gateway-port-names';
import { gatewayTls } from './validation/gateway-tls';
import { localOriginErrors } from './validation/local-origin-errors';
import { maglevTable } from './validation/maglev-table';
import { noRoute } from './validation/no-route';
import { retries } from './validation/retries';
import { routeActions } from './validation/route-actions';
import { selectorExported } from './validation/selector-exported';
import { serviceEntryAddresses } from './validation/service-entry-addresses';
import { serviceEntryHosts } from './validation/service-entry-hosts';
import { serviceEntryPorts } from './validation/service-entry-ports';
import { sidecarForm } from './validation/sidecar-form';
import { subsetTwice } from './validation/subset-twice';
import { tlsRoute } from './validation/tls-route';
import { virtualServiceHosts } from './validation/virtual-service-hosts';
import { weights } from './validation/weights';
import type { Rule } from './rule';

/** What the API server and Istio refuse, by codes: `MESH-CHK-1..`. */
export const REFUSED: readonly Rule[] = [
  wrongValue,
  unknownField,
  brokenCelRule,
  metadata,
  fieldTooNew,
  unknownKind,
  objectTwice,
  gatewayApiVersion,
  noRoute,
  routeActions,
  weights,
  retries,
  tlsRoute,
  virtualServiceHosts,
  subsetTwice,
  emptyTrafficPolicy,
  localOriginErrors,
  maglevTable,
  selectorExported,
  serviceEntryHosts,
  serviceEntryPorts,
  serviceEntryAddresses,
  sidecarForm,
  gatewayTls,
  gatewayPortNames,
];
