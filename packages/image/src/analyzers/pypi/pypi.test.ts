import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { analyzeFiles } from '../testing.ts';
import { pypiAnalyzer } from './index.ts';

function briefly(files: Readonly<Record<string, string>>): string[] {
  return analyzeFiles(pypiAnalyzer, files)
    .packages.map(
      (entry) => `${entry.name}@${entry.version}${entry.dev ? ' dev' : ''}${entry.direct ? ' direct' : ''}`,
    )
    .sort();
}

describe('pypi', () => {
  it('reads pinned requirements alone, with extras, markers, hashes and comments', () => {
    const text = `# comment
-r base.txt
--hash=sha256:abc
Django==4.2.1
requests[security]==2.31.0 ; python_version >= "3.8"
Zope.Interface == 6.0  # pinned
flask>=2.0
numpy==1.*
wheel===0.40.0 \\
    --hash=sha256:abc
-e git+https://example.org/x.git#egg=x
./local
a==1.0,<2
`;
    assert.deepEqual(briefly({ '/app/requirements.txt': text }), [
      'django@4.2.1 direct',
      'requests@2.31.0 direct',
      'wheel@0.40.0 direct',
      'zope-interface@6.0 direct',
    ]);
  });

  it('reads wheels that are named by their address', () => {
    const text = [
      'urllib3 @ https://files.example/a-b/urllib3-1.24.1-py2.py3-none-any.whl#sha256=00',
      'Django[bcrypt] @ file:///tmp/x/Django-2.2.0-1build-py3-none-any.whl',
      'https://example.com/lxml-4.6.0+local-cp311-cp311-manylinux_2_17_x86_64.whl ; python_version > "3"',
      'own @ https://example.com/own-1.0.tar.gz',
      'git+https://example.com/six.git@v1.0#egg=six-1.0-py3-none-any.whl',
      `x @ https://example.com/${'/a-1'.repeat(900)}`,
    ].join('\n');
    assert.deepEqual(briefly({ '/requirements.txt': text }), [
      'django@2.2.0 direct',
      'lxml@4.6.0+local direct',
      'urllib3@1.24.1 direct',
    ]);
  });

  it('takes compiled requirements not for direct ones and those for tests for development', () => {
    assert.deepEqual(briefly({ '/requirements/base.txt': 'six==1.16.0\n    # via attrs\n' }), ['six@1.16.0']);
    assert.deepEqual(briefly({ '/requirements-dev.txt': 'pytest==7.4.0\n' }), ['pytest@7.4.0 dev direct']);
  });

  it('reads poetry.lock, old and new', () => {
    const lock = `[[package]]
name = "Requests"
version = "2.31.0"
category = "main"

[[package]]
name = "pytest"
version = "7.4.0"
category = "dev"

[[package]]
name = "black"
version = "23.1.0"
groups = ["dev"]

[[package]]
name = "own"
version = "0.1.0"

[package.source]
type = "directory"
url = "."
`;
    assert.deepEqual(briefly({ '/poetry.lock': lock }), [
      'black@23.1.0 dev',
      'pytest@7.4.0 dev',
      'requests@2.31.0',
    ]);
  });

  it('reads uv.lock: direct ones, those for development, and not the project itself', () => {
    const lock = `version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "httpx" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "httpx"
version = "0.27.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "idna", marker = "x" }]

[[package]]
name = "idna"
version = "3.7"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "pytest"
version = "8.2.0"
source = { registry = "https://pypi.org/simple" }
`;
    assert.deepEqual(briefly({ '/uv.lock': lock }), [
      'httpx@0.27.0 direct',
      'idna@3.7',
      'pytest@8.2.0 dev direct',
    ]);
  });

  it('reads pdm.lock, Pipfile.lock and pylock.toml', () => {
    const pdm = '[[package]]\nname = "a"\nversion = "1.0"\ngroups = ["default", "dev"]\n';
    const pipenv =
      '{"default":{"b":{"version":"==2.0","index":"pypi"},"c":{"git":"x"}},"develop":{"d":{"version":"==3.0"}}}';
    const pylock =
      'lock-version = "1.0"\n[[packages]]\nname = "e"\nversion = "4.0"\n[[packages]]\nname = "f"\ndirectory = { path = "." }\n';
    assert.deepEqual(
      briefly({
        '/pdm.lock': pdm,
        '/Pipfile.lock': pipenv,
        '/pylock.toml': pylock,
        '/pylock.dev.toml': pylock,
      }),
      ['a@1.0', 'b@2.0 direct', 'd@3.0 dev', 'e@4.0'],
    );
  });

  it('reads installed wheels and eggs with the best licence they declare', () => {
    const site = '/usr/lib/python3/dist-packages';
    const result = analyzeFiles(pypiAnalyzer, {
      [`${site}/Jinja2-3.1.2.dist-info/METADATA`]:
        'Metadata-Version: 2.1\nName: Jinja2\nVersion: 3.1.2\nLicense: BSD-3-Clause\n\nName: not-a-header\n',
      [`${site}/six-1.16.0.egg-info`]:
        'Name: six\r\nVersion: 1.16.0\r\nLicense: UNKNOWN\r\nClassifier: License :: OSI Approved :: MIT License\r\n',
      [`${site}/x.egg-info/PKG-INFO`]:
        'Name: X_y.z\nVersion: 1\nLicense-Expression: MIT OR Apache-2.0\nLicense: Other\n',
      [`${site}/broken.dist-info/METADATA`]: '\n',
      [`${site}/lib/requirements.txt`]: 'not==1.0\n',
    });
    assert.deepEqual(
      result.packages.map((entry) => [entry.purl, entry.licenses]),
      [
        ['pkg:pypi/jinja2@3.1.2', ['BSD-3-Clause']],
        ['pkg:pypi/six@1.16.0', ['MIT License']],
        ['pkg:pypi/x-y-z@1', ['MIT OR Apache-2.0']],
      ],
    );
    assert.equal(result.problems.size, 0);
  });

  it('reports locks that are no TOML or JSON, or nest too deeply, as problems', () => {
    const files = {
      '/a/poetry.lock': '[[package]\nname=',
      '/b/Pipfile.lock': '{"default":',
      '/c/uv.lock': `package = ${'['.repeat(100_000)}`,
    };
    assert.deepEqual([...analyzeFiles(pypiAnalyzer, files).problems.keys()], Object.keys(files));
  });

  it('gives back every pin that was written, with its name as indexes write it', () => {
    const pin = fc.record({
      name: fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,10}[A-Za-z0-9])?$/),
      version: fc.stringMatching(/^[0-9](?:\.[0-9]{1,3}){0,3}(?:rc1|\.post2|\+local)?$/),
    });
    fc.assert(
      fc.property(pin, ({ name, version }) => {
        const { packages } = analyzeFiles(pypiAnalyzer, { '/requirements.txt': `${name}==${version}\n` });
        assert.deepEqual(
          packages.map((entry) => [entry.name, entry.version]),
          [
            [
              name
                .toLowerCase()
                .split(/[-_.]+/)
                .join('-'),
              version,
            ],
          ],
        );
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, whatever the content', () => {
    const path = fc.constantFrom(
      '/poetry.lock',
      '/uv.lock',
      '/Pipfile.lock',
      '/requirements.txt',
      '/x.dist-info/METADATA',
    );
    const part = fc.constantFrom(
      '[[package]]\n',
      'name = ',
      '"a"',
      '\n',
      'version',
      '==',
      '{',
      '[',
      'Name: ',
      '= "1"',
    );
    fc.assert(
      fc.property(path, fc.array(fc.oneof(part, fc.string()), { maxLength: 30 }), (path, parts) => {
        analyzeFiles(pypiAnalyzer, { [path]: parts.join('') });
      }),
      { numRuns: 300 },
    );
  });
});
