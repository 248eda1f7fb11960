// A container starts, and soon the platform says which packages of its image are in use.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { probeKernel } from '@guardcell/sensor';
import { ensureDocker, runContainer } from '../support/docker.ts';
import { ensureInUseImage, inUseImageProblem } from '../support/in-use-image.ts';
import { callApi, eventually, startPlatform } from '../support/platform.ts';
import { command } from '../support/run-command.ts';

interface Page<Item> {
  readonly items: readonly Item[];
}

function reasonToSkip(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!probeKernel().ok) return 'this kernel cannot run the sensor';
  return inUseImageProblem() || false;
}

describe('packages in use on the platform', { skip: reasonToSkip() }, () => {
  test('a container that has just started is scanned, and each package has its grade', async (t) => {
    const docker = await ensureDocker();
    if (!docker.available) return t.skip(docker.reason);
    t.after(() => docker.stop());
    const image = await ensureInUseImage();
    const imageId = (await command('docker', ['image', 'inspect', '--format', '{{.Id}}', image])).trim();
    await using platform = await startPlatform();
    await using _container = await runContainer({
      image,
      args: [],
      name: 'gc-e2e-in-use',
      command: ['/bin/sh', '-c', 'curl --version; python3.11 -c "import used"; exec /bin/busybox sleep 1000'],
    });
    await eventually('the image is known by its digest', 90_000, async () => {
      const { items } = await callApi<Page<{ id: string }>>(platform, 'GET', '/api/v1/artifacts');
      return items.find(({ id }) => id === imageId);
    });
    const path = `/api/v1/artifacts/${encodeURIComponent(imageId)}/packages?limit=200`;
    const grades = await eventually('its packages have grades', 90_000, async () => {
      const { items } = await callApi<Page<{ package: { purl: string }; inUse: string }>>(
        platform,
        'GET',
        path,
      );
      const found = new Map(items.map((one) => [one.package.purl.replace(/@.*/, ''), one.inUse]));
      return found.get('pkg:deb/debian/curl') === 'executed' ? found : undefined;
    });
    assert.equal(grades.get('pkg:deb/debian/libssl3'), 'loaded');
    assert.equal(grades.get('pkg:pypi/used'), 'opened');
    assert.equal(grades.get('pkg:pypi/unused'), 'untouched');
    assert.equal(grades.get('pkg:deb/debian/openssl'), 'untouched');
  });
});
