import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { analyzeFiles } from '../testing.ts';
import { gemAnalyzer } from './index.ts';

const LOCK = `GIT
  remote: https://example.org/forked.git
  revision: abc
  specs:
    forked (0.9.1)
      rack (>= 1)

PATH
  remote: .
  specs:
    own (0.1.0)

GEM
  remote: https://rubygems.org/
  specs:
    actionpack (7.0.4)
      rack (~> 2.0, >= 2.2.0)
    nokogiri (1.15.4-x86_64-linux)
    nokogiri (1.15.4-arm64-darwin)
    rack (2.2.3)

PLATFORMS
  ruby

DEPENDENCIES
  actionpack (= 7.0.4)
  forked!
  own!

BUNDLED WITH
   2.4.1
`;

describe('gem', () => {
  it('reads Gemfile.lock: gems of all sources but the own folder, each version once', () => {
    const { packages } = analyzeFiles(gemAnalyzer, { '/app/Gemfile.lock': LOCK });
    assert.deepEqual(
      packages.map((entry) => `${entry.purl}${entry.direct ? ' direct' : ''}`),
      [
        'pkg:gem/forked@0.9.1 direct',
        'pkg:gem/actionpack@7.0.4 direct',
        'pkg:gem/nokogiri@1.15.4',
        'pkg:gem/rack@2.2.3',
      ],
    );
  });

  it('reads installed specifications, those that come with Ruby included', () => {
    const { packages } = analyzeFiles(gemAnalyzer, {
      '/usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.3.gemspec':
        '# -*- encoding: utf-8 -*-\nGem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.2.3"\n  s.licenses = ["MIT".freeze, "Ruby".freeze]\nend\n',
      '/usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec': 's.name = "json"\n',
      '/usr/lib/ruby/gems/3.1.0/specifications/nokogiri-1.15.4-x86_64-linux.gemspec':
        '  s.name = "nokogiri".freeze\n  s.version = Gem::Version.new(v)\n',
      '/usr/lib/ruby/gems/3.1.0/gems/rack-2.2.3/Gemfile.lock': LOCK,
      '/app/own.gemspec': 's.name = "own"\ns.version = "1"\n',
    });
    assert.deepEqual(
      packages.map((entry) => [entry.purl, ...entry.licenses]),
      [['pkg:gem/rack@2.2.3', 'MIT', 'Ruby'], ['pkg:gem/json@2.6.1'], ['pkg:gem/nokogiri@1.15.4']],
    );
  });

  it('is not held up by many blank lines, long lines and unclosed lists', () => {
    const path = '/usr/lib/ruby/gems/3.1.0/specifications/a-1.gemspec';
    for (const text of ['\n'.repeat(500_000), ' '.repeat(500_000), `s.licenses = [${'"'.repeat(500_000)}`]) {
      assert.equal(analyzeFiles(gemAnalyzer, { [path]: text }).packages[0]?.name, 'a');
    }
  });

  it('never throws, whatever the content', () => {
    const path = fc.constantFrom(
      '/Gemfile.lock',
      '/specifications/x-1.0.gemspec',
      '/specifications/.gemspec',
    );
    const part = fc.constantFrom(
      'GEM\n',
      '  specs:\n',
      '    a (1)\n',
      's.name = "',
      '"',
      '\n',
      'DEPENDENCIES\n',
    );
    fc.assert(
      fc.property(path, fc.array(fc.oneof(part, fc.string()), { maxLength: 30 }), (path, parts) => {
        analyzeFiles(gemAnalyzer, { [path]: parts.join('') });
      }),
      { numRuns: 300 },
    );
  });
});
