// required_engine_version and required_plugin_versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadText, problemsOf, ruleText } from '../testing/rule-probe.ts';
import { PLUGIN_VERSIONS } from './plugin-versions.ts';
import { ENGINE_VERSION } from './versions.ts';

function loaded(item: string, plugins = PLUGIN_VERSIONS): { rules: number; problems: readonly string[] } {
  const load = loadText(item + ruleText('proc.name=x'), { plugins });
  return { rules: load.rules.length, problems: problemsOf(load) };
}

const ENGINES: readonly (readonly [version: string, problem: RegExp | undefined])[] = [
  ['15', undefined],
  ['0.57.0', undefined],
  [ENGINE_VERSION, undefined],
  ['"0.57.0"', undefined],
  ['0.57.0-rc1', undefined],
  ['64', /Rules require engine version 0\.64\.0, but engine version is 0\.63\.0/],
  ['0.63.1', /Rules require engine version 0\.63\.1/],
  ['1.0.0', /Rules require engine version 1\.0\.0/],
  ['0.57', /Unable to parse engine version '0\.57' as a semver string/],
  ['new', /Unable to parse engine version/],
  ['[1]', /must be a text/],
];

for (const [version, problem] of ENGINES) {
  test(`required_engine_version ${version} ${problem === undefined ? 'is met' : 'stops the file'}`, () => {
    const { rules, problems } = loaded(`- required_engine_version: ${version}\n`);
    if (problem === undefined) assert.deepEqual([rules, problems], [1, []]);
    else assert.match(problems[0] ?? '', problem);
    if (problem !== undefined && version !== '[1]') assert.equal(rules, 0);
  });
}

const PLUGINS = new Map([
  ['container', '0.4.2'],
  ['k8saudit', '0.18.0'],
]);

const REQUIRED: readonly (readonly [entries: string, problem: RegExp | undefined])[] = [
  ['[{ name: container, version: 0.4.0 }]', undefined],
  ['[{ name: container, version: 0.4.2 }, { name: k8saudit, version: 0.7.0 }]', undefined],
  ['[]', undefined],
  ['[{ name: container, version: 0.4.3 }]', /rules need container 0\.4\.3, but .* version 0\.4\.2/],
  ['[{ name: container, version: 0.5.0 }]', /not satisfied/],
  ['[{ name: container, version: 1.0.0 }]', /not satisfied/],
  ['[{ name: okta, version: 0.1.0 }]', /there is no plugin 'okta'/],
  ['[{ name: okta, version: 0.1.0, alternatives: [{ name: k8saudit, version: 0.18.0 }] }]', undefined],
  [
    '[{ name: okta, version: 0.1.0, alternatives: [{ name: k8saudit, version: 0.19.0 }] }]',
    /okta 0\.1\.0 or k8saudit 0\.19\.0/,
  ],
  ['[{ name: container, version: new }]', /Invalid required version 'new' for plugin 'container'/],
  [
    '[{ name: container, version: 0.4.0, alternatives: [{ name: container, version: 0.3.0 }] }]',
    /multiple alternative version requirements/,
  ],
];

for (const [entries, problem] of REQUIRED) {
  test(`required_plugin_versions ${entries} ${problem === undefined ? 'is met' : 'stops the file'}`, () => {
    const { rules, problems } = loaded(`- required_plugin_versions: ${entries}\n`, PLUGINS);
    if (problem === undefined) assert.deepEqual([rules, problems], [1, []]);
    else assert.match(problems[0] ?? '', problem);
    if (problem !== undefined) assert.equal(rules, 0);
  });
}

const MALFORMED: readonly (readonly [entries: string, problem: RegExp])[] = [
  ['container', /must be a sequence/],
  ['[container]', /must be a mapping/],
  ['[{ version: 0.4.0 }]', /no mapping for key 'name'/],
  ['[{ name: container }]', /no mapping for key 'version'/],
  ['[{ name: container, version: 0.4.0, alternatives: x }]', /alternatives must be a sequence/],
  ['[{ name: container, version: 0.4.0, alternatives: [x] }]', /alternative must be a mapping/],
];

for (const [entries, problem] of MALFORMED) {
  test(`required_plugin_versions ${entries} is not well-formed`, () => {
    const { problems } = loaded(`- required_plugin_versions: ${entries}\n`);
    assert.match(problems[0] ?? '', /^LOAD_ERR_YAML_VALIDATE/);
    assert.match(problems[0] ?? '', problem);
  });
}

test('files behind one that asks for too much are loaded', () => {
  const load = loadText('- required_engine_version: 99\n');
  assert.equal(load.problems[0]?.code, 'LOAD_ERR_VALIDATE');
});
