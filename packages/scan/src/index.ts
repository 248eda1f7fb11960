// The whole public surface: scans of targets, composed of images, analyzers, advisories and checks.
export {};
