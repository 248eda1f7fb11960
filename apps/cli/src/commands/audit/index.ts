// `guardcell audit list|verify`: who changed what, and whether the trail of that is whole.
import type { AuditEntry, AuditVerdict } from '@guardcell/contract';
import { CodedError } from '@guardcell/kit';
import { type Command, EXIT, text } from '../../command.ts';
import { type Column, OUTPUT_OPTION, outputFormat, print } from '../../output.ts';
import { connect, PLATFORM_OPTIONS } from '../../platform-client.ts';

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'SEQ', value: (entry) => String(entry.seq) },
  { title: 'TIME', value: (entry) => entry.time.slice(0, 19).replace('T', ' ') },
  { title: 'WHO', value: (entry) => `${entry.actor.name || '-'} (${entry.actor.kind})`, max: 40 },
  { title: 'FROM', value: (entry) => entry.from },
  { title: 'WHAT', value: (entry) => entry.operation },
  {
    title: 'RESULT',
    value: (entry) => (entry.code === '' ? entry.result : `${entry.result}: ${entry.code}`),
  },
  { title: 'TARGET', value: (entry) => entry.target, max: 80 },
];

export const auditList: Command = {
  name: 'audit list',
  summary: 'list writes and sign-ins, newest first',
  usage: '',
  options: {
    limit: { type: 'string', value: 'N', help: 'at most N entries (default 50, at most 500)' },
    cursor: { type: 'string', value: 'CURSOR', help: 'go on from the `nextCursor` of a list before' },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  examples: ['guardcell audit list', 'guardcell audit list --limit 500 -o jsonl'],
  async run(context) {
    const query = { limit: text(context.options, 'limit'), cursor: text(context.options, 'cursor') };
    const page = await connect(context).call<{ items: AuditEntry[] }>('GET', '/api/v1/audit', { query });
    print(context, page, page.items, COLUMNS);
    return EXIT.ok;
  },
};

/** `SEQ:HASH`, as `audit verify` prints it. @throws CodedError GC_USAGE. */
export function parseMark(given: string): { readonly seq: number; readonly hash: string } {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(given) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new CodedError('GC_USAGE', `'${given}' is not SEQ:HASH`, {
    hint: 'Give what `guardcell audit verify` printed earlier.',
  });
}

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'check that the audit trail is whole; exit 1 when it is not',
  usage: '',
  options: {
    expect: {
      type: 'string',
      value: 'SEQ:HASH',
      help: 'an earlier end of the trail, which must still be in it',
    },
    ...PLATFORM_OPTIONS,
    ...OUTPUT_OPTION,
  },
  isVerdict: true,
  examples: ['guardcell audit verify', 'guardcell audit verify --expect 1204:9f86d081…'],
  async run(context) {
    const client = connect(context);
    const expect = text(context.options, 'expect');
    const mark = expect === undefined ? undefined : parseMark(expect);
    let verdict = await client.call<AuditVerdict>('GET', '/api/v1/audit/verification');
    if (mark !== undefined && mark.seq > 0) {
      // The page that begins just above the place has the entry itself first.
      const cursor = String(mark.seq + 1).padStart(16, '0');
      const { items } = await client.call<{ items: AuditEntry[] }>('GET', '/api/v1/audit', {
        query: { limit: 1, cursor },
      });
      if (items[0]?.seq !== mark.seq || items[0].hash !== mark.hash) {
        const fault = { seq: mark.seq, message: 'the trail does not contain the expected entry' };
        verdict = { ...verdict, ok: false, faults: [...verdict.faults, fault] };
      }
    }
    if (outputFormat(context) === 'table') {
      for (const { seq, message } of verdict.faults) context.err(`entry ${seq}: ${message}\n`);
      const what = verdict.ok ? 'whole' : 'NOT WHOLE';
      context.out(`${what}: ${verdict.entries} entries, ends at ${verdict.lastSeq}:${verdict.head}\n`);
    } else print(context, verdict, [verdict], []);
    return verdict.ok ? EXIT.ok : EXIT.findings;
  },
};
