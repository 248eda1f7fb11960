// required_engine_version: what the rules ask for against what this engine implements.

/** The version of Falco's rule engine whose language this package implements. */
export const ENGINE_VERSION = '0.63.0';

/** `15` means 0.15.0. */
function parseVersion(text: string): readonly [number, number, number] | undefined {
  if (/^\d{1,6}$/.test(text)) return [0, Number(text), 0];
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+].*)?$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Undefined when the rules can be loaded. */
export function checkEngineVersion(required: string, engine: string): string | undefined {
  const need = parseVersion(required);
  const have = parseVersion(engine);
  if (need === undefined || have === undefined) {
    return `Unable to parse engine version '${required}' as a semver string. Expected "x.y.z" semver format.`;
  }
  const older = need[1] < have[1] || (need[1] === have[1] && need[2] <= have[2]);
  if (need[0] === have[0] && older) return undefined;
  return `Rules require engine version ${need.join('.')}, but engine version is ${have.join('.')}`;
}
