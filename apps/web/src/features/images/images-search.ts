// What the list of images and the page of one show, as kept in their URL.
import { choiceParam, defined, textParam } from '../../routes/search-params.ts';
import {
  SORTS as VULNERABILITY_SORTS,
  type VulnerabilityFilters,
  type Sort as VulnerabilitySort,
  validateFilters,
} from '../vulnerabilities/vulnerability-search.ts';

export const IMAGE_SORTS = ['risk', 'name', 'scanned'] as const;
/** Kinds of artifacts that a platform scans. */
export const SCANNED_KINDS = ['image', 'host', 'container'] as const;

export interface ImagesSearch {
  q?: string;
  kind?: (typeof SCANNED_KINDS)[number];
  registry?: string;
  running?: 'true';
  sort?: (typeof IMAGE_SORTS)[number];
}

export function validateImagesSearch(raw: Record<string, unknown>): ImagesSearch {
  return defined({
    q: textParam(raw['q'], 200),
    kind: choiceParam(raw['kind'], SCANNED_KINDS),
    registry: textParam(raw['registry'], 100),
    running: choiceParam(raw['running'], ['true'] as const),
    sort: choiceParam(raw['sort'], IMAGE_SORTS),
  });
}

export const IMAGE_TABS = [
  'vulnerabilities',
  'layers',
  'packages',
  'secrets',
  'misconfigurations',
  'malware',
  'licenses',
  'plan',
  'errors',
] as const;
export type ImageTab = (typeof IMAGE_TABS)[number];

export interface ImageSearch extends VulnerabilityFilters {
  tab?: ImageTab;
  sort?: VulnerabilitySort;
  /** diffID of a layer. */
  layer?: string;
  /** The finding that is open: its package's purl; with `cve`. */
  at?: string;
  cve?: string;
  /** Of the packages: only those with vulnerabilities. */
  vulnerable?: 'true';
}

export function validateImageSearch(raw: Record<string, unknown>): ImageSearch {
  const { artifact: _artifact, kind: _kind, ...filters } = validateFilters(raw);
  return {
    ...filters,
    ...defined({
      tab: choiceParam(raw['tab'], IMAGE_TABS),
      sort: choiceParam(raw['sort'], VULNERABILITY_SORTS),
      layer: textParam(raw['layer'], 200),
      at: textParam(raw['at']),
      cve: textParam(raw['cve'], 100),
      vulnerable: choiceParam(raw['vulnerable'], ['true'] as const),
    }),
  };
}

export interface CompareSearch {
  to?: string;
}

export function validateCompareSearch(raw: Record<string, unknown>): CompareSearch {
  return defined({ to: textParam(raw['to'], 200) });
}
