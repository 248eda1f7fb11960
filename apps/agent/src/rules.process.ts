// Reads rule files in a process of its own, which ends afterwards and takes all the memory with it that reading took:
// however large and hostile they are, the agent stays small. Builds the engine once, as the sensor worker will, to find
// out whether that does any harm there.
import { serialize } from 'node:v8';
import { errorFacts } from '@guardcell/kit';
import { createEngine, loadOfPortable, syntheticEvent } from '@guardcell/rules';
import { loadPolicy, prepareRules, rulesReport } from './prepared-rules.ts';
import { type LoaderReply, type LoaderTask, RESULT_MAX_BYTES, STALL_MAX_MS } from './rule-loader.ts';
import { trialLoad } from './trial.ts';

/** CPU time of this thread, ms; a busy machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function prepared(task: LoaderTask): LoaderReply {
  const load = task.kind === 'trial' ? trialLoad(task.command, task.policy) : loadPolicy(task.policy);
  const rules = prepareRules(load);
  const bytes = serialize(rules);
  if (bytes.length > RESULT_MAX_BYTES) {
    return { ok: false, why: `with lists and macros in place the rules take ${bytes.length} bytes` };
  }
  const engine = createEngine(loadOfPortable(rules.load));
  for (const type of engine.eventTypes) {
    const beforeMs = cpuMs();
    engine.evaluate(syntheticEvent({ type }), () => undefined);
    const tookMs = cpuMs() - beforeMs;
    if (tookMs > STALL_MAX_MS) {
      return { ok: false, why: `the rules for ${type} take ${Math.round(tookMs)} ms to prepare` };
    }
  }
  return { ok: true, bytes, report: rulesReport(task.policy.revision, load) };
}

process.once('message', (task: LoaderTask) => {
  let reply: LoaderReply;
  try {
    reply = prepared(task);
  } catch (thrown) {
    reply = { ok: false, why: errorFacts(thrown).message };
  }
  // The agent may be gone.
  process.once('disconnect', () => process.exit(0));
  process.send?.(reply, () => process.exit(0));
});
