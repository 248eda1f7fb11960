// Registries that the platform scans, and the jobs that do it.
import { Type } from 'typebox';
import { OneOf, Page, TimeSchema } from './primitives.ts';

const Globs = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 100, description });

export const RegistryInputSchema = Type.Object({
  /** `https://registry.example.com` or `http://127.0.0.1:5000`; a path is a prefix of repositories. */
  url: Type.String({ minLength: 1, maxLength: 500, pattern: '^https?://' }),
  username: Type.String({ maxLength: 300, description: 'Empty: anonymous.' }),
  /** Absent: the one that is kept stays. Never given back. */
  password: Type.Optional(Type.String({ maxLength: 10_000 })),
  /** PEM of certificate authorities besides those of the system; empty: none. */
  ca: Type.String({ maxLength: 100_000 }),
  /** http to a host that is not this machine: the password would go in clear text. */
  allowInsecure: Type.Boolean(),
  repositories: Globs('Globs of repositories; empty: all.'),
  exclude: Globs('Globs of repositories to leave out.'),
  tags: Globs('Globs of tags; empty: all.'),
  newestTags: Type.Integer({
    minimum: 0,
    maximum: 1000,
    description: 'At most so many a repository; 0: all.',
  }),
  enabled: Type.Boolean({ description: 'Whether the schedule runs.' }),
  everyMinutes: Type.Integer({ minimum: 5, maximum: 43_200 }),
});
export type RegistryInput = Type.Static<typeof RegistryInputSchema>;

export const JOB_STATES = ['waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

export const ScanJobSchema = Type.Object({
  id: Type.String(),
  kind: OneOf(['registry', 'host', 'container']),
  /** Name of the registry, sensor, or container id. */
  target: Type.String(),
  state: OneOf(JOB_STATES),
  startedBy: Type.String({ description: '`schedule`, or who asked.' }),
  createdAt: TimeSchema,
  startedAt: TimeSchema,
  finishedAt: TimeSchema,
  /** Images found so far, and how each went. `skipped`: known by its digest already. */
  progress: Type.Object({
    total: Type.Integer(),
    done: Type.Integer(),
    scanned: Type.Integer(),
    skipped: Type.Integer(),
    failed: Type.Integer(),
    current: Type.String(),
  }),
  detail: Type.String(),
  errorCode: Type.String(),
  /** What failed, at most 100. */
  problems: Type.Array(Type.Object({ at: Type.String(), code: Type.String(), message: Type.String() })),
});
export type ScanJob = Type.Static<typeof ScanJobSchema>;
export const ScanJobPageSchema = Page(ScanJobSchema);

const { password: _password, ...shown } = RegistryInputSchema.properties;
export const RegistrySchema = Type.Object({
  name: Type.String(),
  ...shown,
  passwordSet: Type.Boolean(),
  artifacts: Type.Integer(),
  nextRunAt: TimeSchema,
  lastJob: Type.Union([ScanJobSchema, Type.Null()]),
  createdAt: TimeSchema,
  createdBy: Type.String(),
});
export type Registry = Type.Static<typeof RegistrySchema>;
export const RegistryListSchema = Type.Object({ items: Type.Array(RegistrySchema) });

/** Whether the platform can talk to it: what was found, or why not. */
export const RegistryCheckSchema = Type.Object({
  ok: Type.Boolean(),
  code: Type.String(),
  detail: Type.String(),
  repositories: Type.Array(Type.String(), { maxItems: 20, description: 'The first that pass the filter.' }),
});
export type RegistryCheck = Type.Static<typeof RegistryCheckSchema>;
