// What the fake platform says in Chinese: by the real server's texts, those of findings included.
import type { ArtifactFindings, RouteName } from '@guardcell/contract';
import { localizedReport } from '@guardcell/scan/catalogue';
import { answerInChinese } from '../../../../../apps/server/src/routes/in-language.ts';

export function inChinese(name: RouteName, answer: unknown): unknown {
  if (name === 'getArtifactFindings') return localizedReport(answer as ArtifactFindings, 'zh');
  return answerInChinese(name, answer);
}
