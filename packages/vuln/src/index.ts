// The whole public surface: version orders, package URLs, matching, risk, VEX.
export { schemeOfEcosystem } from './versions/ecosystems.ts';
export type { Comparison, VersionOrder } from './versions/order.ts';
export { compareVersions, isVersion, VERSION_ORDERS } from './versions/registry.ts';
