// The form of the tables in this folder: by code, what happened, and the sentences that say more of it.

import type { Sentences } from '@guardcell/kit';

export interface RemarkText {
  /** What the code says by itself; goes before a message whose form is not known. */
  readonly title: string;
  readonly messages?: Sentences;
  /** What may stand behind the first colon of a message. */
  readonly details?: Sentences;
}

export type RemarkTexts = Readonly<Record<`GC_${string}`, RemarkText>>;
