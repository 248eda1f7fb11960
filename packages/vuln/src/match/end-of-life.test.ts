import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { OsRelease } from '@guardcell/core';
import { endOfLife, LIFE_CYCLES } from './end-of-life.ts';

const DATA = '/usr/share/distro-info';

function os(id: string, versionId: string): OsRelease {
  return { id, idLike: [], versionId, codename: '', prettyName: '' };
}

/** Rows of Debian's distro-info-data by column. */
function rows(name: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = readFileSync(`${DATA}/${name}.csv`, 'utf8').trim().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
  });
}

test('dates of Debian and Ubuntu are those of distro-info-data', {
  skip: existsSync(`${DATA}/debian.csv`) ? false : 'distro-info-data is not installed',
}, () => {
  const published = {
    debian: rows('debian').map((row) => [row['version'], row['eol-lts'] || row['eol']] as const),
    ubuntu: rows('ubuntu').map((row) => [row['version']?.split(' ')[0], row['eol']] as const),
  };
  for (const [id, releases] of Object.entries(published)) {
    const known = new Map(releases);
    for (const [release, day] of Object.entries(LIFE_CYCLES[id]?.ends ?? {})) {
      // An older file may not have the newest releases yet.
      if (known.get(release)) assert.equal(day, known.get(release), `${id} ${release}`);
    }
    const ours = LIFE_CYCLES[id]?.ends ?? {};
    const missing = releases.filter(
      ([release = '', day = '']) => day >= '2022' && !Object.hasOwn(ours, release),
    );
    assert.deepEqual(missing, [], id);
  }
});

test('every date is a day and every table names its source', () => {
  for (const [id, { source, ends }] of Object.entries(LIFE_CYCLES)) {
    assert.match(source, /^https:\/\//, id);
    for (const day of Object.values(ends))
      assert.equal(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10), day, id);
  }
});

test('a release is found by as much of its version as its publisher supports at a time', () => {
  assert.equal(endOfLife(os('debian', '12.5'))?.day, '2028-06-30');
  assert.equal(endOfLife(os('alpine', '3.20.3'))?.day, '2026-04-01');
  assert.equal(endOfLife(os('rocky', '9.3'))?.day, '2032-05-31');
  assert.equal(endOfLife(os('sles', '15.7')), undefined);
  assert.equal(endOfLife(os('debian', '')), undefined);
  assert.equal(endOfLife(os('constructor', '1')), undefined);
});
