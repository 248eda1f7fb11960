// Reads the package manifest of Azure Linux's distroless images: tab-separated columns, one package a line.
import type { RpmPackage } from './package.ts';

/** `onBroken` is called for each line without usable name or version. Columns: name, version-release, installed at, built at, vendor, epoch, size, architecture, epoch, source rpm. */
export function parseManifest(text: string, onBroken: () => void = () => undefined): RpmPackage[] {
  return text.split('\n').flatMap((line): RpmPackage[] => {
    const [name = '', full = '', , , vendor = '', epoch = '', , arch = '', , sourceRpm = ''] = line
      .trimEnd()
      .split('\t', 10);
    const cut = full.lastIndexOf('-');
    if (line.trim() === '') return [];
    if (name === '' || cut <= 0 || line.length > 4096) {
      onBroken();
      return [];
    }
    return [
      {
        name,
        epoch: /^\d{1,9}$/.test(epoch) ? Number(epoch) : 0,
        version: full.slice(0, cut),
        release: full.slice(cut + 1),
        arch,
        sourceRpm,
        vendor: vendor === '(none)' ? '' : vendor,
        license: '',
        modularity: '',
        files: [],
      },
    ];
  });
}
