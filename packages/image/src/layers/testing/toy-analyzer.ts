// An analyzer for tests: it keeps the text of files whose names end in `.pkg`.
import { createHash } from 'node:crypto';
import type { Analyzer } from '../../analyzer.ts';
import type { LayerSource } from '../layer-source.ts';

export function toyAnalyzer(change: Partial<Analyzer<string>> = {}): Analyzer {
  const toy: Analyzer<string> = {
    id: 'toy',
    version: 1,
    maxBytes: 1000,
    wants: (entry) => entry.path.endsWith('.pkg'),
    analyze: (file) => {
      const text = Buffer.from(file.bytes).toString();
      if (text === 'crash') throw new Error('crashed');
      return text === 'bad' ? { problem: 'it is bad' } : { value: text };
    },
    assemble: (found) => ({
      packages: found.map(({ location, value }) => ({
        name: value,
        version: '1',
        type: 'npm',
        purl: `pkg:npm/${value}@1`,
        locations: [location],
        licenses: [],
      })),
    }),
    ...change,
  };
  return toy as Analyzer;
}

/** A layer whose tar is `plain`, stored as `stored`. */
export function layerOf(
  plain: Buffer,
  stored: Buffer = plain,
  diffId?: string,
): LayerSource & { opened: number } {
  const layer = {
    diffId: diffId ?? `sha256:${createHash('sha256').update(plain).digest('hex')}`,
    opened: 0,
    // oxlint-disable-next-line typescript/require-await -- sources are asynchronous
    async *open(): AsyncGenerator<Uint8Array> {
      layer.opened += 1;
      for (let at = 0; at < stored.length; at += 1000) yield stored.subarray(at, at + 1000);
    },
  };
  return layer;
}
