// `guardcell containers list|show`
import type { ContainerView } from '@guardcell/contract';
import { shortContainerId } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { stringify } from 'yaml';
import { type Command, EXIT, flag, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

function measures(view: ContainerView): string {
  const marks = [
    view.paused && 'paused',
    view.quarantined && 'quarantined',
    view.container.privileged && 'privileged',
  ];
  return marks.filter((mark) => mark !== false).join(',');
}

const COLUMNS: readonly Column<ContainerView>[] = [
  { title: 'ID', value: (view) => shortContainerId(view.container.id) },
  { title: 'NAME', value: (view) => view.container.name, max: 40 },
  { title: 'IMAGE', value: (view) => view.container.image.reference, max: 50 },
  { title: 'STATE', value: (view) => view.container.state },
  { title: 'MARKS', value: measures },
  {
    title: 'ALERTS 24H',
    value: (view) => String(Object.values(view.alerts24h).reduce((sum, n) => sum + n, 0)),
  },
  { title: 'POD', value: (view) => view.container.kubernetes?.podName ?? '' },
];

export const containersList: Command = {
  name: 'containers list',
  summary: 'list containers',
  usage: '',
  options: {
    all: { type: 'boolean', short: 'a', help: 'also those that ended' },
    search: { type: 'string', short: 'q', value: 'TEXT', help: 'part of a name, image or id' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: ['guardcell containers list', 'guardcell containers list -a -o json'],
  async run(context) {
    const states = flag(context.options, 'all') ? [] : ['running', 'paused'];
    const page = await connect(context).call<{ items: ContainerView[] }>('GET', '/api/v1/containers', {
      query: { q: text(context.options, 'search'), state: states, limit: 500 },
    });
    print(context, page, page.items, COLUMNS);
    return EXIT.ok;
  },
};

export const containersShow: Command = {
  name: 'containers show',
  summary: 'everything known of one container',
  usage: 'ID|NAME',
  options: { ...PLATFORM_OPTIONS, ...OUTPUT_OPTION },
  examples: ['guardcell containers show web-1'],
  async run(context) {
    const [id] = context.positionals;
    if (id === undefined) throw new CodedError('GC_USAGE', 'which container? give its id or name');
    const view = await connect(context).call<ContainerView>(
      'GET',
      `/api/v1/containers/${encodeURIComponent(id)}`,
    );
    const asJson = ['json', 'jsonl'].includes(outputFormat(context));
    context.out(asJson ? `${JSON.stringify(view, null, 2)}\n` : stringify(view));
    return EXIT.ok;
  },
};
