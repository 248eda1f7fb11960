// Handlers of the routes of scanning.
import type { SCAN_ROUTES } from '@guardcell/contract';
import type { Handler } from '../../http/register-routes.ts';
import type { Platform } from '../../platform.ts';
import { acceptanceRoutes } from './acceptances.ts';
import { artifactRoutes } from './artifacts.ts';
import { registryRoutes } from './registries.ts';
import { vulnerabilityRoutes } from './vulnerabilities.ts';

export type ScanRouteName = keyof typeof SCAN_ROUTES;
export type ScanHandlers = Readonly<Record<ScanRouteName, Handler>>;

export function scanningRoutes(platform: Platform): ScanHandlers {
  return {
    ...artifactRoutes(platform),
    ...vulnerabilityRoutes(platform),
    ...registryRoutes(platform),
    ...acceptanceRoutes(platform),
  };
}
