// The OpenAPI 3.1 document, made from the table of routes: what is documented is what is served.
import type { TSchema } from 'typebox';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import * as agentLink from './schemas/agent-link.ts';
import * as alert from './schemas/alert.ts';
import * as artifact from './schemas/artifact.ts';
import * as platform from './schemas/platform.ts';
import * as primitives from './schemas/primitives.ts';
import * as registry from './schemas/registry.ts';
import * as response from './schemas/response.ts';
import * as riskAcceptance from './schemas/risk-acceptance.ts';
import * as rule from './schemas/rule.ts';
import * as scanReport from './schemas/scan-report.ts';
import * as session from './schemas/session.ts';
import * as vulnerability from './schemas/vulnerability.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonObject;
  readonly servers: readonly JsonObject[];
  readonly security: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
  readonly paths: { readonly [path: string]: { readonly [method: string]: JsonObject } };
  readonly components: { readonly [kind: string]: JsonObject };
}

const PROBLEM = 'application/problem+json';

/** Schemas with a name of their own: exported as `<Name>Schema`, or used as the body or answer of a route. */
function namedSchemas(): Map<string, string> {
  const names = new Map<string, string>();
  const modules = [
    primitives,
    alert,
    platform,
    response,
    rule,
    session,
    scanReport,
    artifact,
    registry,
    riskAcceptance,
    vulnerability,
  ];
  for (const [key, value] of modules.flatMap((each) => Object.entries(each))) {
    if (!key.endsWith('Schema') || typeof value !== 'object') continue;
    if ('type' in value && value.type === 'object')
      names.set(identity(value), key.slice(0, -'Schema'.length));
  }
  // Not part of the public API, but they share sub-schemas with it.
  for (const value of Object.values(agentLink)) if (typeof value === 'object') names.delete(identity(value));
  return names;
}

/** Equal schemas are one component, whichever copy of them is used. */
function identity(schema: object): string {
  return JSON.stringify(schema);
}

interface Components {
  readonly names: ReadonlyMap<string, string>;
  readonly used: Map<string, Json>;
}

function convert(value: unknown, components: Components, isTop: boolean): Json {
  if (Array.isArray(value)) return value.map((each) => convert(each, components, false));
  if (typeof value !== 'object' || value === null) return value as Json;
  const name = isTop ? undefined : components.names.get(identity(value));
  if (name !== undefined) {
    if (!components.used.has(name)) {
      components.used.set(name, {});
      components.used.set(name, convert(value, components, true));
    }
    return { $ref: `#/components/schemas/${name}` };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, convert(each, components, false)]),
  );
}

function parameters(route: Route, components: Components): Json[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const query = (route.query ?? {}) as { properties?: Record<string, TSchema>; required?: readonly string[] };
  const inQuery = Object.entries(query.properties ?? {}).map(([name, schema]) => {
    const { description, ...rest } = convert(schema, components, true) as { readonly [key: string]: Json };
    return {
      name,
      in: 'query',
      required: query.required?.includes(name) ?? false,
      schema: rest,
      ...(description !== undefined && { description }),
      ...(rest['type'] === 'array' && { style: 'form', explode: true }),
    };
  });
  const inHeader = Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    schema: { type: 'string' },
    description,
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function answers(route: Route, components: Components): { [status: string]: Json } {
  const schema = route.response === undefined ? undefined : convert(route.response, components, false);
  const type = route.produces ?? 'application/json';
  const content = schema === undefined ? {} : { content: { [type]: { schema } } };
  const problem: Json = { $ref: '#/components/responses/Problem' };
  return {
    [String(route.status)]: {
      description: schema === undefined ? 'Done; no content.' : 'Success.',
      ...content,
    },
    ...(route.access !== 'public' && { 401: problem, 403: problem }),
    default: problem,
  };
}

function operation(name: string, route: Route, components: Components): JsonObject {
  const body = route.body === undefined ? undefined : convert(route.body, components, false);
  return {
    operationId: name,
    summary: route.summary,
    description:
      route.access === 'public' ? 'Needs no sign-in.' : `Needs the role \`${route.access}\` or a higher one.`,
    tags: [route.path.split('/')[3] ?? 'platform'],
    'x-guardcell-access': route.access,
    ...(route.access === 'public' && { security: [] }),
    parameters: [...parameters(route, components), { $ref: '#/components/parameters/AcceptLanguage' }],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
    }),
    responses: answers(route, components),
  };
}

/** `version` is the product's. */
export function openApiDocument(version: string): OpenApiDocument {
  const components: Components = { names: namedSchemas(), used: new Map() };
  const problem = convert(primitives.ProblemSchema, components, false);
  const paths: { [path: string]: { [method: string]: JsonObject } } = {};
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    const methods = (paths[route.path] ??= {});
    methods[route.method.toLowerCase()] = operation(name, route, components);
  }
  const tags = new Set(
    (Object.values(ROUTES) as Route[]).map((route) => route.path.split('/')[3] ?? 'platform'),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Guardcell',
      version,
      description: 'Runtime security of containers: alerts, containers, rules, responses.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries([...components.used].sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: {
        Problem: {
          description:
            'What went wrong (RFC 9457), in the language of `Accept-Language`; codes and pointers are the same.',
          headers: {
            'Content-Language': { description: '`en` or `zh-CN`.', schema: { type: 'string' } },
          },
          content: { [PROBLEM]: { schema: problem } },
        },
      },
      parameters: {
        AcceptLanguage: {
          name: 'Accept-Language',
          in: 'header',
          required: false,
          schema: { type: 'string' },
          description: 'Language of the sentences of ours in the answer: `en` or `zh`. Default: en.',
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key, `gck_…`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'guardcell_session',
          description:
            'Set by signing in; the cookie of a server without a public URL has its port in the name. Writes also need the header `x-csrf-token`.',
        },
      },
    },
  };
}
