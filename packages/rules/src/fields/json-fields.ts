// jevt.*, json.*: any value of an event's JSON document, by JSON pointer (RFC 6901).
import { argumentField, type FieldDefinition, type FieldOptions, plainField } from './field.ts';
import { documentOf, textOf, walk } from './k8s-audit-value.ts';

const JSON_SOURCES: FieldOptions = { sources: ['k8s_audit'] };
const MAX_STEPS = 100;

/** Names and indices of a JSON pointer, read once when the rule is loaded; the first slash may be left out. */
function pointerPath(pointer: string): readonly string[] {
  const path = pointer.startsWith('/') ? pointer.slice(1) : pointer;
  return path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function prettyText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(value, null, 2);
  } catch {
    return undefined;
  }
}

function jsonFields(prefix: string): readonly FieldDefinition[] {
  return [
    argumentField(
      `${prefix}.value`,
      'string',
      'A value of the event by JSON pointer, as text.',
      'required',
      (argument) => {
        if (argument === undefined || argument === '') {
          return {
            problem: `field '${prefix}.value' requires a JSON pointer, as in ${prefix}.value[/stage]`,
          };
        }
        const path = pointerPath(argument);
        if (path.length > MAX_STEPS) return { problem: `the JSON pointer has more than ${MAX_STEPS} steps` };
        return (event) => textOf(walk(documentOf(event), path));
      },
      JSON_SOURCES,
    ),
    plainField(
      `${prefix}.obj`,
      'string',
      'The whole event as JSON with line breaks.',
      (event) => prettyText(documentOf(event)),
      JSON_SOURCES,
    ),
    plainField(
      `${prefix}.rawtime`,
      'string',
      'Time of the event, nanoseconds since 1970.',
      (event) => (documentOf(event) === undefined ? undefined : String(event.timeNs)),
      JSON_SOURCES,
    ),
  ];
}

export const JSON_FIELDS: readonly FieldDefinition[] = [...jsonFields('json'), ...jsonFields('jevt')];
