// `guardcell scan registry`
import { isNote } from '@guardcell/core';
import { CodedError } from '@guardcell/kit';
import { type RegistryScanResult, type RegistrySelection, scanRegistry } from '@guardcell/scan';
import { type Command, type CommandContext, EXIT, text, texts } from '../../command.ts';
import { VERSION } from '../../version.ts';
import { EXCLUDE_PATH_OPTION } from './exclude.ts';
import { exitCode } from './fail-on.ts';
import { imageOptions, REGISTRY_OPTIONS } from './image-options.ts';
import { type KnownImages, openKnownImages } from './known-images.ts';
import { OTHER_REGISTRY_NAMES } from './other-names.ts';
import { progressLine } from './progress-line.ts';
import { folderOutput, jsonOutput, type RegistryOutput, tableOutput } from './registry-output.ts';
import { reportWords } from './report-language.ts';
import { type ScanSettings, scanSettings, withSettings } from './run-scan.ts';
import { CACHE_OPTIONS, cacheOf, SCAN_OPTIONS } from './scan-options.ts';

const { explain: _explain, 'only-new': _onlyNew, ...SHARED_OPTIONS } = SCAN_OPTIONS;

export const scanRegistryCommand: Command = {
  name: 'scan registry',
  summary: 'scan the images of a registry, all or some of them',
  usage: 'HOST[:PORT][/PREFIX]',
  options: {
    repositories: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      help: 'only these repositories: * within one part of the name, ** across; repeatable. Named in full, they need not be listed',
    },
    exclude: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      help: 'leave out these repositories, or repository:tag; repeatable',
    },
    tags: { type: 'string', multiple: true, value: 'GLOB', help: 'only these tags; repeatable' },
    newest: {
      type: 'string',
      value: 'N',
      help: 'of each repository only the N newest tags, by version and name',
    },
    parallel: { type: 'string', value: 'N', help: 'images at the same time (default 2)' },
    known: {
      type: 'string',
      value: 'FILE',
      help: 'leave out digests that this file lists, and list those that were scanned; made when missing',
    },
    'output-dir': {
      type: 'string',
      value: 'DIR',
      help: 'write one report for each image there, in the format of -o (json without it)',
    },
    ...REGISTRY_OPTIONS,
    ...SHARED_OPTIONS,
    ...EXCLUDE_PATH_OPTION,
    ...CACHE_OPTIONS,
  },
  otherNames: OTHER_REGISTRY_NAMES,
  isVerdict: true,
  examples: [
    'guardcell scan registry registry.example.com',
    "guardcell scan registry registry.example.com/team --exclude 'team/old-*' --newest 3 --fail-on critical",
    'guardcell scan registry localhost:5000 --plain-http --known known.json --output-dir reports -o sarif',
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { host, prefix } = placeOf(context);
  const settings = await scanSettings(context, 'exclude-path');
  const selection = selectionOf(context, prefix);
  const parallel = numberOf(context, 'parallel', 32);
  const image = await imageOptions(context);
  const cache = cacheOf(context);
  const known = await knownOf(context, settings);
  const output = await outputOf(context, prefix === undefined ? host : `${host}/${prefix}`, settings);
  const progress = progressLine(context);
  const outcome = { images: 0, hasFindings: false, isPartial: !settings.problems.every(isNote) };
  try {
    const results = scanRegistry(host, {
      ...settings.options,
      selection,
      image,
      ...(parallel === undefined ? {} : { parallel }),
      ...(cache === undefined ? {} : { cache }),
      isKnown: (one) => known?.has(one) === true,
      onProgress: ({ repositories, listed, images, done }) =>
        progress.show(`repositories ${listed}/${repositories}, images ${done}/${images}`),
    });
    for await (const result of results) {
      const shown =
        result.outcome === 'scanned' ? { ...result, report: withSettings(result.report, settings) } : result;
      progress.clear();
      outcome.images += 1;
      output.add(shown);
      judge(shown, settings, outcome);
      if (isDone(shown, settings)) known?.add(shown);
    }
  } finally {
    progress.clear();
    known?.save();
  }
  output.end();
  // A mistyped name must not look like a clean registry.
  if (outcome.images === 0) {
    throw new CodedError('GC_TARGET_NOT_FOUND', 'no image of the registry is selected', {
      at: context.positionals[0] ?? '',
      hint: 'Look at the prefix, --repositories, --exclude and --tags.',
    });
  }
  return outcome.hasFindings ? EXIT.findings : outcome.isPartial ? EXIT.partial : EXIT.ok;
}

