// The words for roles, actions and their states, as the console has them, and the sentences that are made of them.
import type { Phrase } from '@guardcell/kit';

const ROLES: Readonly<Record<string, string>> = {
  admin: '管理员',
  responder: '处置员',
  viewer: '查看者',
  'audit-ingest': '审计接入',
};
const ACTIONS: Readonly<Record<string, string>> = {
  notify: '通知',
  kill: '终止进程',
  pause: '暂停',
  resume: '恢复运行',
  stop: '停止',
  quarantine: '隔离网络',
  release: '解除隔离',
};
const STATES: Readonly<Record<string, string>> = {
  pending: '等待中',
  succeeded: '成功',
  failed: '失败',
  skipped: '已跳过',
  'dry-run': '演练',
  undone: '已撤销',
  unknown: '未知',
};

const role = (word = ''): string => ROLES[word] ?? word;
/** What an action is called; as it is when it is none. */
export const actionWord = (word = ''): string => ACTIONS[word] ?? word;

/** What a role may not do, and what can be undone. */
export const REFUSALS: readonly Phrase[] = [
  [
    /^this needs the role (\S+); yours is (\S+)$/,
    (wanted, own) => `需要“${role(wanted)}”角色，您的角色是“${role(own)}”`,
  ],
  [/^This (\S+) is undone already\.$/, (action) => `该动作（${actionWord(action)}）已经撤销。`],
  [/^A (\S+) cannot be undone\.$/, (action) => `动作“${actionWord(action)}”无法撤销。`],
  [
    /^This (\S+) was not carried out \((\S+)\), so there is nothing to undo\.$/,
    (action, state = '') =>
      `该动作（${actionWord(action)}）没有执行（${STATES[state] ?? state}），无需撤销。`,
  ],
];
