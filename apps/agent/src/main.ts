// Entry of the agent process. `guardcell up` starts it and listens to what it says over IPC.
import { setPriority } from 'node:os';
import { errorFacts, processLogger } from '@guardcell/kit';
import { startAgent } from './agent.ts';
import { parseAgentOptions } from './options.ts';

const AGENT_NICENESS = -10;

const logger = processLogger({ process: 'agent' });

function say(message: object): void {
  if (process.connected) process.send?.(message);
}

try {
  // The ring must be drained while the machine is busy; only root may ask for that.
  if (process.getuid?.() === 0) setPriority(AGENT_NICENESS);
} catch (thrown) {
  logger.debug('the agent runs at normal priority', { ...errorFacts(thrown) });
}

try {
  const agent = startAgent(parseAgentOptions(process.env['GUARDCELL_AGENT_OPTIONS']), logger);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), 3500).unref();
    agent.stop().then(
      () => process.exit(0),
      (thrown: unknown) => {
        logger.error('the agent did not stop cleanly', { ...errorFacts(thrown) });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  void agent.ready.then(({ sensor, rules }) => say({ kind: 'ready', sensor, rules }));
} catch (thrown) {
  const facts = errorFacts(thrown);
  logger.error('the agent cannot start', { ...facts });
  say({ kind: 'failed', ...facts });
  process.exitCode = 1;
}
