// The whole public surface of contract.
export { type OpenApiDocument, openApiDocument } from './openapi.ts';
export type { Access, Route } from './route.ts';
export * from './routes.ts';
export { SCAN_ROUTES } from './scan-routes.ts';
export * from './schemas/agent-link.ts';
export * from './schemas/alert.ts';
export * from './schemas/artifact.ts';
export * from './schemas/platform.ts';
export * from './schemas/primitives.ts';
export * from './schemas/registry.ts';
export * from './schemas/response.ts';
export * from './schemas/risk-acceptance.ts';
export * from './schemas/rule.ts';
export * from './schemas/rule-workbench.ts';
export * from './schemas/scan-link.ts';
export * from './schemas/scan-report.ts';
export * from './schemas/session.ts';
export * from './schemas/vulnerability.ts';
