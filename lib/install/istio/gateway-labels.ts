/** The labels that the chart `gateway` gives the pods of a gateway. */
export function gatewayLabels(name: string): Readonly<Record<string, string>> {
  return { app: name, istio: name.replace(/^istio-/, '') };
}
