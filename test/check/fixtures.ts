import type { CheckInput } from '../../lib/check/check';
import { checkManifests } from '../../lib/check/check';
import type { Report } from '../../lib/check/report';
import { parseManifests } from '../../lib/manifests/located';

/** A gateway that is not there: an error in line 6. */
export const LOST_ROUTE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [web]
  http:
    - directResponse: { status: 503 }
`;

/** Two labels of which one does nothing: a warning in line 5. */
export const SHOP = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { istio-injection: enabled, istio.io/rev: canary }
`;

export const LOST = 'MESH-CHK-201';
export const LABELS = 'MESH-CHK-501';
export const TODAY = '2026-11-23';

/** What is reported of a text. */
export function reportOf(text: string, input: Partial<CheckInput> = {}): Report {
  return checkManifests({ manifests: parseManifests('dist/shop.yaml', text), today: TODAY, ...input });
}

export const BOTH = `${LOST_ROUTE}---\n${SHOP}`;
