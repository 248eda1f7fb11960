import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isImageFailure } from './failures.ts';
import { fullName, parseReference, parseRegistryReference } from './reference.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

test('short names are of the Docker Hub, hosts are told by dot, port or localhost', () => {
  const names = {
    nginx: 'docker.io/library/nginx:latest',
    'team/app:1.2': 'docker.io/team/app:1.2',
    'docker.io/nginx': 'docker.io/library/nginx:latest',
    'index.docker.io/nginx:1': 'docker.io/library/nginx:1',
    'localhost/app': 'localhost/app:latest',
    'localhost:5000/a/b/c:x': 'localhost:5000/a/b/c:x',
    '[::1]:5000/app': '[::1]:5000/app:latest',
    'ghcr.io/org/app__x--y.z:V_1': 'ghcr.io/org/app__x--y.z:V_1',
    [`registry.example/app:1@${DIGEST}`]: `registry.example/app@${DIGEST}`,
  };
  for (const [text, full] of Object.entries(names))
    assert.equal(fullName(parseRegistryReference(text)), full);
});

test('local places keep everything after their prefix', () => {
  assert.deepEqual(parseReference('docker-archive:/a b/c:d.tar'), {
    kind: 'docker-archive',
    text: '/a b/c:d.tar',
  });
  assert.deepEqual(parseReference('oci:./x@1'), { kind: 'oci', text: './x@1' });
  assert.deepEqual(parseReference('docker:app:1'), { kind: 'docker', text: 'app:1' });
});

test('what is no name is refused', () => {
  const wrong = [
    '',
    'oci:',
    'App',
    'a//b',
    'a/../b',
    'app:',
    'app:a b',
    'app@sha256:12',
    'http://x/y',
    'x?y',
    'a\0b',
  ];
  for (const text of wrong) {
    assert.throws(() => parseReference(text), { code: 'GC_IMAGE_REFERENCE' }, text);
  }
});

test('any text is read or refused with our error, and what is read makes a safe path', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.stringMatching(/^[a-z:/@.[\]0-9-]{1,40}$/)), (text) => {
      try {
        const parsed = parseReference(text);
        if (parsed.kind === 'registry') assert.doesNotMatch(parsed.repository, /\.\.|\/\/|[?#\s%]/);
      } catch (error) {
        assert.ok(isImageFailure(error));
      }
    }),
  );
});
