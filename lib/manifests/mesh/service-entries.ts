import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { fieldAt, indexedRecords, textAt, textList } from '../objects';
import type { ManifestView } from '../view';
import { namespaceOf } from '../view';
import type { PortProtocol } from './protocol';
import { declaredProtocol } from './protocol';

export interface EntryPort {
  readonly index: number;
  readonly number: number;
  readonly name: string;
  readonly protocol: PortProtocol;
}

/** A ServiceEntry. */
export interface ServiceEntry {
  readonly object: LocatedObject;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly ports: readonly EntryPort[];
  readonly exportTo: readonly string[];
  readonly resolution: string;
  readonly addresses: readonly string[];
}

/** All ServiceEntries of the set. */
export function serviceEntries(view: ManifestView): readonly ServiceEntry[] {
  return view.fact(readEntries);
}

function readEntries(view: ManifestView): readonly ServiceEntry[] {
  return view.of(Kind.SERVICE_ENTRY).map((object) => {
    const spec = fieldAt(object.object, 'spec');
    return {
      object,
      namespace: namespaceOf(object),
      hosts: textList(fieldAt(spec, 'hosts')).map((host) => host.toLowerCase()),
      ports: indexedRecords(fieldAt(spec, 'ports')).map(([port, index]) => ({
        index,
        number: Number(port['number']),
        name: textAt(port, 'name') ?? '',
        protocol: declaredProtocol(textAt(port, 'protocol') ?? '') ?? 'sniffed',
      })),
      exportTo: textList(fieldAt(spec, 'exportTo')),
      resolution: textAt(spec, 'resolution') ?? 'NONE',
      addresses: textList(fieldAt(spec, 'addresses')),
    };
  });
}
