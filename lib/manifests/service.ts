import type { KubeObject } from './objects';
import { fieldAt, recordList, stringMap } from './objects';

/** One TCP port of a Service's manifest. */
export interface ServicePortView {
  /** Where it stands among all ports. */
  readonly index: number;
  readonly name: string | undefined;
  readonly port: number;
  readonly targetPort: number | string;
  readonly appProtocol: string | undefined;
}

/** What a Service's manifest says. */
export interface ServiceView {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePortView[];
  /** Whether it has no address of its own. */
  readonly headless: boolean;
  /** The host that it is another name of. */
  readonly externalName?: string;
}

/** Reads a Service's manifest. */
export function readService(object: KubeObject): ServiceView {
  const externalName = fieldAt(object, 'spec', 'externalName');
  return {
    name: object.metadata?.name ?? '',
    namespace: object.metadata?.namespace,
    selector: stringMap(fieldAt(object, 'spec', 'selector')),
    headless: fieldAt(object, 'spec', 'clusterIP') === 'None',
    ...(fieldAt(object, 'spec', 'type') === 'ExternalName' ? { externalName: String(externalName) } : {}),
    ports: recordList(fieldAt(object, 'spec', 'ports')).flatMap((port, index) =>
      isTcp(port.protocol) ? [readPort(port, index)] : [],
    ),
  };
}

function readPort(port: Readonly<Record<string, unknown>>, index: number): ServicePortView {
  return {
    index,
    name: typeof port.name === 'string' ? port.name : undefined,
    port: Number(port.port),
    targetPort:
      typeof port.targetPort === 'number' || typeof port.targetPort === 'string' ? port.targetPort : Number(port.port),
    appProtocol: typeof port.appProtocol === 'string' ? port.appProtocol : undefined,
  };
}

/** Everything else passes a mesh by. */
function isTcp(protocol: unknown): boolean {
  return protocol === undefined || protocol === 'TCP';
}
