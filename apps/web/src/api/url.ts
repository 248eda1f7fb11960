// Turns an endpoint with parameters into a method and a URL.
import { ENDPOINTS, type Endpoint } from './endpoints.ts';

export type QueryValue = string | number | boolean | readonly string[] | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** Path parameters replace `{name}`; query lists become repeated keys; undefined and empty lists are left out. */
export function buildUrl(
  endpoint: Endpoint,
  params: Readonly<Record<string, string>> = {},
  query: Query = {},
): { method: string; url: string } {
  const [method = 'GET', template = ''] = ENDPOINTS[endpoint].split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`missing path parameter ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) search.append(key, one);
    else search.append(key, String(value));
  }
  const text = search.toString();
  return { method, url: text === '' ? path : `${path}?${text}` };
}
