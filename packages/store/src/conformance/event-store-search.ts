// Search and filters: the same search has the same result on every engine, as `matchesQuery` of core defines it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventQuery } from '@guardcell/core';
import type { EventStore } from '../ports.ts';
import { NOON_MS, type SampleOptions, sampleItem, where, words } from './sample-alert.ts';
import type { OpenEmpty, StoreCase } from './store-case.ts';

const FULL_ID = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

const CASES: readonly (readonly [string, SampleOptions, EventQuery, boolean])[] = [
  ['finds a file name in an absolute path', { process: { exe: '/tmp/.x/xmrig' } }, words('xmrig'), true],
  [
    'finds an option without its dashes',
    { process: { cmdline: 'xmrig --url=pool:3333' } },
    words('url', '3333'),
    true,
  ],
  ['does not find a part of a word', { message: 'xmrig' }, words('xmr'), false],
  ['does not find a word when another one is missing', { message: 'one' }, words('one', 'absent'), false],
  ['finds words whatever their case in the text', { message: 'SSH Key' }, words('ssh', 'key'), true],
  [
    'does not find words given in upper case, as the definition says',
    { message: 'ssh' },
    words('SSH'),
    false,
  ],
  ['keeps accents apart', { message: 'résumé' }, words('resume'), false],
  ['finds words with accents', { message: 'RÉSUMÉ' }, words('résumé'), true],
  ['keeps ß and ss apart', { message: 'straße' }, words('strasse'), false],
  ['finds Chinese words whole', { message: '检测到 容器逃逸 行为' }, words('容器逃逸'), true],
  ['does not find a part of a Chinese word', { message: '容器逃逸' }, words('容器'), false],
  ['splits words at an underscore', { message: 'ld_preload' }, words('preload'), true],
  [
    'finds words in parameters of the event',
    { args: { name: '/root/.ssh/authorized_keys' } },
    words('authorized'),
    true,
  ],
  ['finds words in tags', { tags: ['mitre_persistence'] }, words('persistence'), true],
  ['finds words in the name of the host', { hostname: 'edge-7' }, words('edge', '7'), true],
  [
    'does not look for words in the working directory',
    { process: { cwd: '/hidden' } },
    words('hidden'),
    false,
  ],
  ['finds very long words', { message: 'a'.repeat(5000) }, words('a'.repeat(5000)), true],
  ['keeps very long words apart', { message: 'a'.repeat(5000) }, words('a'.repeat(5001)), false],
  [
    'takes query operators as the words that they are',
    { message: 'rock and roll' },
    words('and', 'or'),
    false,
  ],
  ['is not confused by quotes', { message: 'x' }, words('"x"'), false],
  ['finds nothing for an empty word', {}, words(''), false],
  ['filters by full container id', { container: { id: FULL_ID } }, where('container', FULL_ID), true],
  [
    'filters by short container id',
    { container: { id: FULL_ID } },
    where('container', FULL_ID.slice(0, 12)),
    true,
  ],
  [
    'does not filter by another length of id',
    { container: { id: FULL_ID } },
    where('container', FULL_ID.slice(0, 13)),
    false,
  ],
  ['filters by container name', { container: { name: 'db' } }, where('container', 'db'), true],
  ['filters by severity', { severity: 'low' }, where('severity', 'low', 'info'), true],
  ['leaves out other severities', { severity: 'high' }, where('severity', 'low', 'info'), false],
  ['filters by image', { container: { image: 'a/b:1' } }, where('image', 'a/b:1'), true],
  ['filters by namespace', { container: { namespace: 'prod' } }, where('namespace', 'prod'), true],
  ['filters by one of several tags', { tags: ['a', 'b'] }, where('tag', 'b', 'z'), true],
  ['leaves out alerts without the tag', { tags: [] }, where('tag', 'b'), false],
  ['filters by technique', { mitre: ['T1', 'T1.001'] }, where('mitre', 'T1.001'), true],
  ['filters by process', { process: { name: 'nc' } }, where('process', 'nc'), true],
  ['filters by host', { hostname: 'node-b' }, where('host', 'node-b'), true],
  ['is case-sensitive in filters', { rule: 'Shell' }, where('rule', 'shell'), false],
  ['takes an empty list of values as no filter', {}, where('rule'), true],
  ['takes quotes in values as they are', { rule: `it's "x"` }, where('rule', `it's "x"`), true],
  [
    'matches all dimensions together',
    { rule: 'A' },
    { any: { rule: ['A'], host: ['other'] }, words: [] },
    false,
  ],
];

// All cases share a store; each has a second of its own.
function second(index: number): Pick<EventQuery, 'fromMs' | 'toMs'> {
  return { fromMs: NOON_MS + index * 1000, toMs: NOON_MS + (index + 1) * 1000 };
}

export function eventStoreSearch(engine: string, openEmpty: OpenEmpty<EventStore>, store: StoreCase): void {
  test(`${engine} searches and filters as the definition says`, async (t) => {
    await using opened = await openEmpty();
    const events = opened.store;
    const items = CASES.map(([, options], index) =>
      sampleItem(index + 1, { ...options, timeMs: NOON_MS + index * 1000 }),
    );
    await events.append(items);
    for (const [index, [name, , query, found]] of CASES.entries()) {
      await t.test(`${engine} ${name}`, async () => {
        const asked: EventQuery = { ...query, ...second(index) };
        const expected = found ? [items[index]?.alert] : [];
        assert.deepEqual((await events.list(asked, 5)).items, expected);
        assert.equal(await events.count(asked), expected.length);
        assert.equal((await events.after(0, asked, 5)).length, expected.length);
      });
    }
  });
  store('filters by hundreds of values among hundreds', async (events) => {
    await events.append(Array.from({ length: 600 }, (_, i) => sampleItem(i + 1, { rule: `rule ${i}` })));
    const query = where('rule', ...Array.from({ length: 250 }, (_, i) => `rule ${i * 2}`));
    const page = await events.list(query, 300);
    assert.equal(page.items.length, 250);
    assert.equal(page.items[0]?.rule, 'rule 498');
    assert.equal(await events.count(query), 250);
  });
}
