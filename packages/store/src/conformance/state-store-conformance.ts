// What every state store must do. Run it with a function that opens an empty store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { openMemoryStateStore } from '../memory/memory-state-store.ts';
import type { JsonValue, StateStore, StateWrite } from '../ports.ts';
import type { OpenEmpty } from './store-case.ts';

const put = (id: string, value: JsonValue, ifRevision?: number): StateWrite => ({
  op: 'put',
  kind: 'user',
  id,
  value,
  ...(ifRevision !== undefined && { ifRevision }),
});

const remove = (id: string, ifRevision?: number): StateWrite => ({
  op: 'delete',
  kind: 'user',
  id,
  ...(ifRevision !== undefined && { ifRevision }),
});

async function revisionOf(store: StateStore, id: string): Promise<number> {
  return (await store.get('user', id))?.revision ?? 0;
}

const CASES: Readonly<Record<string, (store: StateStore) => Promise<void>>> = {
  'returns what was put': async (store) => {
    const value = { name: 'ada', nested: [1, null, true, 'ü😀\0'] };
    const result = await store.commit([put('a', value)]);
    assert.deepEqual(await store.get('user', 'a'), {
      kind: 'user',
      id: 'a',
      revision: result.ok && result.revision,
      value,
    });
  },
  'has nothing under other kinds and ids': async (store) => {
    await store.commit([put('a', 1)]);
    assert.equal(await store.get('user', 'b'), undefined);
    assert.equal(await store.get('key', 'a'), undefined);
  },
  'gives every write a greater revision': async (store) => {
    await store.commit([put('a', 1), put('b', 1)]);
    const [a, b] = [await revisionOf(store, 'a'), await revisionOf(store, 'b')];
    await store.commit([put('a', 2)]);
    assert.ok(0 < a && a < b && b < (await revisionOf(store, 'a')));
  },
  'does not give a revision again after everything was deleted': async (store) => {
    await store.commit([put('a', 1)]);
    const before = await revisionOf(store, 'a');
    await store.commit([remove('a')]);
    await store.commit([put('a', 1)]);
    assert.ok((await revisionOf(store, 'a')) > before);
  },
  'replaces whatever is there without ifRevision': async (store) => {
    await store.commit([put('a', 1)]);
    await store.commit([put('a', 2)]);
    assert.equal((await store.get('user', 'a'))?.value, 2);
  },
  'creates only what is not there with ifRevision 0': async (store) => {
    assert.equal((await store.commit([put('a', 1, 0)])).ok, true);
    assert.deepEqual(await store.commit([put('a', 2, 0)]), { ok: false, conflict: 0 });
    assert.equal((await store.get('user', 'a'))?.value, 1);
  },
  'replaces only the revision that is asked for': async (store) => {
    await store.commit([put('a', 1)]);
    const revision = await revisionOf(store, 'a');
    assert.equal((await store.commit([put('a', 2, revision)])).ok, true);
    assert.deepEqual(await store.commit([put('a', 3, revision)]), { ok: false, conflict: 0 });
  },
  'deletes only the revision that is asked for': async (store) => {
    await store.commit([put('a', 1)]);
    const revision = await revisionOf(store, 'a');
    assert.deepEqual(await store.commit([remove('a', revision + 1)]), { ok: false, conflict: 0 });
    assert.equal((await store.commit([remove('a', revision)])).ok, true);
    assert.equal(await store.get('user', 'a'), undefined);
  },
  'writes nothing when one of several writes conflicts': async (store) => {
    await store.commit([put('a', 1)]);
    assert.deepEqual(await store.commit([put('b', 1), put('a', 2), put('a', 3, 99)]), {
      ok: false,
      conflict: 2,
    });
    assert.equal(await store.get('user', 'b'), undefined);
    assert.equal((await store.get('user', 'a'))?.value, 1);
  },
  'sees earlier writes of the same commit': async (store) => {
    assert.deepEqual(await store.commit([put('a', 1), put('a', 2, 0)]), { ok: false, conflict: 1 });
    assert.equal((await store.commit([put('a', 1), remove('a'), put('a', 2, 0)])).ok, true);
  },
  'deletes what is not there without complaint': async (store) => {
    assert.equal((await store.commit([remove('a')])).ok, true);
  },
  'takes an empty commit': async (store) => {
    assert.equal((await store.commit([])).ok, true);
  },
  'lists a kind ordered by id, in both directions, page by page': async (store) => {
    await store.commit(['b', 'a', 'd', 'c'].map((id) => put(id, id)));
    await store.commit([{ op: 'put', kind: 'key', id: 'x', value: 1 }]);
    const ids = async (options?: Parameters<StateStore['list']>[1]): Promise<string> =>
      (await store.list('user', options)).map((record) => record.id).join('');
    assert.equal(await ids(), 'abcd');
    assert.equal(await ids({ reverse: true }), 'dcba');
    assert.equal(await ids({ after: 'b', limit: 1 }), 'c');
    assert.equal(await ids({ after: 'c', reverse: true }), 'ba');
    assert.equal(await ids({ after: 'bb' }), 'cd');
    assert.equal(await ids({ limit: 0 }), '');
  },
  'lists 1000 when not told how many': async (store) => {
    await store.commit(Array.from({ length: 1001 }, (_, i) => put(String(i), i)));
    assert.equal((await store.list('user')).length, 1000);
  },
  'lets one of two concurrent writers win': async (store) => {
    const results = await Promise.all([store.commit([put('a', 1, 0)]), store.commit([put('a', 2, 0)])]);
    assert.deepEqual(
      results.map((result) => result.ok),
      [true, false],
    );
  },
  'does not share what it returns with what it keeps': async (store) => {
    const value = { list: ['x'] };
    await store.commit([put('a', value)]);
    value.list.push('y');
    assert.deepEqual((await store.get('user', 'a'))?.value, { list: ['x'] });
  },
  'refuses work after it was closed': async (store) => {
    await store.close();
    const closed = (thrown: unknown): boolean =>
      typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'GC_STORE_CLOSED';
    await assert.rejects(store.get('user', 'a'), closed);
    await assert.rejects(store.commit([]), closed);
  },
};

const writes = fc.array(
  fc.record({
    op: fc.constantFrom('put', 'delete'),
    id: fc.constantFrom('a', 'b', 'ä', '😀', '\uffff', ''),
    value: fc.jsonValue({ maxDepth: 2 }),
    ifRevision: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  }),
  { maxLength: 4 },
);

/** Registers the cases; `engine` stands before the name of each. */
export function stateStoreConformance(engine: string, openEmpty: OpenEmpty<StateStore>): void {
  for (const [name, run] of Object.entries(CASES)) {
    test(`${engine} ${name}`, async () => {
      await using opened = await openEmpty();
      await run(opened.store);
    });
  }
  test(`${engine} ends up with the same records as the model after random commits`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(writes, { maxLength: 8 }), async (commits) => {
        await using opened = await openEmpty();
        const model = openMemoryStateStore();
        for (const commit of commits) {
          const all = commit.map(({ op, id, value, ifRevision }) =>
            op === 'put'
              ? put(id, JSON.parse(JSON.stringify(value)) as JsonValue, ifRevision)
              : remove(id, ifRevision),
          );
          assert.deepEqual(await opened.store.commit(all), await model.commit(all));
        }
        for (const reverse of [false, true]) {
          assert.deepEqual(
            await opened.store.list('user', { reverse }),
            await model.list('user', { reverse }),
          );
        }
      }),
      { numRuns: 15, seed: 20_260_310 },
    );
  });
}
