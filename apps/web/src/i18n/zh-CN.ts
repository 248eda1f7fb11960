// 简体中文文本，每个功能一个文件。类型来自英文目录：缺少任何一个键都无法通过编译。
import type { Catalogue } from './catalogue.ts';
import { containersZh } from './zh/containers.ts';
import { eventsZh } from './zh/events.ts';
import { imagesZh } from './zh/images.ts';
import { overviewZh } from './zh/overview.ts';
import { registriesZh } from './zh/registries.ts';
import { responseZh } from './zh/response.ts';
import { rulesZh } from './zh/rules.ts';
import { settingsZh } from './zh/settings.ts';
import { shellZh } from './zh/shell.ts';
import { workbenchZh } from './zh/workbench.ts';

export const zh: Catalogue = {
  ...shellZh,
  ...overviewZh,
  ...eventsZh,
  ...containersZh,
  ...rulesZh,
  ...responseZh,
  ...settingsZh,
  ...imagesZh,
  ...registriesZh,
  workbench: workbenchZh,
};
