// English texts, a file for each feature: the original that every other catalogue must match key by key.
import { containersEn } from './en/containers.ts';
import { eventsEn } from './en/events.ts';
import { imagesEn } from './en/images.ts';
import { overviewEn } from './en/overview.ts';
import { registriesEn } from './en/registries.ts';
import { responseEn } from './en/response.ts';
import { rulesEn } from './en/rules.ts';
import { settingsEn } from './en/settings.ts';
import { shellEn } from './en/shell.ts';
import { workbenchEn } from './en/workbench.ts';

export const en = {
  ...shellEn,
  ...overviewEn,
  ...eventsEn,
  ...containersEn,
  ...rulesEn,
  ...responseEn,
  ...settingsEn,
  ...imagesEn,
  ...registriesEn,
  workbench: workbenchEn,
};
