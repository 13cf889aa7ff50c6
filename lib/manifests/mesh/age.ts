import type { LocatedObject } from '../located';
import { textAt } from '../objects';
import { nameOf, namespaceOf } from '../view';

/**
 * Sorts objects of which Istio takes the oldest: by creation time, then by name, then by namespace. Objects of files have no
 * time: those are taken as created together.
 *
 * Source: istio/istio pilot/pkg/model/config.go, sortConfigByCreationTime
 */
export function byAge(a: LocatedObject, b: LocatedObject): number {
  const [timeA, timeB] = [createdAt(a), createdAt(b)];
  const byTime = timeA === undefined || timeB === undefined ? 0 : compare(timeA, timeB);
  return byTime || compare(nameOf(a), nameOf(b)) || compare(namespaceOf(a), namespaceOf(b));
}

function createdAt({ object }: LocatedObject): string | undefined {
  return textAt(object, 'metadata', 'creationTimestamp');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
