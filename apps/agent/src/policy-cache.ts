// The last policy the server gave, on disk, so that detection goes on when the agent restarts without the server.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DesiredPolicy } from '@guardcell/core';
import { errorFacts, type Logger, systemErrorCode } from '@guardcell/kit';

export interface PolicyCache {
  load(): DesiredPolicy | undefined;
  save(policy: DesiredPolicy): void;
}

export function openPolicyCache(dataDir: string, logger: Logger): PolicyCache {
  const file = join(dataDir, 'policy.json');
  return {
    load() {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as DesiredPolicy;
      } catch (thrown) {
        if (systemErrorCode(thrown) !== 'ENOENT') {
          logger.warn('the cached policy is unreadable; waiting for the server', { ...errorFacts(thrown) });
        }
        return undefined;
      }
    },
    save(policy) {
      try {
        writeFileSync(`${file}.new`, JSON.stringify(policy), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch (thrown) {
        logger.warn('the policy could not be cached', { ...errorFacts(thrown) });
      }
    },
  };
}
