import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError } from '@guardcell/kit';
import { refuseForeignKind, withLocalHint } from './image-hints.ts';

test('kinds of references that only others have are refused instead of asked for at a registry', () => {
  for (const reference of ['dir:.', 'podman:web', 'oci-dir:out', 'file:web.tar', 'docker-daemon:web'])
    assert.throws(() => refuseForeignKind(reference), { code: 'GC_USAGE', at: reference });
  // Names of images: the registry program, hosts with ports.
  for (const reference of ['registry:2', 'nginx:1.27', 'dir.example.com:5000/a', 'localhost:5000/file:1'])
    refuseForeignKind(reference);
});

test('an image that is not found and lies here as a file or folder is told by its own name', () => {
  const hintOf = (code: string, reference: string, hint = '') => {
    const error = withLocalHint(new CodedError(code, 'not there', { hint }), reference);
    return error instanceof CodedError ? error.hint : undefined;
  };
  const [file, folder] = [import.meta.filename, import.meta.dirname];
  assert.match(hintOf('GC_REGISTRY_UNREACHABLE', file) ?? '', new RegExp(`docker-archive:${file}`));
  assert.match(hintOf('GC_IMAGE_REFERENCE', folder, 'Write …') ?? '', new RegExp(`oci:${folder}`));
  assert.match(hintOf('GC_REGISTRY_UNREACHABLE', 'web') ?? '', /docker:web/);
  assert.equal(hintOf('GC_IMAGE_NOT_FOUND', 'web', 'As it was.'), 'As it was.');
  assert.equal(hintOf('GC_IMAGE_LAYER', file, 'As it was.'), 'As it was.');
});
