// Pieces that many patterns share.

export const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
export const HEX32 = '[0-9a-f]{32}';
export const HEX40 = '[0-9a-f]{40}';
export const HEX64 = '[0-9a-f]{64}';
