// The step of the build behind each layer, fit to be shown to whoever reads a report: what may be a secret is masked.
import type { ImageConfig } from '@guardcell/image';
import type { ScanOptions } from './scan-target.ts';

const STEP_CHARS = 500;
/** What is looked at: names of any length must not make the patterns slow. */
const LOOKED_AT_CHARS = 2000;
const MASK = '********';
/** Values of build arguments, before the command: BuildKit and docker write `RUN |2 A=x B=y /bin/sh -c …`. */
const ARGUMENTS = /\|\d+ .*?(?=\/bin\/(?:ba)?sh -c |$)/;
const VALUE = String.raw`(?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^\s"';&|]+)`;
const NAMED = new RegExp(
  String.raw`([\w.-]*(?:pass|pwd|secret|token|key|credential|auth)[\w.-]*)(=|:\s?|(?<=--[\w.-]*)\s)${VALUE}`,
  'gi',
);
const BEARER = /\b(bearer|basic)\s+\S+/gi;
const USER_INFO = /(:\/\/)[^\s/@]+@/g;

/** One line without what looks like a secret by its place: build arguments, values of telling names, accounts in addresses. */
export function shownStep(step: string): string {
  return step
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, LOOKED_AT_CHARS)
    .replace(ARGUMENTS, '')
    .replaceAll(USER_INFO, `$1${MASK}@`)
    .replaceAll(BEARER, `$1 ${MASK}`)
    .replaceAll(NAMED, `$1$2${MASK}`)
    .slice(0, STEP_CHARS)
    .toWellFormed();
}

/**
 * A step for each layer, lowest first; none when the history does not fit the layers or secrets are not looked for. Where
 * the rules for secrets find one, the step is the line of that finding, with every secret masked.
 */
export async function layerSteps(
  { history }: Pick<ImageConfig, 'history'>,
  layers: number,
  options: ScanOptions,
): Promise<readonly string[]> {
  const steps = history.filter(({ emptyLayer }) => !emptyLayer).map(({ createdBy }) => createdBy);
  const isKnown = steps.length === layers && steps.some((step) => step !== '');
  if (!isKnown || options.only?.has('secrets') === false) return [];
  const { scanText } = await import('@guardcell/secrets');
  const { scanner } = (await import('./secret-scanner.ts')).secretScannerFor(options);
  return steps.map((step) => {
    // As written too: a key is told by its lines.
    const [found] = [step, shownStep(step)].flatMap((text) =>
      scanText('image-config/history.sh', text, { scanner }),
    );
    return shownStep(found === undefined ? step : found.excerpt);
  });
}
