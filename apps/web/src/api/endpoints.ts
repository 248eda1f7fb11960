// Method and path of every route that the console calls. A copy of two columns of the contract's route table, so that
// the schema library stays out of the bundle; `endpoints.test.ts` compares it with the original.
import type { RouteName } from '@guardcell/contract';

export const ENDPOINTS = {
  login: 'POST /api/v1/session',
  session: 'GET /api/v1/session',
  logout: 'DELETE /api/v1/session',
  changePassword: 'POST /api/v1/session/password',
  status: 'GET /api/v1/status',
  overview: 'GET /api/v1/overview',
  listEvents: 'GET /api/v1/events',
  eventHistogram: 'GET /api/v1/events/histogram',
  eventFacets: 'GET /api/v1/events/facets',
  streamEvents: 'GET /api/v1/events/stream',
  getEvent: 'GET /api/v1/events/{id}',
  listContainers: 'GET /api/v1/containers',
  getContainer: 'GET /api/v1/containers/{id}',
  listRules: 'GET /api/v1/rules',
  updateRule: 'PUT /api/v1/rules/{name}',
  validateRules: 'POST /api/v1/rules/validate',
  listResponses: 'GET /api/v1/responses',
  putResponse: 'PUT /api/v1/responses/{name}',
  deleteResponse: 'DELETE /api/v1/responses/{name}',
  getResponse: 'GET /api/v1/responses/{name}',
  listActions: 'GET /api/v1/actions',
  runAction: 'POST /api/v1/actions',
  getAction: 'GET /api/v1/actions/{id}',
  undoAction: 'POST /api/v1/actions/{id}/undo',
  getSettings: 'GET /api/v1/settings',
  putSettings: 'PUT /api/v1/settings',
  listUsers: 'GET /api/v1/users',
  createUser: 'POST /api/v1/users',
  updateUser: 'PUT /api/v1/users/{name}',
  deleteUser: 'DELETE /api/v1/users/{name}',
  resetPassword: 'POST /api/v1/users/{name}/password',
  listAudit: 'GET /api/v1/audit',
  verifyAudit: 'GET /api/v1/audit/verification',
  listApiKeys: 'GET /api/v1/api-keys',
  createApiKey: 'POST /api/v1/api-keys',
  deleteApiKey: 'DELETE /api/v1/api-keys/{id}',
} as const satisfies Readonly<Record<RouteName, string>>;

export type Endpoint = keyof typeof ENDPOINTS;
