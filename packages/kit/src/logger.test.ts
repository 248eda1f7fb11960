import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, type LoggerOptions } from './logger.ts';

function capture(options: Partial<LoggerOptions> = {}): { lines: string[]; options: LoggerOptions } {
  const lines: string[] = [];
  return {
    lines,
    options: {
      level: 'info',
      format: 'text',
      write: (line) => void lines.push(line),
      now: () => new Date(0),
      ...options,
    },
  };
}

test('fields of a child stand on each of its lines', () => {
  const { lines, options } = capture();
  createLogger(options).child({ part: 'spool' }).warn('full', { dropped: 3 });
  assert.deepEqual(lines, ['1970-01-01T00:00:00.000Z warn  full part=spool dropped=3\n']);
});

test('lines below the level are not written', () => {
  const { lines, options } = capture({ level: 'warn' });
  createLogger(options).info('quiet');
  assert.equal(lines.length, 0);
});

test('a value cannot drive the terminal of the reader', () => {
  const { lines, options } = capture();
  createLogger(options).info('seen', { name: '\u001b[2Jevil\u0007' });
  assert.match(lines[0] ?? '', /^[^\u001b\u0007]*\n$/);
});

test('JSON lines carry level, message and fields', () => {
  const { lines, options } = capture({ format: 'json' });
  createLogger(options).error('broken', { code: 'GC_X' });
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    time: '1970-01-01T00:00:00.000Z',
    level: 'error',
    message: 'broken',
    code: 'GC_X',
  });
});
