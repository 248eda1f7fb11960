// The tables of Falco's fields as comparable facts. Pure: parsed JSON in, facts out.

export interface FieldFact {
  /** `process`, `event`, … or the plug-in. */
  readonly class: string;
  readonly name: string;
  /** In the words of this engine: `string`, `uint64`, …; `dynamic` where the argument decides. */
  readonly type: string;
  readonly argument: 'none' | 'optional' | 'required';
  readonly list: boolean;
  readonly filterOnly: boolean;
  readonly outputOnly: boolean;
  readonly noRightSide: boolean;
  readonly noTransformer: boolean;
  readonly deprecated: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  PT_CHARBUF: 'string',
  PT_BYTEBUF: 'bytes',
  PT_BOOL: 'bool',
  PT_INT16: 'int',
  PT_INT32: 'int',
  PT_INT64: 'int',
  PT_UINT32: 'uint32',
  PT_UINT64: 'uint64',
  PT_DOUBLE: 'double',
  PT_RELTIME: 'reltime',
  PT_ABSTIME: 'abstime',
  PT_IPADDR: 'ip',
  PT_IPNET: 'net',
  PT_PORT: 'port',
  PT_DYN: 'dynamic',
};

interface SinspField {
  readonly name: string;
  readonly type: string;
  readonly flags: string;
}

/** Fields of the libraries; the classes that only serve the engine itself are left out. */
export function sinspFacts(table: Readonly<Record<string, readonly SinspField[]>>): readonly FieldFact[] {
  return Object.entries(table)
    .filter(([name]) => name !== 'rawstring' && name !== 'utils')
    .flatMap(([className, fields]) =>
      fields.map((field): FieldFact => {
        const flags = new Set(field.flags.split('|'));
        return {
          class: className,
          name: field.name,
          type: TYPES[field.type] ?? field.type,
          argument: flags.has('EPF_ARG_REQUIRED')
            ? 'required'
            : flags.has('EPF_ARG_ALLOWED')
              ? 'optional'
              : 'none',
          list: flags.has('EPF_IS_LIST'),
          filterOnly: flags.has('EPF_FILTER_ONLY'),
          outputOnly: flags.has('EPF_PRINT_ONLY'),
          noRightSide: flags.has('EPF_NO_RHS'),
          noTransformer: flags.has('EPF_NO_TRANSFORMER'),
          deprecated: flags.has('EPF_DEPRECATED') || flags.has('EPF_TABLE_ONLY'),
        };
      }),
    );
}

interface PluginField {
  readonly name: string;
  readonly type: string;
  readonly isList?: boolean;
  readonly arg?: { readonly isRequired?: boolean };
}

export function pluginFacts(table: Readonly<Record<string, readonly PluginField[]>>): readonly FieldFact[] {
  return Object.entries(table).flatMap(([plugin, fields]) =>
    fields.map((field): FieldFact => {
      const argument =
        field.arg === undefined ? 'none' : field.arg.isRequired === true ? 'required' : 'optional';
      return {
        class: plugin,
        name: field.name,
        type: field.type,
        argument,
        list: field.isList ?? false,
        filterOnly: false,
        outputOnly: false,
        noRightSide: false,
        noTransformer: false,
        deprecated: false,
      };
    }),
  );
}

const MARKS = ['list', 'filterOnly', 'outputOnly', 'noRightSide', 'noTransformer', 'deprecated'] as const;

/** One field a line: class, name, type, argument, and the restrictions that it has. */
export function factsText(facts: readonly FieldFact[]): string {
  const lines = facts.map((fact) =>
    [fact.class, fact.name, fact.type, fact.argument, ...MARKS.filter((mark) => fact[mark])].join(' '),
  );
  return `${lines.join('\n')}\n`;
}

/** The inverse of `factsText`. */
export function parseFacts(text: string): readonly FieldFact[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): FieldFact => {
      const [className = '', name = '', type = '', argument = '', ...marks] = line.split(' ');
      const has = (mark: (typeof MARKS)[number]): boolean => marks.includes(mark);
      return {
        class: className,
        name,
        type,
        argument: argument === 'required' || argument === 'optional' ? argument : 'none',
        list: has('list'),
        filterOnly: has('filterOnly'),
        outputOnly: has('outputOnly'),
        noRightSide: has('noRightSide'),
        noTransformer: has('noTransformer'),
        deprecated: has('deprecated'),
      };
    });
}
