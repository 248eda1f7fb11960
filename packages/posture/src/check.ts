// What a check is: texts in two languages, a function over one kind of document, and two examples that are its tests.
import type { Severity } from '@guardcell/core';
import type { AccountFile, FileFact, ImageSettings } from './artifact/facts.ts';
import type { Dockerfile } from './parse/dockerfile.ts';
import type { Jenkinsfile } from './parse/jenkinsfile.ts';
import type { KubernetesFile } from './parse/kubernetes.ts';
import type { Tree } from './parse/yaml-tree.ts';

/** A pipeline or compose file: one tree for each document, and the path it has in its repository. */
export interface YamlFile {
  readonly path: string;
  readonly documents: readonly Tree[];
}

export interface Documents {
  readonly dockerfile: Dockerfile;
  readonly kubernetes: KubernetesFile;
  readonly compose: YamlFile;
  readonly 'github-actions': YamlFile;
  readonly 'gitlab-ci': YamlFile;
  readonly jenkinsfile: Jenkinsfile;
  /** What an image says of itself. */
  readonly image: ImageSettings;
  /** Files and folders of a system that stand out. */
  readonly files: readonly FileFact[];
  readonly accounts: AccountFile;
}
export type PostureKind = keyof Documents;

/** A place that breaks the check; lines count from 1, and are 0 where they do not matter. */
export interface Hit {
  /** Where that is another path than the document's. */
  readonly path?: string;
  /** diffID of the layer that brought it about. */
  readonly layer?: string;
  readonly startLine: number;
  readonly endLine: number;
  /** What exactly is there; empty: the title says it all. */
  readonly detail: string;
}

export type Text = readonly [en: string, zh: string];

export interface Check<K extends PostureKind> {
  /** `GC-DOCKER-001`, never reused. */
  readonly id: string;
  readonly kind: K;
  readonly severity: Severity;
  /** What is wrong, as a sentence without a full stop. */
  readonly title: Text;
  /** What to do about it. */
  readonly fix: Text;
  find(document: Documents[K]): readonly Hit[];
  /** A file without a hit, and one with at least one. */
  readonly good: string;
  readonly bad: string;
}
export type AnyCheck = { readonly [K in PostureKind]: Check<K> }[PostureKind];

/** A hit at anything that knows its lines. */
export function hit(place: { readonly startLine: number; readonly endLine: number }, detail = ''): Hit {
  return { startLine: place.startLine, endLine: place.endLine, detail };
}
