// The whole public surface: checks of Dockerfiles, manifests and pipelines.
export {};
