/**
 * Whether an object is exported to a namespace. `.` is its own namespace, `*` every one, `~` none; an empty list is what the
 * mesh takes by default.
 *
 * Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService, `exportTo`
 */
export function isExportedTo(
  exportTo: readonly string[],
  defaults: readonly string[],
  owner: string,
  namespace: string,
): boolean {
  const list = exportTo.length === 0 ? defaults : exportTo;
  return list.some((entry) => entry === '*' || entry === namespace || (entry === '.' && owner === namespace));
}
