// Where runtimes keep images, from what is mounted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageStores } from './image-stores.ts';

test('stores of docker, containerd and podman are found wherever they are', () => {
  const mounts = [
    '36 25 8:1 / / rw - ext4 /dev/sda1 rw',
    '90 36 0:50 / /data/docker/overlay2/ab/merged rw - overlay overlay rw,lowerdir=/data/docker/overlay2/l/X,upperdir=/data/docker/overlay2/ab/diff,workdir=/data/docker/overlay2/ab/work',
    '91 36 0:51 / /run/x/rootfs rw - overlay overlay rw,upperdir=/big\\040disk/ctd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs,lowerdir=/a',
    '92 36 0:52 / /m rw - overlay overlay rw,lowerdir=/a,upperdir=/var/lib/containers/storage/overlay/cd/diff,workdir=/w',
    '93 36 0:53 / /live rw - overlay overlay rw,lowerdir=/ro,upperdir=/cow/upper,workdir=/cow/work',
  ].join('\n');
  assert.deepEqual(
    [...imageStores(mounts)],
    ['/data/docker', '/big disk/ctd', '/var/lib/containers/storage'],
  );
});
