// user.* and group.*: names come from the environment, because they live in files of host and containers.
import { type FieldDefinition, plainField } from './field.ts';

const UNSET_LOGIN = 4_294_967_295;

function loginUid(uid: number): number {
  return uid === UNSET_LOGIN ? -1 : uid;
}

export const USER_FIELDS: readonly FieldDefinition[] = [
  plainField('user.uid', 'uint32', 'User id of the thread.', (e) => e.thread.uid),
  plainField('user.name', 'string', 'Name of the user.', (e, env) =>
    env.userName(e.thread.uid, e.thread.container),
  ),
  plainField('user.homedir', 'string', 'Home directory of the user.', (e, env) =>
    env.userHome(e.thread.uid, e.thread.container),
  ),
  plainField('user.shell', 'string', 'Login shell of the user.', (e, env) =>
    env.userShell(e.thread.uid, e.thread.container),
  ),
  plainField('user.loginuid', 'int', 'User who logged in (audit uid), −1 when unset.', (e) =>
    loginUid(e.thread.loginUid),
  ),
  plainField('user.loginname', 'string', 'Name of the user who logged in.', (e, env) => {
    const uid = loginUid(e.thread.loginUid);
    return uid < 0 ? undefined : env.userName(uid, e.thread.container);
  }),
  plainField('group.gid', 'uint32', 'Group id of the thread.', (e) => e.thread.gid),
  plainField('group.name', 'string', 'Name of the group.', (e, env) =>
    env.groupName(e.thread.gid, e.thread.container),
  ),
];
