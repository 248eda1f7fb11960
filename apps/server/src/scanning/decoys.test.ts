// Images that are made to hide something from whoever is told of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert, MalwareFinding, SecretFinding } from '@guardcell/core';
import { sampleReport, sampleUpload } from '../testing/sample-scans.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

async function alertsAfter(server: TestServer, upload: unknown): Promise<readonly Alert[]> {
  assert.equal((await server.agent('POST', '/agent/v1/scans', upload)).status, 204);
  await server.server.platform.scanning.idle();
  await server.server.settled();
  return (await server.call('/api/v1/events?limit=200')).json.items as Alert[];
}

test('decoys hide neither malware nor secrets: of many there is one alert that counts them', async () => {
  await using server = await startTestServer();
  const decoys = Array.from(
    { length: 30 },
    (_, at): MalwareFinding => ({
      rule: `decoy-${at}`,
      severity: 'low',
      path: `/tmp/decoy-${at}/${'\u{1f600}'.repeat(1500)}`,
      sha256: '',
    }),
  );
  const malware: MalwareFinding[] = [
    ...decoys,
    { rule: 'miner', severity: 'critical', path: '/usr/bin/x', sha256: 'ff' },
  ];
  const secret: SecretFinding = {
    rule: 'aws',
    title: 'A key',
    severity: 'critical',
    path: '/k',
    line: 3,
    excerpt: 'A…',
  };
  const upload = sampleUpload(sampleReport({ malware, secrets: [secret] }));
  const told = await alertsAfter(server, upload);
  assert.deepEqual(
    told.map(({ rule, severity, event, outputFields }) => [
      rule,
      severity,
      event.type,
      outputFields['malware.count'],
    ]),
    [
      ['Secret in an image', 'critical', 'secret', undefined],
      ['Malware in an image', 'critical', 'malware', 31],
    ],
  );
  assert.equal(told[1]?.outputFields['malware.rule'], 'miner', 'the worst is named');
  assert.equal((await alertsAfter(server, upload)).length, 2, 'a second scan tells nothing again');
});
