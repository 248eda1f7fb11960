// Secrets that a later layer deletes or replaces: no container sees them, whoever has the image does.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { openLayerCache } from '@guardcell/image';
import { scanTarget } from '@guardcell/scan';
import { writeLayout } from '../support/oci-layout.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'gc-hidden-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

function layer(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(FOLDER, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

// Put together here: no secret stands in the source.
const key = (end: string): string => `k="AKIA${'Q3EGRIXKPLZ7'}${end}"\n`;

test('secrets of lower layers are told once, marked as gone from the files', async () => {
  const layers = [
    layer('first', {
      'app/deleted.py': key('ABCD'),
      'app/replaced.py': key('ABCE'),
      'app/touched.py': key('ABCF'),
      'old/folder/inside.py': key('ABCG'),
    }),
    layer('second', {
      'app/.wh.deleted.py': '',
      'app/replaced.py': 'k = read()\n',
      'app/touched.py': `${key('ABCF')}# changed\n`,
      'old/.wh.folder': '',
    }),
  ];
  const layout = join(FOLDER, 'layout');
  writeLayout(layout, 'it', { layers });
  const cache = openLayerCache({ directory: join(FOLDER, 'cache') });
  const target = { kind: 'image', reference: `oci:${layout}:it` } as const;
  const options = { only: new Set(['secrets'] as const), cache };
  const report = await scanTarget(target, options);
  const [lower] = report.artifact.layers;
  const told = report.secrets.map((one) => [one.path, one.removed === true, one.layer === lower]).sort();
  assert.deepEqual(told, [
    ['/app/deleted.py', true, true],
    ['/app/replaced.py', true, true],
    ['/app/touched.py', false, false],
    ['/old/folder/inside.py', true, true],
  ]);
  const cached = await scanTarget(target, options);
  assert.deepEqual(cached.secrets, report.secrets);
});
