// What hosts, and actions on them, say of themselves, in Chinese. Codes, names and what other programs print stay.
import type { Status } from '@guardcell/contract';
import type { ActionRecord } from '@guardcell/core';
import { phraseIn } from '@guardcell/kit';
import { withProblemsInChinese } from './rules-in-chinese.ts';
import { saidIn } from './said-in.ts';
import { REASONS, RESULTS } from './texts/action-texts.ts';
import { HOST_TEXTS } from './texts/host-texts.ts';

/** Of agents, and of the actions that they can or cannot carry out. */
const OF_HOSTS = [...HOST_TEXTS, ...RESULTS];

function detailed<Item extends { readonly detail: string }>(item: Item): Item {
  return { ...item, detail: saidIn(item.detail, OF_HOSTS) };
}

/** Why it was done is put into Chinese when a rule did it; what people wrote stays. */
export function actionInChinese(record: ActionRecord): ActionRecord {
  return { ...record, detail: saidIn(record.detail, RESULTS), reason: phraseIn(record.reason, REASONS) };
}

export function statusInChinese(status: Status): Status {
  return {
    ...status,
    sensor: detailed(status.sensor),
    store: detailed(status.store),
    rules: withProblemsInChinese(status.rules),
    responses: withProblemsInChinese(status.responses),
    agents: status.agents.map((agent) => ({
      ...agent,
      sensor: detailed(agent.sensor),
      runtimes: agent.runtimes.map(detailed),
      rungs: agent.rungs.map(detailed),
      rules: withProblemsInChinese(agent.rules),
    })),
  };
}
