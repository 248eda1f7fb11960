// The shape of a state handler: what an event changes in the captured machine.
import type { ReplayedEvent } from '../read/replayed-event.ts';

/** Called before the event is delivered. */
export type StateHandler = (event: ReplayedEvent) => void;
