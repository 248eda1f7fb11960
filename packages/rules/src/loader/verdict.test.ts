// The verdict has the shape that Falco gives with json_output: codes, descriptions, locations, snippets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRules } from './load-rules.ts';
import { type FalcoProblem, falcoVerdict } from './verdict.ts';

function verdictOf(content: string): { errors: readonly FalcoProblem[]; warnings: readonly FalcoProblem[] } {
  const [result] = falcoVerdict(loadRules([{ name: 'x.yaml', content }])).falco_load_results;
  assert.ok(result !== undefined);
  return result;
}

/** `type 'name' position:line:column@offset` of each location. */
function locations(problem: FalcoProblem | undefined): readonly string[] {
  return (problem?.context.locations ?? []).map(
    ({ item_type, item_name, position }) =>
      `${item_type} '${item_name}' ${position.name}:${position.line}:${position.column}@${position.offset}`,
  );
}

const RULE = '- rule: R\n  desc: d\n  condition: evt.type=open and x\n  output: o\n  priority: info\n';

test('there is one entry for each file, also for those without a problem and those that cannot be read', () => {
  const { falco_load_results: results } = falcoVerdict(
    loadRules(
      [
        { name: 'bad', content: RULE },
        { name: 'good', content: RULE.replace(' and x', '').replace('R', 'S') },
      ],
      { unreadable: [{ name: 'gone', message: 'no such file' }] },
    ),
  );
  assert.deepEqual(
    results.map(({ name, successful }) => [name, successful]),
    [
      ['bad', false],
      ['good', true],
      ['gone', false],
    ],
  );
  assert.equal(results[2]?.errors[0]?.code, 'LOAD_ERR_FILE_READ');
  assert.equal(results[2]?.errors[0]?.codedesc, 'File read error');
});

test('locations lead from the file through the item to the word of the condition', () => {
  const { errors } = verdictOf(RULE);
  assert.deepEqual(locations(errors[0]), [
    "rules content '' x.yaml:0:0@0",
    "rule 'R' x.yaml:0:2@2",
    "rule condition '' x.yaml:2:13@33",
    `condition expression '' "evt.type=open and x":3:32@51`,
  ]);
  assert.equal(errors[0]?.context.snippet, 'evt.type=open and x\n                  ^\n');
  assert.equal(errors[0]?.code, 'LOAD_ERR_VALIDATE');
  assert.equal(errors[0]?.codedesc, 'Error validating rule/macro/list/exception objects');
  assert.equal(errors[0]?.message, "Undefined macro 'x' used in filter.");
});

test('offsets count bytes, and a long condition is named by its beginning', () => {
  const content = `# é€😀\n${RULE.replace('and x', 'and proc.name = x and nosuch')}`;
  const { errors } = verdictOf(content);
  assert.deepEqual(locations(errors[0]).slice(1), [
    "rule 'R' x.yaml:1:2@14",
    "rule condition '' x.yaml:3:13@45",
    `condition expression '' "evt.type=open and...":4:50@81`,
  ]);
});

test('positions in a condition over several lines count its lines', () => {
  const { errors } = verdictOf(
    '- macro: m\n  condition: |\n    evt.type=open\n    and nosuch.field = 1\n- rule: R\n  desc: d\n  condition: m\n  output: o\n  priority: info\n',
  );
  const last = errors[0]?.context.locations.at(-1);
  assert.equal(errors[0]?.code, 'LOAD_ERR_COMPILE_CONDITION');
  assert.deepEqual([last?.item_type, last?.position.line], ['condition expression', 3]);
  assert.equal(errors[0]?.context.snippet, 'and nosuch.field = 1\n    ^\n');
});

test('problems of keys name the key, and of outputs the output', () => {
  const key = verdictOf(RULE.replace(' and x', '').replace('desc: d', 'desc: [d]'));
  assert.deepEqual(locations(key.errors[0]).slice(1), [
    "rule 'R' x.yaml:0:2@2",
    "value for 'desc' x.yaml:1:8@18",
  ]);
  assert.equal(key.errors[0]?.context.snippet, '  desc: [d]\n        ^\n');
  const output = verdictOf(RULE.replace(' and x', '').replace('output: o', 'output: "%no.such"'));
  assert.equal(output.errors[0]?.code, 'LOAD_ERR_COMPILE_OUTPUT');
  assert.equal(output.errors[0]?.context.locations.at(-1)?.item_name, 'output');
});

test('a file that is no YAML, or no list of items, has its place too', () => {
  const broken = verdictOf('- rule: [x');
  assert.equal(broken.errors[0]?.code, 'LOAD_ERR_YAML_PARSE');
  assert.equal(broken.errors[0]?.codedesc, 'YAML parse error');
  assert.ok(broken.errors[0]?.context.snippet.includes('^'));
  assert.equal(verdictOf('a: 1').errors[0]?.code, 'LOAD_ERR_YAML_VALIDATE');
  assert.equal(verdictOf('- 7').errors[0]?.context.locations.at(-1)?.item_type, 'rules content item');
});

test('warnings come apart from errors', () => {
  const { errors, warnings } = verdictOf(`${RULE.replace(' and x', '')}  colour: red\n`);
  assert.deepEqual(errors, []);
  assert.deepEqual(locations(warnings[0]).slice(0, 2), [
    "rules content '' x.yaml:0:0@0",
    "rule 'R' x.yaml:0:2@2",
  ]);
  assert.equal(warnings[0]?.code, 'LOAD_UNKNOWN_KEY');
  assert.notEqual(warnings[0]?.codedesc, '');
});

test('a very long line is cut around the place', () => {
  const condition = `proc.name in (${'a, '.repeat(500)}b) and nosuch and proc.name in (${'c, '.repeat(500)}d)`;
  const { errors } = verdictOf(RULE.replace('evt.type=open and x', condition));
  const [line = '', mark = ''] = errors[0]?.context.snippet.split('\n') ?? [];
  assert.ok(line.length <= 160 && line.startsWith('...') && line.endsWith('...'));
  assert.equal(line.slice(mark.length - 1, mark.length + 5), 'nosuch');
});
