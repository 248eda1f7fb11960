// Titles of the alerts that scanning raises: they belong to no rule of the library, so their names are read.
import type { Catalogue } from '../../i18n/catalogue.ts';

const NAME =
  /^(?:New (critical|high|medium|low|info) vulnerabilit(y|ies)|(Malware)|(Secret)) in (?:a|an) (running image|image|host|container)$/;

/** The title in the language of the texts; undefined for any other name. */
export function scanTitle(name: string, { scanAlert, severity }: Catalogue): string | undefined {
  const [, found, ending, malware, , place = ''] = NAME.exec(name) ?? [];
  if (place === '') return undefined;
  const where = scanAlert.places[place as keyof typeof scanAlert.places];
  if (found !== undefined)
    return scanAlert.newIn(severity[found as keyof typeof severity], where, ending === 'ies');
  return malware === undefined ? scanAlert.secretIn(where) : scanAlert.malwareIn(where);
}
