// The one place that says which version this is; package.json agrees (checked by a test).
export const VERSION = '0.1.0';
