import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../../testing/sample-report.ts';
import { reportFormat } from '../registry.ts';

type Json = Readonly<Record<string, unknown>>;

function written(id: string, report = SAMPLE_REPORT): unknown {
  return JSON.parse([...(reportFormat(id)?.write(report, { toolVersion: '1.2.3' }) ?? [])].join(''));
}

function security(id: string): { readonly scan: Json; readonly vulnerabilities: readonly Json[] } {
  return written(id) as { readonly scan: Json; readonly vulnerabilities: readonly Json[] };
}

describe('GitLab reports', () => {
  it('code quality has what GitLab asks of an entry, with paths of a repository', () => {
    const entries = written('gitlab-codequality') as readonly Json[];
    assert.equal(entries.length, 8);
    for (const entry of entries) {
      assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(String(entry['severity'])));
      const location = entry['location'] as {
        readonly path: string;
        readonly lines: { readonly begin: number };
      };
      assert.doesNotMatch(location.path, /^\.?\//);
      assert.ok(location.lines.begin >= 1);
      for (const name of ['description', 'check_name', 'fingerprint'])
        assert.ok(String(entry[name]).length > 0);
    }
    assert.deepEqual(written('gitlab-codequality', EMPTY_REPORT), []);
  });

  it('container scanning names image, system, package and identifiers of open findings', () => {
    const { scan, vulnerabilities } = security('gitlab-container');
    assert.equal(scan['type'], 'container_scanning');
    assert.match(String(scan['start_time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    assert.equal(vulnerabilities.length, 4);
    assert.deepEqual(vulnerabilities[0]?.['location'], {
      dependency: { package: { name: 'org.apache.logging.log4j:log4j-core' }, version: '2.14.1' },
      operating_system: 'debian 12',
      image: 'registry.example.org/shop/web:1.2',
    });
    const identifiers = vulnerabilities[0]?.['identifiers'] as readonly Json[];
    assert.deepEqual(
      identifiers.map((entry) => entry['type']),
      ['cve', 'ghsa'],
    );
    assert.equal(new Set(vulnerabilities.map((entry) => entry['id'])).size, 4);
  });

  it('secret detection has open secrets only, dependency scanning the file of the package', () => {
    const secrets = security('gitlab-secrets').vulnerabilities;
    assert.equal(secrets.length, 1);
    assert.deepEqual(secrets[0]?.['location'], {
      file: 'app/.env',
      commit: { sha: '0000000' },
      start_line: 3,
      end_line: 3,
    });
    const [first] = security('gitlab-dependency').vulnerabilities;
    assert.equal((first?.['location'] as Json | undefined)?.['file'], 'opt/app.jar');
  });
});
