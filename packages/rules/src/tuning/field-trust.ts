// Who decides what a field says. An exception is only as good as the fields it stands on: what an attacker writes
// himself (a process name, a command line) hides whatever he does when it stands alone.

/**
 * `assigned`: by whoever deploys (image, namespace, identity). `observed`: by the kernel or the API server from what
 * really happened (path of the executable, file, address). `claimed`: by the process or client itself.
 */
export type FieldTrust = 'assigned' | 'observed' | 'claimed';

const ASSIGNED: ReadonlySet<string> = new Set([
  'container.id',
  'container.image',
  'container.image.repository',
  'container.image.digest',
  'container.name',
  'k8s.ns.name',
  'ka.user.name',
  'ka.target.namespace',
]);

const OBSERVED =
  /^(?:evt\.(?:type|arg|res)|proc\.p?exepath|proc\.aexepath|proc\.is_exe_|fd\.(?!nameraw)|fs\.path\.(?!.*raw)|user\.uid|user\.loginuid|ka\.(?:verb|uri|target|response|req|resp|auth))/;

/** Unknown fields count as claimed. */
export function fieldTrust(field: string): FieldTrust {
  if (ASSIGNED.has(field)) return 'assigned';
  return OBSERVED.test(field) ? 'observed' : 'claimed';
}

const WRITABLE = /^\/(?:tmp|var\/tmp|dev\/shm|run\/user|proc\/self|home)(?:\/|$)/;

/** Whether anybody, or the user himself, may put files there. */
export function isWritableByMany(path: string): boolean {
  return WRITABLE.test(path);
}

const INTERPRETERS: ReadonlySet<string> = new Set(
  'sh bash dash ash zsh ksh busybox env xargs perl ruby node php lua java awk gawk mawk sed'.split(' '),
);

/** Programs that do whatever their arguments say. */
export function isInterpreter(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return INTERPRETERS.has(name) || /^(?:python|perl|ruby|php|node|lua)[\d.]*$/.test(name);
}
