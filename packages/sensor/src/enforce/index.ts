// Enforcement on containers and their processes: the public surface.
export type { EnforcementCommand, EnforcementResult } from './action-plugin.ts';
export { type ActuatorOptions, type Actuators, openActuators } from './actuators.ts';
