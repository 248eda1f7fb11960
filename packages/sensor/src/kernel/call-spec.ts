// How the kernel side is told to capture a call: `struct gc_spec` from the table of calls.
import type { Call, PathBase } from './calls.ts';
import {
  SPEC_ADDRESS,
  SPEC_BASE_A,
  SPEC_BASE_B,
  SPEC_DATA,
  SPEC_ENABLED,
  SPEC_FD,
  SPEC_FLAGS,
  SPEC_GENERATION,
  SPEC_PATH_A,
  SPEC_PATH_B,
  SPEC_SIZE,
  SPEC_TEXT,
} from './layout.generated.ts';

const NO_ARG = 255;
const AT_CWD = 254;

function base(value: PathBase): number {
  if (value === 'cwd') return AT_CWD;
  return value === 'none' ? NO_ARG : value;
}

/** How the kernel side captures a call, as struct gc_spec. */
export function specBytes(call: Call, isEnabled: boolean, generation = 0, moreFlags = 0): Uint8Array {
  const spec = new Uint8Array(SPEC_SIZE);
  spec[SPEC_ENABLED] = isEnabled ? 1 : 0;
  spec[SPEC_FLAGS] = (call.flags ?? 0) | moreFlags;
  spec[SPEC_FD] = call.fd ?? NO_ARG;
  spec[SPEC_ADDRESS] = call.address ?? NO_ARG;
  spec[SPEC_PATH_A] = call.a?.[0] ?? NO_ARG;
  spec[SPEC_BASE_A] = base(call.a?.[1] ?? 'none');
  spec[SPEC_PATH_B] = call.b?.[0] ?? NO_ARG;
  spec[SPEC_BASE_B] = base(call.b?.[1] ?? 'none');
  spec[SPEC_TEXT] = call.text ?? NO_ARG;
  spec[SPEC_DATA] = call.data ?? NO_ARG;
  new DataView(spec.buffer).setUint16(SPEC_GENERATION, generation, true);
  return spec;
}
