// The package is a JSON array without types of its own.
declare module 'spdx-license-ids' {
  const identifiers: readonly string[];
  export default identifiers;
}
