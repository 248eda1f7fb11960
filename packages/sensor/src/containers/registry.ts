// The table of container runtimes. What stands first is believed first when two know the same container.
import type { RuntimePlugin } from './runtime-plugin.ts';
import { containerdRuntime } from './runtimes/containerd/index.ts';
import { criRuntime } from './runtimes/cri/index.ts';
import { dockerRuntime } from './runtimes/docker/index.ts';

export const RUNTIMES: readonly RuntimePlugin[] = [dockerRuntime, criRuntime, containerdRuntime];
