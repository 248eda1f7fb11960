// Public surface of the kernel side of the sensor.
export { containerIdOfPath, knownOrNew } from './cgroups.ts';
export { EVENT_TYPES } from './event-types.ts';
export type { SensorErrorCode } from './host-kernel.ts';
export { DEFAULT_SENSITIVE_PATHS } from './open-filter.ts';
export { type KernelCheck, type KernelProbe, probeKernel } from './probe.ts';
export type { Touched } from './record-handler.ts';
export {
  openSensor,
  type RingState,
  type Sensor,
  type SensorGap,
  type SensorInterest,
  type SensorOptions,
} from './sensor.ts';
