// Pausing and resuming: the runtime does it where it can, so that it knows; the cgroup freezer does it where not.
import type { Container, EnforcementRung } from '@guardcell/core';
import { errorFacts } from '@guardcell/kit';
import type { ActionContext, EnforcementResult } from './action-plugin.ts';
import { type Freezer, freezerOf, isFrozen, probeFreezer, setFrozen } from './mechanisms/cgroup-freezer.ts';
import { failed, failedWith, skipped, succeeded } from './results.ts';

type Verb = 'pause' | 'resume';

const DONE: Readonly<Record<Verb, string>> = { pause: 'paused', resume: 'running again' };

/** Runtime and kernel may differ when something else froze the container; each is asked for what it knows. */
function isPaused(container: Container, freezer: Freezer | undefined): boolean {
  return freezer === undefined ? container.state === 'paused' : isFrozen(freezer);
}

async function throughRuntime(
  verb: Verb,
  container: Container,
  context: ActionContext,
  signal: AbortSignal,
): Promise<{ readonly mechanism: string; readonly problem: string }> {
  let problem = '';
  for (const control of context.inventory.controlsOf(container.id)) {
    const act = verb === 'pause' ? control.pause : control.resume;
    if (act === undefined) continue;
    try {
      await act(container.id, signal);
      return { mechanism: control.mechanism, problem: '' };
    } catch (error) {
      problem = errorFacts(error).message;
      context.logger.warn('container runtime refused', {
        verb,
        mechanism: control.mechanism,
        id: container.id,
        problem,
      });
    }
  }
  return { mechanism: '', problem };
}

/** Brings a container to a standstill or lets it go on. Succeeds when it is in that state already. */
export async function freezeContainer(
  verb: Verb,
  container: Container,
  context: ActionContext,
  signal: AbortSignal,
): Promise<EnforcementResult> {
  const wanted = verb === 'pause';
  if (container.pid === 0 || container.state === 'exited' || container.state === 'created') {
    return skipped('GC_TARGET_NOT_RUNNING', `the container is ${container.state}, not running`);
  }
  const freezer = freezerOf(container.pid, container.id);
  if (isPaused(container, freezer) === wanted && (container.state === 'paused') === wanted) {
    return succeeded('', `the container is already ${DONE[verb]}`);
  }
  const runtime = await throughRuntime(verb, container, context, signal);
  if (freezer === undefined) {
    if (runtime.mechanism === '') {
      return failed(
        'GC_FREEZE_FAILED',
        runtime.problem || 'neither a runtime nor the cgroup freezer can do it',
      );
    }
    const now = await context.inventory.refresh(container.id);
    return (now?.state === 'paused') === wanted
      ? succeeded(runtime.mechanism, `the container is ${DONE[verb]}`)
      : failed('GC_FREEZE_FAILED', `the container is ${now?.state ?? 'gone'} afterwards`, runtime.mechanism);
  }
  if (isFrozen(freezer) === wanted) {
    const mechanism = runtime.mechanism || 'cgroup-freezer';
    void context.inventory.refresh(container.id);
    return succeeded(mechanism, `the container is ${DONE[verb]}`);
  }
  try {
    await setFrozen(freezer, wanted, signal);
    const reason = runtime.problem === '' ? '' : `; its runtime said: ${runtime.problem}`;
    return succeeded('cgroup-freezer', `the container is ${DONE[verb]}${reason}`);
  } catch (error) {
    return failedWith(error, 'cgroup-freezer');
  }
}

/** What pausing and resuming will use here. */
export async function probeFreeze(verb: Verb, context: ActionContext): Promise<EnforcementRung> {
  const connected = context.inventory.reports().filter((report) => report.connected);
  const runtimes = ['docker', 'containerd'].filter((name) =>
    connected.some(({ runtime }) => runtime === name),
  );
  const freezer = await probeFreezer();
  const [first] = runtimes;
  if (first !== undefined) {
    const fallback = freezer.works ? `falls back to the ${freezer.detail}` : `no fallback: ${freezer.detail}`;
    return {
      action: verb,
      mechanism: `${first}-api`,
      available: true,
      detail: `Through ${first}; ${fallback}.`,
    };
  }
  return {
    action: verb,
    mechanism: freezer.works ? 'cgroup-freezer' : '',
    available: freezer.works,
    detail: freezer.works
      ? `No runtime is connected that can ${verb}; the ${freezer.detail} is used.`
      : `Neither a runtime nor the freezer works: ${freezer.detail}. Run Guardcell as root on the host.`,
  };
}
