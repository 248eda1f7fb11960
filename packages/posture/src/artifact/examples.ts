// Examples of these checks as text: settings as JSON, files as `MODE PATH`, accounts as the files have them.
import type { AccountFile, FileFact, ImageSettings } from './facts.ts';
import { capabilitiesOfText } from './file-capabilities.ts';
import { type JudgePasswords, readAccounts } from './read-accounts.ts';

const NO_SETTINGS: ImageSettings = {
  reference: '',
  user: '',
  env: [],
  exposedPorts: [],
  labels: {},
  healthcheck: undefined,
  history: [],
  layers: [],
  size: 0,
};

/** Members that are left out are empty. */
export function imageOfText(text: string): ImageSettings {
  return { ...NO_SETTINGS, ...(JSON.parse(text) as Partial<ImageSettings>) };
}

/** `4755 /usr/bin/su`, one in a line, with capabilities behind it; folders end in a slash. */
export function filesOfText(text: string): readonly FileFact[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, path]) => path !== undefined)
    .map(([mode = '', path = '', capabilities]) => ({
      path: path.replace(/(?<=.)\/$/, ''),
      mode: Number.parseInt(mode, 8),
      size: 1000,
      isDirectory: path.endsWith('/'),
      ...(capabilities === undefined ? {} : { capabilities: capabilitiesOfText(capabilities) }),
    }));
}

/** Read as if only root and its group could. */
export function accountsOfText(path: string, text: string, judge?: JudgePasswords): AccountFile {
  return { path, mode: 0o640, accounts: readAccounts(text, judge) };
}
