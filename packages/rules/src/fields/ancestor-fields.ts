// proc.a*: with [N] the N-th ancestor (0 is the process itself), without it any ancestor.
import type { Thread } from '@guardcell/core';
import {
  argumentField,
  type FieldDefinition,
  type FieldOptions,
  known,
  type Scalar,
  type ValueType,
} from './field.ts';
import { ancestor, commandLine, ofAncestors } from './thread-walk.ts';

const RESTRICTED: FieldOptions = { noRightSide: true, noTransformer: true };

function ancestorField(
  name: string,
  type: ValueType,
  doc: string,
  read: (thread: Thread) => Scalar | undefined,
  options: FieldOptions = RESTRICTED,
): FieldDefinition {
  return argumentField(
    name,
    type,
    doc,
    'optional',
    (argument) => {
      if (argument === undefined) {
        return { type, multiplicity: 'any', extract: (event) => ofAncestors(event.thread, read) };
      }
      if (!/^\d{1,4}$/.test(argument)) return { problem: `${name} takes a number, not '${argument}'` };
      const steps = Number(argument);
      return {
        type,
        multiplicity: 'one',
        extract: (event) => {
          const found = ancestor(event.thread, steps);
          return found === undefined ? undefined : read(found);
        },
      };
    },
    options,
  );
}

export const ANCESTOR_FIELDS: readonly FieldDefinition[] = [
  ancestorField('proc.aname', 'string', 'Name of an ancestor.', (thread) => thread.comm),
  ancestorField('proc.aexe', 'string', 'argv[0] of an ancestor.', (thread) => thread.exe),
  ancestorField('proc.aexepath', 'string', 'Executable of an ancestor.', (thread) => known(thread.exePath)),
  ancestorField('proc.acmdline', 'string', 'Name and arguments of an ancestor.', commandLine),
  ancestorField('proc.aargs', 'string', 'Arguments of an ancestor.', (thread) => thread.args.join(' '), {}),
  ancestorField('proc.apid', 'int', 'Process id of an ancestor.', (thread) => thread.pid),
  argumentField(
    'proc.aenv',
    'string',
    'Environment of any ancestor; [NAME] for one variable, [N] for all of the N-th ancestor.',
    'optional',
    (argument) => {
      if (argument !== undefined && /^\d{1,4}$/.test(argument)) {
        const steps = Number(argument);
        return (event) => ancestor(event.thread, steps)?.env.join(' ');
      }
      const prefix = argument === undefined ? undefined : `${argument}=`;
      return {
        type: 'string',
        multiplicity: 'any',
        extract: (event) =>
          ofAncestors(event.thread, (thread) =>
            prefix === undefined
              ? thread.env.join(' ')
              : thread.env.find((entry) => entry.startsWith(prefix))?.slice(prefix.length),
          ),
      };
    },
    RESTRICTED,
  ),
];
