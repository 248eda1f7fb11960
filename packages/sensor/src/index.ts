// The whole public surface of sensor: kernel events, container inventory, enforcement.
export * from './containers/index.ts';
export * from './enforce/index.ts';
export * from './kernel/index.ts';
