// Constructors of ka.* fields: what they share is the source, the type and that they read an audit event.
import {
  argumentField,
  type Extractor,
  type FieldDefinition,
  type FieldOptions,
  plainField,
} from './field.ts';
import { auditDocumentOf, textOf, walk } from './k8s-audit-value.ts';

const AUDIT: FieldOptions = { sources: ['k8s_audit'] };
const AUDIT_LIST: FieldOptions = { sources: ['k8s_audit'], multiplicity: 'list' };

type Read<Value> = (document: unknown) => Value | undefined;
type ReadItem = (document: unknown, index: number | undefined) => readonly string[] | undefined;

function reading(read: Read<string | readonly string[]>): Extractor {
  return (event) => {
    const document = auditDocumentOf(event);
    return document === undefined ? undefined : read(document);
  };
}

/** One text. */
export function auditText(name: string, doc: string, read: Read<string>): FieldDefinition {
  return plainField(name, 'string', doc, reading(read), AUDIT);
}

/** One text that stands at a fixed place. */
export function auditMember(name: string, doc: string, ...path: readonly string[]): FieldDefinition {
  return auditText(name, doc, (document) => textOf(walk(document, path)));
}

/** A list without argument. */
export function auditList(name: string, doc: string, read: Read<readonly string[]>): FieldDefinition {
  return plainField(name, 'string', doc, reading(read), AUDIT_LIST);
}

const INDEX = /^\d{1,9}$/;

/** A list of which `[n]` asks for one element. */
export function auditItems(name: string, doc: string, read: ReadItem): FieldDefinition {
  return argumentField(
    name,
    'string',
    doc,
    'optional',
    (argument) => {
      if (argument === undefined) return reading((document) => read(document, undefined));
      if (!INDEX.test(argument)) return { problem: `'${argument}' is not an index, as in ${name}[0]` };
      const index = Number(argument);
      return reading((document) => read(document, index));
    },
    AUDIT_LIST,
  );
}

/** One text that depends on a name in brackets. */
export function auditKeyed(
  name: string,
  doc: string,
  read: (document: unknown, key: string) => string | undefined,
): FieldDefinition {
  return argumentField(
    name,
    'string',
    doc,
    'required',
    (argument) => {
      const key = argument ?? '';
      if (key === '') return { problem: `field '${name}' requires an argument, as in ${name}[…]` };
      return reading((document) => read(document, key));
    },
    AUDIT,
  );
}
