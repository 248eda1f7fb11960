// The whole public surface of contract.
export { type OpenApiDocument, openApiDocument } from './openapi.ts';
export * from './routes.ts';
export * from './schemas/agent-link.ts';
export * from './schemas/alert.ts';
export * from './schemas/platform.ts';
export * from './schemas/primitives.ts';
export * from './schemas/response.ts';
export * from './schemas/rule.ts';
export * from './schemas/rule-workbench.ts';
export * from './schemas/scan-report.ts';
export * from './schemas/session.ts';
