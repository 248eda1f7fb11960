// Identifiers of vulnerabilities, and which one a vulnerability goes by.

const CVE = /^CVE-\d{4}-\d{4,}$/;
const KNOWN = /\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3}|XSA-\d+|ALPINE-\d+)\b/gi;

export function isCve(id: string): boolean {
  return CVE.test(id);
}

/** All identifiers within a text such as `CVE-2017-12134 XSA-229 (+ fix)`; the CVE ids when there are any. */
export function idsWithin(text: string): readonly string[] {
  const found = [...new Set(text.match(KNOWN) ?? [])];
  const cves = found.filter(isCve);
  return cves.length > 0 ? cves : found;
}

/** The CVE id when there is one, else the record's own. */
export function preferredId(own: string, aliases: readonly string[]): string {
  return isCve(own) ? own : (aliases.find(isCve) ?? own);
}

/**
 * What a record is about: every CVE id that it names, since two of them are two vulnerabilities, whatever the record calls
 * them; else its own id.
 */
export function vulnerabilitiesNamed(own: string, aliases: readonly string[]): readonly string[] {
  const cves = [...new Set([own, ...aliases].filter(isCve))];
  return cves.length > 0 ? cves : [own];
}

/** Words for severity as feeds use them. */
export function severityWord(text: string): 'critical' | 'high' | 'medium' | 'low' | 'info' | undefined {
  switch (text.toLowerCase().replaceAll('*', '').trim()) {
    case 'critical':
      return 'critical';
    case 'high':
    case 'important':
      return 'high';
    case 'medium':
    case 'moderate':
      return 'medium';
    case 'low':
      return 'low';
    case 'negligible':
    case 'unimportant':
    case 'none':
    case 'info':
      return 'info';
    default:
      return undefined;
  }
}
