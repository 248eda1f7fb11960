// What a handler of the fake API is given, and the table of them.
import type { RouteName } from '@guardcell/contract';
import type { FakeSession } from './state.ts';

export interface FakeCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Who asks; undefined on public routes only. */
  readonly session: FakeSession | undefined;
  /** The token of the cookie that was sent. */
  readonly token: string;
  setCookie(token: string): void;
  hint(name: 'action' | 'container' | 'status' | 'scan', data: unknown): void;
}

export type FakeHandlers = Readonly<Record<Exclude<RouteName, 'streamEvents'>, (call: FakeCall) => unknown>>;
