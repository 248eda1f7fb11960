// `guardcell rules list`: the library of a platform, or rules of files without one.
import type { RuleView } from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import type { CompiledRule } from '@guardcell/rules';
import { type Command, type CommandContext, EXIT, flag, type OptionSpec, texts } from '../../command.ts';
import { type Column, OUTPUT_OPTION, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';
import { loadLocalRules, RULES_OPTION } from './rule-files.ts';

/** What both a platform's rules and those of files have; counts of alerts only the former. */
type Listed = Pick<
  RuleView,
  | 'name'
  | 'file'
  | 'line'
  | 'source'
  | 'priority'
  | 'severity'
  | 'enabled'
  | 'tags'
  | 'mitre'
  | 'condition'
  | 'output'
  | 'eventTypes'
> & { readonly alerts24h?: number };

const COLUMNS: readonly Column<Listed>[] = [
  { title: 'NAME', value: (rule) => rule.name, max: 60 },
  { title: 'SEVERITY', value: (rule) => rule.severity },
  { title: 'ON', value: (rule) => (rule.enabled ? 'on' : 'off') },
];
const ALERTS: Column<Listed> = { title: 'ALERTS 24H', value: (rule) => String(rule.alerts24h ?? 0) };
const SOURCE: Column<Listed> = { title: 'SOURCE', value: (rule) => rule.source };
const PLACE: readonly Column<Listed>[] = [
  { title: 'ATT&CK', value: (rule) => rule.mitre.join(',') },
  { title: 'FILE', value: (rule) => rule.file },
];

const FILTERS: Readonly<Record<string, OptionSpec>> = {
  source: { type: 'string', multiple: true, value: 'S', help: 'syscall or k8s_audit; repeat for any of' },
  tag: { type: 'string', multiple: true, value: 'TAG', help: 'with this tag' },
  severity: {
    type: 'string',
    multiple: true,
    value: 'S',
    help: 'critical, high, medium, low or info; repeat for any of',
  },
  technique: {
    type: 'string',
    multiple: true,
    value: 'ID',
    help: 'ATT&CK technique; T1098 includes T1098.004',
  },
  disabled: { type: 'boolean', help: 'only rules that are off' },
  enabled: { type: 'boolean', help: 'only rules that are on' },
};

export const rulesList: Command = {
  name: 'rules list',
  summary: 'list rules: those of a platform, or with --local or -r those of files',
  usage: '[WORD…]',
  options: {
    local: { type: 'boolean', help: "Guardcell's own rules, without a platform" },
    ...RULES_OPTION,
    ...FILTERS,
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: [
    'guardcell rules list',
    'guardcell rules list --local --technique T1098 --severity critical',
    'guardcell rules list -r my-rules.yaml -o json',
    'guardcell rules list passwd',
  ],
  async run(context) {
    const local = flag(context.options, 'local') || texts(context.options, 'rules').length > 0;
    const { items, problems } = local ? localRules(context) : await platformRules(context);
    checkFilters(context, items);
    const kept = items.filter((rule) => passes(rule, context));
    const columns = [...COLUMNS, ...(local ? [] : [ALERTS]), SOURCE, ...PLACE];
    print(context, { items: kept, problems }, kept, columns);
    return EXIT.ok;
  },
};

interface Library {
  readonly items: readonly Listed[];
  readonly problems: readonly unknown[];
}

async function platformRules(context: CommandContext): Promise<Library> {
  return await connect(context).call<Library>('GET', '/api/v1/rules');
}

function localRules(context: CommandContext): Library {
  const { load } = loadLocalRules(context);
  return { items: load.rules.map(listed), problems: load.problems };
}

function listed(rule: CompiledRule): Listed {
  const { name, file, line, source, priority, severity, enabled, tags, mitre, condition, output } = rule;
  return {
    name,
    file,
    line,
    source,
    priority,
    severity,
    enabled,
    tags: [...tags],
    mitre: [...mitre],
    condition,
    output,
    eventTypes: [...rule.eventTypes].sort(),
  };
}

function passes(rule: Listed, { options, positionals }: CommandContext): boolean {
  const any = (name: string, has: (wanted: string) => boolean): boolean => {
    const wanted = texts(options, name);
    return wanted.length === 0 || wanted.some(has);
  };
  const text = `${rule.name} ${rule.file} ${rule.tags.join(' ')} ${rule.condition}`.toLowerCase();
  return (
    any('source', (source) => rule.source === source) &&
    any('tag', (tag) => rule.tags.includes(tag)) &&
    any('severity', (severity) => rule.severity === severity) &&
    any('technique', (id) => rule.mitre.some((own) => own === id || own.startsWith(`${id}.`))) &&
    (!flag(options, 'disabled') || !rule.enabled) &&
    (!flag(options, 'enabled') || rule.enabled) &&
    positionals.every((word) => text.includes(word.toLowerCase()))
  );
}

const SEVERITY_NAMES = ['critical', 'high', 'medium', 'low', 'info'];

/** A mistyped filter must not look like an empty library. @throws CodedError GC_USAGE. */
function checkFilters({ options }: CommandContext, items: readonly Listed[]): void {
  const check = (name: string, known: readonly string[]): void => {
    const wrong = texts(options, name).find((value) => !known.includes(value));
    if (wrong !== undefined)
      throw new CodedError('GC_USAGE', `no such ${name}: '${wrong}'`, {
        hint: `There is: ${known.join(', ')}.`,
      });
  };
  check('severity', SEVERITY_NAMES);
  check('source', [...new Set(['syscall', 'k8s_audit', ...items.map((rule) => rule.source)])]);
}
