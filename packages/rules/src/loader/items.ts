// The items of rule files as typed data, before they act on each other.
import type { Priority } from '@guardcell/core';
import type { PluginRequirement } from './plugin-versions.ts';
import type { Place, SourceText } from './source-text.ts';

export type OverrideMode = 'append' | 'replace';

export interface Translated {
  readonly en?: string;
  readonly zh?: string;
}

/** The rule's `guardcell:` key. */
export interface RuleMeta {
  readonly id?: string;
  readonly title?: Translated;
  readonly description?: Translated;
  readonly advice?: Translated;
}

/** A tuple element is one text or a list of texts. */
export type ExceptionValue = string | readonly string[];

export interface ExceptionItem {
  readonly name: string;
  readonly place: Place;
  /** Undefined when an append names only values. */
  readonly fields: readonly string[] | undefined;
  /** The fields were given as one text: values are then a flat list. */
  readonly scalarField: boolean;
  readonly comps: readonly string[] | undefined;
  readonly values: readonly (readonly ExceptionValue[])[];
}

interface ItemBase {
  readonly name: string;
  readonly place: Place;
  readonly append: boolean;
  readonly override: ReadonlyMap<string, OverrideMode>;
}

export interface ListItem extends ItemBase {
  readonly kind: 'list';
  readonly items: readonly string[];
}

export interface MacroItem extends ItemBase {
  readonly kind: 'macro';
  readonly condition: SourceText;
}

export interface RuleItem extends ItemBase {
  readonly kind: 'rule';
  readonly condition: SourceText | undefined;
  readonly output: string | undefined;
  readonly outputPlace: Place;
  readonly description: string | undefined;
  readonly priority: Priority | undefined;
  readonly source: string | undefined;
  readonly enabled: boolean | undefined;
  readonly warnEventTypes: boolean | undefined;
  readonly skipIfUnknownFilter: boolean | undefined;
  readonly capture: boolean | undefined;
  readonly captureDurationMs: number | undefined;
  readonly tags: readonly string[] | undefined;
  readonly exceptions: readonly ExceptionItem[] | undefined;
  readonly meta: RuleMeta | undefined;
}

export interface EngineVersionItem {
  readonly kind: 'engine-version';
  readonly version: string;
  readonly place: Place;
}

export interface PluginVersionsItem {
  readonly kind: 'plugin-versions';
  /** All must be satisfied; each by one of its alternatives. */
  readonly requirements: readonly {
    readonly alternatives: readonly PluginRequirement[];
    readonly place: Place;
  }[];
}

export type Item = ListItem | MacroItem | RuleItem | EngineVersionItem | PluginVersionsItem;
