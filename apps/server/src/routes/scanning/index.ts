// Handlers of the routes of scanning.
import { SCAN_ROUTES } from '@guardcell/contract';
import { ApiError } from '../../errors.ts';
import type { Handler } from '../../http/register-routes.ts';
import type { Platform } from '../../platform.ts';

export type ScanRouteName = keyof typeof SCAN_ROUTES;

export function scanningRoutes(_platform: Platform): Readonly<Record<ScanRouteName, Handler>> {
  const none: Handler = () => Promise.reject(new ApiError('GC_NOT_FOUND', 'nothing was scanned yet'));
  return Object.fromEntries(Object.keys(SCAN_ROUTES).map((name) => [name, none])) as Record<
    ScanRouteName,
    Handler
  >;
}
