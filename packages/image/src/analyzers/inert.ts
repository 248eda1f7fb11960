// Which system packages hold nothing that runs: headers, documentation, debug symbols, translations.

const INERT_NAME =
  /^(?:linux-headers(?:-|$)|linux-libc-dev|linux-api-headers|linux-doc|linux-source|linux-kbuild|kernel-headers|kernel-doc|kernel-devel|kernel-debuginfo|glibc-headers)|-(?:doc|docs|dbg|dbgsym|debuginfo|debugsource|dev|devel|headers|man|manpages|locale|l10n)$/;

const INERT_SECTIONS: ReadonlySet<string> = new Set(['doc', 'debug', 'libdevel', 'localization']);

/** By the name and, where the database has one, the section (`contrib/doc` counts as `doc`). */
export function isInert(name: string, section = ''): boolean {
  return INERT_NAME.test(name) || INERT_SECTIONS.has(section.slice(section.lastIndexOf('/') + 1));
}