/** What fails the verdict is looked at again next time: left out, it would turn the next verdict into a good one. */
function isDone(
  result: RegistryScanResult,
  { failOn }: ScanSettings,
): result is Extract<RegistryScanResult, { readonly outcome: 'scanned' }> {
  return result.outcome === 'scanned' && exitCode(result.report, failOn) === EXIT.ok;
}

function judge(
  result: RegistryScanResult,
  { failOn }: ScanSettings,
  outcome: { hasFindings: boolean; isPartial: boolean },
): void {
  if (result.outcome === 'failed' || result.outcome === 'unlisted') outcome.isPartial = true;
  if (result.outcome !== 'scanned') return;
  const code = exitCode(result.report, failOn);
  outcome.hasFindings ||= code === EXIT.findings;
  outcome.isPartial ||= code === EXIT.partial;
}

function placeOf(context: CommandContext): { readonly host: string; readonly prefix: string | undefined } {
  const [place, ...more] = context.positionals;
  if (place === undefined || more.length > 0) {
    throw new CodedError('GC_USAGE', 'name one registry', {
      hint: 'guardcell scan registry registry.example.com, with a port and the beginning of repositories if need be.',
    });
  }
  const plain = place.replace(/^(?:https?:\/\/)/, '').replace(/\/+$/, '');
  const slash = plain.indexOf('/');
  return slash === -1
    ? { host: plain, prefix: undefined }
    : { host: plain.slice(0, slash), prefix: plain.slice(slash + 1) };
}

function selectionOf(context: CommandContext, prefix: string | undefined): RegistrySelection {
  const newest = numberOf(context, 'newest', 1_000_000);
  return {
    repositories: texts(context.options, 'repositories'),
    exclude: texts(context.options, 'exclude'),
    tags: texts(context.options, 'tags'),
    ...(prefix === undefined ? {} : { prefix }),
    ...(newest === undefined ? {} : { newest }),
  };
}

function numberOf(context: CommandContext, name: string, most: number): number | undefined {
  const given = text(context.options, name);
  if (given === undefined) return undefined;
  const value = Number(given);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CodedError('GC_USAGE', `--${name} takes a number from 1 to ${most}`);
}

/** Images are known only to the same database, parts, platform, verdict, shown findings and paths: with others they could have other findings. */
async function knownOf(
  context: CommandContext,
  { options, failOn, narrowing }: ScanSettings,
): Promise<KnownImages | undefined> {
  const file = text(context.options, 'known');
  if (file === undefined) return undefined;
  const parts = [...(options.only ?? ['all'])].sort();
  const isMatched = options.only?.has('vulnerabilities') ?? true;
  const revision = isMatched ? (await options.advisories?.())?.revision : '';
  const platform = text(context.options, 'platform') ?? '';
  return openKnownImages(
    file,
    JSON.stringify([VERSION, revision, parts, platform, failOn, narrowing, options.exclude]),
  );
}

/** @throws CodedError GC_USAGE for formats that hold one report. */
async function outputOf(
  context: CommandContext,
  registry: string,
  settings: ScanSettings,
): Promise<RegistryOutput> {
  const { format, words } = settings;
  const folder = text(context.options, 'output-dir');
  if (folder !== undefined) {
    const lines = await reportWords(context, { id: 'table' });
    return folderOutput(context, folder, settings, lines);
  }
  if (format.id === 'table') return tableOutput(context, words, settings.asked);
  if (format.id === 'json') return jsonOutput(context, registry, words);
  throw new CodedError('GC_USAGE', `${format.id} holds one image only`, {
    hint: 'Give --output-dir DIR for one report for each image, or use -o table or json.',
  });
}
