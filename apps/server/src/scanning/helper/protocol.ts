// What the server and its helper processes say to each other, over the pipe that Node opens between them.
import type { ErrorFacts } from '@guardcell/kit';
import type { HelperWork, WorkName } from './work-types.ts';

export type ToHelper =
  | { readonly kind: 'call'; readonly id: number; readonly name: WorkName; readonly input: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ask: number; readonly value: unknown }
  | { readonly kind: 'abort'; readonly id: number };

export type FromHelper =
  /** The work hands something over, and goes on when it is answered: so nothing piles up on either side. */
  | { readonly kind: 'ask'; readonly id: number; readonly ask: number; readonly value: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorFacts };

/** What a piece of work gets besides its input. */
export interface WorkContext<Name extends WorkName> {
  ask(value: HelperWork[Name]['ask']): Promise<HelperWork[Name]['answer']>;
  readonly signal: AbortSignal;
}

export type Work<Name extends WorkName> = (
  input: HelperWork[Name]['input'],
  context: WorkContext<Name>,
) => Promise<HelperWork[Name]['output']>;
