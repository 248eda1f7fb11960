import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FalcoAlert, type FalcoFormatOptions, toFalcoJson, toFalcoText } from './falco-format.ts';

const ALERT: FalcoAlert = {
  time: '2016-08-04T16:17:57.881781397Z',
  rule: 'open_from_cat',
  priority: 'warning',
  source: 'syscall',
  message: 'An open was seen (command=cat /dev/null)',
  tags: ['process', 'filesystem'],
  hostname: 'host-1',
  outputFields: {
    'proc.cmdline': 'cat /dev/null',
    'evt.rawtime': '1470327477881781397',
    'fd.sport': null,
    'user.uid': 0,
  },
};

test('text is time, priority and message', () => {
  assert.equal(toFalcoText(ALERT), '16:17:57.881781397: Warning An open was seen (command=cat /dev/null)');
});

test('JSON has Falco’s keys, and times keep their nanoseconds', () => {
  const line = toFalcoJson(ALERT);
  assert.match(line, /"evt\.time":1470327477881781397[,}]/);
  assert.match(line, /"evt\.rawtime":1470327477881781397[,}]/);
  const parsed: unknown = JSON.parse(line);
  assert.ok(typeof parsed === 'object' && parsed !== null);
  assert.deepEqual(Object.keys(parsed), [
    'hostname',
    'output',
    'output_fields',
    'priority',
    'rule',
    'source',
    'tags',
    'time',
  ]);
});

test('a file name with a line break cannot forge a second line', () => {
  const hostile = {
    ...ALERT,
    message: 'x\n00:00:00.0: Critical forged\u0000',
    outputFields: { 'fd.name': 'a\nb\ud800' },
  };
  assert.equal(toFalcoText(hostile).split('\n').length, 1);
  assert.equal(toFalcoJson(hostile).split('\n').length, 1);
  assert.doesNotThrow(() => JSON.parse(toFalcoJson(hostile)));
});

test('the time is local or ISO 8601, in the text and among the fields', () => {
  assert.equal(
    toFalcoText(ALERT, { utcOffsetMinutes: 120 }),
    '18:17:57.881781397: Warning An open was seen (command=cat /dev/null)',
  );
  const iso = toFalcoJson(ALERT, { timeFormat: 'iso8601' });
  assert.match(iso, /"output":"2016-08-04T16:17:57\.881781397\+0000: Warning An open/);
  assert.match(iso, /"evt\.time\.iso8601":1470327477881781397[,}]/);
  assert.equal(iso.includes('"evt.time":'), false);
});

test('keys can be left out and the message added', () => {
  const keys = (options: FalcoFormatOptions): readonly string[] =>
    Object.keys(JSON.parse(toFalcoJson(ALERT, options)) as object);
  assert.ok(keys({ includeMessage: true }).includes('message'));
  assert.deepEqual(keys({ includeOutput: false, includeTags: false, includeOutputFields: false }), [
    'hostname',
    'priority',
    'rule',
    'source',
    'time',
  ]);
});

test('whole numbers beyond 2^53 are numbers where the field is one, and text where it is text', () => {
  const line = toFalcoJson({
    ...ALERT,
    outputFields: {
      'proc.duration': '9007199254740993',
      'evt.rawarg.flags': '9007199254740993',
      'proc.cmdline': '9007199254740993',
      'container.start_ts': '1700000000000000000',
      'evt.datetime': '1470327477881781397',
      'evt.num': 7,
      'fd.types': ['file', 'ipv4'],
      'evt.is_open_read': true,
    },
  });
  assert.match(line, /"proc\.duration":9007199254740993[,}]/);
  assert.match(line, /"proc\.cmdline":"9007199254740993"/);
  assert.match(line, /"container\.start_ts":1700000000000000000[,}]/);
  assert.match(line, /"evt\.datetime":1470327477881781397[,}]/);
  assert.match(line, /"fd\.types":\["file","ipv4"\]/);
  assert.match(line, /"evt\.is_open_read":true/);
});

test('tags are sorted and each is there once', () => {
  const parsed = JSON.parse(toFalcoJson({ ...ALERT, tags: ['b', 'a', 'b'] })) as { tags: unknown };
  assert.deepEqual(parsed.tags, ['a', 'b']);
});

test('control characters of the message are escaped in JSON and cannot break a line of text', () => {
  const hostile = { ...ALERT, message: 'a\nb\u0085c\u2028d\u0007' };
  assert.equal(
    (JSON.parse(toFalcoJson(hostile)) as { output: string }).output.endsWith('a\nb\u0085c\u2028d\u0007'),
    true,
  );
  assert.equal(toFalcoText(hostile).endsWith('a\\nb\\u0085c\\u2028d\\u0007'), true);
});
