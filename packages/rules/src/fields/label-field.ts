// Fields over maps of labels.
import type { Container } from '@guardcell/core';
import { argumentField, type FieldDefinition } from './field.ts';

type Labels = Readonly<Record<string, string>>;

export function labelField(
  name: string,
  doc: string,
  read: (container: Container) => Labels | undefined,
): FieldDefinition {
  return argumentField(name, 'string', doc, 'required', (argument) => {
    const key = argument ?? '';
    return (event) => {
      const labels = read(event.thread.container);
      return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
    };
  });
}

/** `key:value, key:value`; undefined when there are none. */
export function labelsText(labels: Labels | undefined): string | undefined {
  if (labels === undefined) return undefined;
  const entries = Object.entries(labels);
  return entries.length === 0 ? undefined : entries.map(([key, value]) => `${key}:${value}`).join(', ');
}
