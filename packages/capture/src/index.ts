// The whole public surface of the package: reading captures (src/read) and writing them (src/write).
export const CAPTURE_MAX_MAJOR = 1;
