// Every route of the HTTP API: the one table that server, client, OpenAPI document and tests are made from.
import { type TSchema, Type } from 'typebox';
import * as alert from './schemas/alert.ts';
import * as platform from './schemas/platform.ts';
import * as response from './schemas/response.ts';
import * as rule from './schemas/rule.ts';
import * as bench from './schemas/rule-workbench.ts';
import * as session from './schemas/session.ts';

export type Access = 'public' | 'viewer' | 'responder' | 'admin';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the server's root, parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  /** The least role that may call it. */
  readonly access: Access;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Undefined: no content (204), or a stream. */
  readonly response?: TSchema;
  readonly status: number;
  /** `text/event-stream` for streams. */
  readonly produces?: string;
  /** Changes nothing although it is no GET: not kept in the audit trail. */
  readonly readOnly?: boolean;
  /** Headers that the caller may send, with what they do. */
  readonly headers?: Readonly<Record<string, string>>;
}

const IF_MATCH =
  'The `ETag` of the version that was read: the write is refused with 412 when there is a newer one. `*`: it must exist.';
const IDEMPOTENCY_KEY =
  'Any text of at most 200 characters: a repetition with the same key within 24 hours gets the same record, and nothing is done twice.';

const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 }));
const Cursor = Type.Optional(Type.String({ maxLength: 500 }));
const filter = alert.AlertFilterSchema.properties;
const DryRun = Type.Object({ dryRun: Type.Optional(Type.Boolean()) });

function get(path: string, summary: string, response: TSchema, query?: TSchema): Route {
  return { method: 'GET', path, summary, access: 'viewer', status: 200, response, ...(query && { query }) };
}

