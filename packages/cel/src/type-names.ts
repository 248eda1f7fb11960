// Names that stand for types as values: `type(x) == int`.

const TYPE_VALUES: ReadonlySet<string> = new Set([
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
]);

export function isTypeValueName(name: string): boolean {
  return TYPE_VALUES.has(name);
}
