import { JsonPatch } from 'cdk8s';
import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import { carriesRequests } from '../intent/port';
import { serviceKey } from '../intent/service';
import { statedProtocols } from '../kubernetes/service';
import type { ServiceView } from '../manifests/service';
import type { Binding } from './binding';
import type { ServiceEntry } from './registry';
import type { Foreign } from './tree';

/** Checks the ports of a Service that was there before, and adds protocols that it does not state. */
export function servicePortProblems(
  entry: ServiceEntry,
  binding: Binding,
  adopted: Foreign<ServiceView>,
): readonly Problem[] {
  return [
    ...portProblems(entry, binding, adopted),
    ...statedPortProblems(entry, adopted),
    ...unroutedPortProblems(entry, adopted),
  ];
}

function portProblems(
  { declaration: { ref, ports } }: ServiceEntry,
  binding: Binding,
  { apiObject, view }: Foreign<ServiceView>,
): readonly Problem[] {
  return ports.flatMap((port) => {
    const found = view.ports.find((candidate) => candidate.port === port.servicePort);
    const where = `Service \`${apiObject.node.path}\``;
    if (found === undefined) {
      return {
        code: Code.SERVICE_PORTS,
        message: `${where} has no port \`${port.servicePort}\`, which \`${serviceKey(ref)}\` declares; it has ${quoted(view.ports.map((p) => p.port)) || 'none'}`,
        fix: 'declare the ports that it has',
      };
    }
    const targets = binding.workloads.map((workload) =>
      typeof found.targetPort === 'number'
        ? found.targetPort
        : workload.apiObject === undefined
          ? port.containerPort // The names of an external workload's ports are not known.
          : workload.view.namedPorts[found.targetPort],
    );
    const stated = statedProtocols(found.name, found.appProtocol);
    if (stated === undefined && found.appProtocol === undefined) {
      apiObject.addJsonPatch(JsonPatch.add(`/spec/ports/${found.index}/appProtocol`, port.protocol));
    }
    return [
      ...(targets.every((target) => target === port.containerPort)
        ? []
        : [
            {
              code: Code.SERVICE_PORTS,
              message: `port \`${found.port}\` of ${where} goes to \`${found.targetPort}\`, \`${serviceKey(ref)}\` says containerPort \`${port.containerPort}\``,
              fix: "give the port's `containerPort` as the Service has it",
            },
          ]),
      ...((stated === undefined ? found.appProtocol === undefined : stated.includes(port.protocol))
        ? []
        : [
            {
              code: Code.PORT_PROTOCOL,
              message: `port \`${found.port}\` of ${where} says \`${found.appProtocol ?? found.name}\`, \`${serviceKey(ref)}\` says \`${port.protocol}\``,
              fix:
                stated === undefined
                  ? `correct the \`appProtocol\`, which no mesh knows, or leave it out`
                  : 'declare the protocol that the application speaks in both places',
            },
          ]),
    ];
  });
}

function statedPortProblems(
  { declaration: { ref, ports } }: ServiceEntry,
  { apiObject, view }: Foreign<ServiceView>,
): readonly Problem[] {
  return view.ports
    .filter((port) => !ports.some((declared) => declared.servicePort === port.port))
    .filter((port) => statedProtocols(port.name, port.appProtocol) === undefined)
    .map((port) => ({
      code: Code.PORT_PROTOCOL,
      message:
        port.appProtocol === undefined
          ? `port \`${port.port}\` of Service \`${apiObject.node.path}\` has no protocol`
          : `port \`${port.port}\` of Service \`${apiObject.node.path}\` has the appProtocol \`${port.appProtocol}\`, which no mesh knows`,
      fix: `declare it in \`ports\` of \`${serviceKey(ref)}\`, or give it an \`appProtocol\` that a mesh knows, for example \`tcp\``,
    }));
}

/** A VirtualService takes the requests of every port of its host: those to a port that it does not know go astray. */
function unroutedPortProblems(
  { declaration: { ref, ports } }: ServiceEntry,
  { apiObject, view }: Foreign<ServiceView>,
): readonly Problem[] {
  const routed = ports.some((port) => port.carriesRequests);
  return view.ports
    .filter((port) => routed && !ports.some((declared) => declared.servicePort === port.port))
    .filter(({ name, appProtocol }) => statedProtocols(name, appProtocol)?.some(carriesRequests) ?? false)
    .map((port) => ({
      code: Code.SERVICE_PORTS,
      message: `port \`${port.port}\` of Service \`${apiObject.node.path}\` carries requests and is not declared, so that the routes of \`${serviceKey(ref)}\` would lead them to another port`,
      fix: 'declare it in `ports`, and name the `ports` in grants that shall not open it',
    }));
}