export const ROUTES = {
  login: {
    method: 'POST',
    path: '/api/v1/session',
    summary: 'Sign in; sets an HttpOnly cookie.',
    access: 'public',
    status: 200,
    body: session.LoginSchema,
    response: session.SessionSchema,
  },
  session: get('/api/v1/session', 'Who am I.', session.SessionSchema),
  logout: { method: 'DELETE', path: '/api/v1/session', summary: 'Sign out.', access: 'viewer', status: 204 },
  changePassword: {
    method: 'POST',
    path: '/api/v1/session/password',
    summary: 'Change my password; ends my other sessions.',
    access: 'viewer',
    status: 204,
    body: session.PasswordChangeSchema,
  },
  status: get('/api/v1/status', 'Health and coverage of the whole platform.', platform.StatusSchema),
  overview: get(
    '/api/v1/overview',
    'Counters, trend and top lists for the first screen.',
    platform.OverviewSchema,
    Type.Object({ window: Type.Optional(Type.String({ description: 'Age, such as `24h`.' })) }),
  ),
  listEvents: get(
    '/api/v1/events',
    'Alerts, newest first.',
    alert.AlertPageSchema,
    Type.Object({ ...filter, limit: Limit, cursor: Cursor }),
  ),
  eventHistogram: get(
    '/api/v1/events/histogram',
    'Alerts over time by severity.',
    alert.HistogramSchema,
    Type.Object({
      ...filter,
      buckets: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 60 })),
    }),
  ),
  eventFacets: get(
    '/api/v1/events/facets',
    'How many alerts each value of each dimension has; top 20 values.',
    alert.FacetsSchema,
    Type.Object(filter),
  ),
  streamEvents: {
    ...get(
      '/api/v1/events/stream',
      'Live alerts as server-sent events; resumes with Last-Event-ID.',
      alert.AlertSchema,
      Type.Object({
        ...filter,
        lastEventId: Type.Optional(
          Type.String({ maxLength: 200, description: 'As the header, for clients that cannot set it.' }),
        ),
      }),
    ),
    produces: 'text/event-stream',
  },
  getEvent: get('/api/v1/events/{id}', 'One alert.', alert.AlertSchema),
  listContainers: get(
    '/api/v1/containers',
    'Containers on all hosts.',
    platform.ContainerPageSchema,
    Type.Object({
      q: Type.Optional(Type.String({ maxLength: 200 })),
      state: Type.Optional(Type.Array(Type.String())),
      limit: Limit,
      cursor: Cursor,
    }),
  ),
  getContainer: get(
    '/api/v1/containers/{id}',
    'One container by id, short id or name.',
    platform.ContainerViewSchema,
  ),
  listRules: get('/api/v1/rules', 'The rule library.', rule.RuleListSchema),
  updateRule: {
    method: 'PUT',
    path: '/api/v1/rules/{name}',
    summary: 'Switch a rule on or off.',
    access: 'admin',
    status: 200,
    query: DryRun,
    body: rule.RuleUpdateSchema,
    response: rule.RuleViewSchema,
  },
  validateRules: {
    method: 'POST',
    path: '/api/v1/rules/validate',
    summary: 'Check a rule file without loading it.',
    access: 'viewer',
    readOnly: true,
    status: 200,
    body: rule.ValidateRequestSchema,
    response: rule.ValidateResultSchema,
  },
  ruleVocabulary: get(
    '/api/v1/rules/fields',
    'Fields, operators, transformers, event types, macros and lists, for editors.',
    bench.RuleVocabularySchema,
  ),
  tryRules: {
    method: 'POST',
    path: '/api/v1/rules/try',
    summary: 'Try rules on stored alerts or on recent events; nothing is loaded and no alert is made.',
    access: 'responder',
    readOnly: true,
    status: 200,
    body: bench.RuleTrialRequestSchema,
    response: bench.RuleTrialSchema,
  },
  tuneRule: {
    method: 'POST',
    path: '/api/v1/rules/{name}/tune',
    summary: 'Propose exceptions for alerts that are harmless, with what each would have silenced.',
    access: 'viewer',
    readOnly: true,
    status: 200,
    body: bench.TuneRequestSchema,
    response: bench.TuneResultSchema,
  },
  addRuleException: {
    method: 'POST',
    path: '/api/v1/rules/{name}/exceptions',
    summary: 'Add an exception to a rule; it is written into the file `custom/tuning.yaml`.',
    access: 'admin',
    status: 200,
    body: bench.ExceptionRequestSchema,
    response: bench.ExceptionAppliedSchema,
  },
  listRuleFiles: get('/api/v1/rule-files', 'Rule files.', bench.RuleFileListSchema),
  getRuleFile: get(
    '/api/v1/rule-files/{name}',
    'One rule file with its text.',
    bench.RuleFileDocumentSchema,
    Type.Object({
      draft: Type.Optional(Type.Boolean({ description: 'The draft, where there is one.' })),
    }),
  ),
  createRuleFile: {
    method: 'POST',
    path: '/api/v1/rule-files',
    summary: 'Create a custom rule file; one with errors is taken only as a draft.',
    access: 'admin',
    status: 201,
    body: bench.RuleFileCreateSchema,
    response: bench.RuleFileDocumentSchema,
  },
  putRuleFile: {
    method: 'PUT',
    path: '/api/v1/rule-files/{name}',
    summary: 'Replace a custom rule file; one with errors is taken only as a draft.',
    access: 'admin',
    headers: { 'If-Match': IF_MATCH },
    status: 200,
    query: DryRun,
    body: bench.RuleFileUpdateSchema,
    response: bench.RuleFileDocumentSchema,
  },
  deleteRuleFile: {
    method: 'DELETE',
    path: '/api/v1/rule-files/{name}',
    summary: 'Delete a custom rule file, or with `draft` only its draft.',
    access: 'admin',
    headers: { 'If-Match': IF_MATCH },
    status: 204,
    query: Type.Object({ draft: Type.Optional(Type.Boolean()) }),
  },
  listResponses: get('/api/v1/responses', 'Response rules.', response.ResponseRuleListSchema),
  putResponse: {
    method: 'PUT',
    path: '/api/v1/responses/{name}',
    summary: 'Create or replace a response rule; those from files are read-only.',
    access: 'admin',
    headers: { 'If-Match': IF_MATCH },
    status: 200,
    query: DryRun,
    body: response.ResponseRuleInputSchema,
    response: response.ResponseRuleSchema,
  },
  deleteResponse: {
    method: 'DELETE',
    path: '/api/v1/responses/{name}',
    summary: 'Delete a response rule.',
    access: 'admin',
    status: 204,
  },
  listActions: get(
    '/api/v1/actions',
    'Action history, newest first.',
    response.ActionPageSchema,
    Type.Object({
      container: Type.Optional(Type.String({ maxLength: 200 })),
      alert: Type.Optional(Type.String({ maxLength: 200 })),
      state: Type.Optional(Type.Array(Type.String())),
      limit: Limit,
      cursor: Cursor,
    }),
  ),
  runAction: {
    method: 'POST',
    path: '/api/v1/actions',
    summary: 'Carry out an action now; answers when it has a result or after 10 s.',
    access: 'responder',
    headers: { 'Idempotency-Key': IDEMPOTENCY_KEY },
    status: 200,
    body: response.ActionRequestSchema,
    response: response.ActionRecordSchema,
  },
  getAction: get('/api/v1/actions/{id}', 'One action record.', response.ActionRecordSchema),
  undoAction: {
    method: 'POST',
    path: '/api/v1/actions/{id}/undo',
    summary: 'Undo an action; answers with the record of the undoing.',
    access: 'responder',
    status: 200,
    response: response.ActionRecordSchema,
  },
  getSettings: get('/api/v1/settings', 'Settings.', session.SettingsSchema),
  putSettings: {
    method: 'PUT',
    path: '/api/v1/settings',
    summary: 'Replace the settings.',
    access: 'admin',
    headers: { 'If-Match': IF_MATCH },
    status: 200,
    query: DryRun,
    body: session.SettingsSchema,
    response: session.SettingsSchema,
  },
  getResponse: get('/api/v1/responses/{name}', 'One response rule.', response.ResponseRuleSchema),
  listUsers: { ...get('/api/v1/users', 'Users.', session.UserListSchema), access: 'admin' },
  createUser: {
    method: 'POST',
    path: '/api/v1/users',
    summary: 'Create a user; a password that is not given is made and shown once.',
    access: 'admin',
    status: 201,
    body: session.UserCreateSchema,
    response: session.UserPasswordSchema,
  },
  updateUser: {
    method: 'PUT',
    path: '/api/v1/users/{name}',
    summary: 'Change the role of a user; holds at once, also for open sessions.',
    access: 'admin',
    status: 200,
    body: session.UserUpdateSchema,
    response: session.UserSchema,
  },
  deleteUser: {
    method: 'DELETE',
    path: '/api/v1/users/{name}',
    summary: 'Delete a user and end their sessions; never the last administrator.',
    access: 'admin',
    status: 204,
  },
  resetPassword: {
    method: 'POST',
    path: '/api/v1/users/{name}/password',
    summary: 'Give a user a new password, shown once; ends their sessions.',
    access: 'admin',
    status: 200,
    body: session.PasswordResetSchema,
    response: session.UserPasswordSchema,
  },
  listAudit: {
    ...get(
      '/api/v1/audit',
      'Audit trail, newest first.',
      session.AuditPageSchema,
      Type.Object({ limit: Limit, cursor: Cursor }),
    ),
    access: 'admin',
  },
  verifyAudit: {
    ...get('/api/v1/audit/verification', 'Whether the audit trail is whole.', session.AuditVerdictSchema),
    access: 'admin',
  },
  listApiKeys: { ...get('/api/v1/api-keys', 'API keys.', session.ApiKeyListSchema), access: 'admin' },
  createApiKey: {
    method: 'POST',
    path: '/api/v1/api-keys',
    summary: 'Create an API key; its token is shown once.',
    access: 'admin',
    status: 201,
    body: session.ApiKeyCreateSchema,
    response: session.ApiKeyCreatedSchema,
  },
  deleteApiKey: {
    method: 'DELETE',
    path: '/api/v1/api-keys/{id}',
    summary: 'Revoke an API key.',
    access: 'admin',
    status: 204,
  },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof ROUTES;
