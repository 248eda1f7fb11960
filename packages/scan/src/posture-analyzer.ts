// Checks configuration files in the same pass that looks for packages.
import type { MisconfigurationFinding } from '@guardcell/core';
import type { Analyzer } from '@guardcell/image';
import { checkFile, mayBePosture } from '@guardcell/posture';

const MAX_BYTES = 2 * 2 ** 20;
/** Files of other people's packages say nothing of the project. */
const INSTALLED = /\/(?:node_modules|site-packages|dist-packages|vendor|\.git)\//;
const SHOWN_PROBLEMS = 3;

type Found = readonly Omit<MisconfigurationFinding, 'path'>[];

const POSTURE: Analyzer<Found> = {
  id: 'posture',
  version: 1,
  maxBytes: MAX_BYTES,
  wants: ({ path, size }) => size > 0 && size <= MAX_BYTES && !INSTALLED.test(path) && mayBePosture(path),
  analyze({ path, bytes }) {
    const { findings, problems } = checkFile(path, new TextDecoder().decode(bytes));
    if (findings.length === 0 && problems.length === 0) return undefined;
    const value = findings.map(({ path: _path, ...rest }) => rest);
    if (problems.length === 0) return { value };
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ line, message }) => `line ${line}: ${message}`);
    return { value, incomplete: shown.join('; ') };
  },
  assemble: (found) => ({
    packages: [],
    misconfigurations: found.flatMap(({ location, value }) =>
      value.map((one) => ({ ...one, path: location.path })),
    ),
  }),
};

/** For trees that people write: what runs in an image was configured elsewhere. */
export const POSTURE_ANALYZER: Analyzer = POSTURE as Analyzer;
