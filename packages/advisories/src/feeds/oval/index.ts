// OVAL of SUSE and Oracle: definitions name tests, tests name an object (a package) and a state (a version).
import type { VersionRange } from '@guardcell/core';
import type { FeedReader, Judgement } from '../../feed.ts';
import { NOTHING_PARSED, skip } from '../../feed.ts';
import { isCve, severityWord } from '../../identifiers.ts';
import { childrenNamed, childText, descendants, type XmlElement } from '../../read/xml.ts';

/** Elements that the reader wants. */
export const OVAL_ELEMENTS: readonly string[] = [
  'definition',
  'rpminfo_test',
  'rpminfo_object',
  'rpminfo_state',
];

interface Definition {
  readonly advisory: string;
  readonly vulnerabilities: readonly string[];
  readonly ecosystems: readonly string[];
  readonly severity: ReturnType<typeof severityWord>;
  readonly tests: readonly string[];
}

const MAX_DEFINITIONS = 500_000;

/** `SUSE Linux Enterprise Server 15 SP5`, `openSUSE Leap 15.5`, `Oracle Linux 9` → ecosystems. */
function ovalEcosystem(platform: string): string | undefined {
  const sle =
    /^SUSE Linux Enterprise (?:Server|Desktop|Module for .*|High Performance.*?) (\d+)(?:[ -]SP(\d+))?/.exec(
      platform,
    );
  if (sle !== null) return `SUSE:${sle[1]}${sle[2] === undefined ? '' : `.${sle[2]}`}`;
  const leap = /^openSUSE Leap (\d+\.\d+)/.exec(platform);
  if (leap !== null) return `openSUSE:${leap[1]}`;
  if (platform.startsWith('openSUSE Tumbleweed')) return 'openSUSE:Tumbleweed';
  const oracle = /^Oracle Linux (\d+)/.exec(platform);
  return oracle === null ? undefined : `Oracle Linux:${oracle[1]}`;
}

function definitionOf(element: XmlElement): Definition | undefined {
  const metadata = childrenNamed(element, 'metadata')[0];
  if (metadata === undefined) return undefined;
  const references = childrenNamed(metadata, 'reference');
  const ids = [
    ...references.map((entry) => entry.attributes['ref_id'] ?? ''),
    ...descendants(metadata, 'cve').map((entry) => entry.text.trim()),
    childText(metadata, 'title').split(/[\s:]/)[0] ?? '',
  ].flatMap((id) => id.match(/^CVE-\d{4}-\d{4,}/)?.[0] ?? id);
  const advisory =
    references
      .map((entry) => entry.attributes['ref_id'] ?? '')
      .find((id) => /^(?:ELSA|SUSE-SU|openSUSE-SU)-/.test(id)) ?? '';
  const cves = [...new Set(ids.filter(isCve))];
  const platforms = descendants(metadata, 'platform').map((entry) => ovalEcosystem(entry.text.trim()));
  return {
    advisory: advisory || (cves[0] ?? element.attributes['id'] ?? ''),
    vulnerabilities: cves.length > 0 ? cves : advisory === '' ? [] : [advisory],
    ecosystems: [...new Set(platforms.flatMap((name) => name ?? []))],
    severity: severityWord(descendants(metadata, 'severity')[0]?.text ?? ''),
    tests: descendants(element, 'criterion').map((entry) => entry.attributes['test_ref'] ?? ''),
  };
}

/** What a state says of affected versions; undefined for signatures, architectures and exact versions. */
function rangeOf(state: XmlElement): VersionRange | undefined {
  const evr = state.children.find((child) => child.name === 'evr');
  const written = evr?.text.trim().replace(/^0:/, '') ?? '';
  if (evr === undefined || written === '') return undefined;
  switch (evr.attributes['operation']) {
    case 'less than':
      return { introduced: '0', fixed: written, lastAffected: '' };
    case 'less than or equal':
      return { introduced: '0', fixed: '', lastAffected: written };
    case 'greater than':
      // `> 0-0` says that every version is affected.
      return written === '0-0' ? { introduced: '0', fixed: '', lastAffected: '' } : undefined;
    default:
      return undefined;
  }
}

/** Definitions come first in a document, what they refer to last: all is put together at the end. */
export function ovalReader(): FeedReader {
  const definitions: Definition[] = [];
  const tests = new Map<string, readonly [string, string]>();
  const objects = new Map<string, string>();
  const states = new Map<string, VersionRange>();
  const ref = (element: XmlElement, child: string, attribute: string): string =>
    childrenNamed(element, child)[0]?.attributes[attribute] ?? '';
  return {
    record(value) {
      const element = value as XmlElement;
      const id = element.attributes['id'] ?? '';
      if (element.name === 'definition') {
        const read = definitionOf(element);
        if (read === undefined || read.vulnerabilities.length === 0) return skip('a definition without ids');
        if (definitions.length < MAX_DEFINITIONS) definitions.push(read);
      } else if (element.name === 'rpminfo_test') {
        tests.set(id, [ref(element, 'object', 'object_ref'), ref(element, 'state', 'state_ref')]);
      } else if (element.name === 'rpminfo_object') {
        objects.set(id, childText(element, 'name'));
      } else {
        const range = rangeOf(element);
        if (range !== undefined) states.set(id, range);
      }
      return NOTHING_PARSED;
    },
    end() {
      return { affected: definitions.flatMap((entry) => joined(entry, tests, objects, states)), facts: [] };
    },
  };
}

function joined(
  definition: Definition,
  tests: ReadonlyMap<string, readonly [string, string]>,
  objects: ReadonlyMap<string, string>,
  states: ReadonlyMap<string, VersionRange>,
): readonly Judgement[] {
  const found = new Map<string, Judgement>();
  for (const test of definition.tests) {
    const [object = '', state = ''] = tests.get(test) ?? [];
    const [name, range] = [objects.get(object), states.get(state)];
    if (name === undefined || name === '' || range === undefined) continue;
    for (const ecosystem of definition.ecosystems) {
      found.set(`${ecosystem} ${name} ${range.fixed} ${range.lastAffected}`, {
        vulnerabilities: definition.vulnerabilities,
        advisory: definition.advisory,
        ecosystem,
        name,
        scheme: 'rpm',
        ranges: [range],
        versions: [],
        status: range.fixed === '' ? 'affected' : 'fixed',
        statusNote: '',
        ...(definition.severity === undefined ? {} : { severity: definition.severity }),
      });
    }
  }
  return [...found.values()];
}
