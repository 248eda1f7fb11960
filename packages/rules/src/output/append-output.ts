// What operators add to the outputs of rules without touching them, as `append_output` of Falco's configuration does.
import { compileTemplate, type OutputTemplate, type TemplateResult } from './template.ts';

/** Which rules an entry is for; what is left out matches every rule. */
export interface OutputMatch {
  readonly rule?: string;
  readonly source?: string;
  /** The rule must have all of them. */
  readonly tags?: readonly string[];
}

export interface AppendOutput {
  readonly match?: OutputMatch;
  /** Follows the rule's output after a blank: `k8s=%k8s.ns.name`. */
  readonly extraOutput?: string;
  /** Entries of output_fields: the name of a field, or a key with a text that may have fields in it. */
  readonly extraFields?: readonly (string | Readonly<Record<string, string>>)[];
  /** Follows the output with container and pod, for rules over system calls. */
  readonly suggestedOutput?: boolean;
}

/** A field that is in output_fields only. */
export interface ExtraField {
  readonly key: string;
  readonly template: OutputTemplate;
  /** The value keeps its type; else it is the filled-in text. */
  readonly raw: boolean;
}

/** What entries see of a rule. */
export interface OutputSubject {
  readonly name: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly output: string;
}

const SUGGESTED_OUTPUT =
  'container_id=%container.id container_name=%container.name' +
  ' container_image_repository=%container.image.repository container_image_tag=%container.image.tag' +
  ' k8s_pod_name=%k8s.pod.name k8s_ns_name=%k8s.ns.name';

function applies(match: OutputMatch | undefined, rule: OutputSubject): boolean {
  if (match === undefined) return true;
  if (match.rule !== undefined && match.rule !== '' && match.rule !== rule.name) return false;
  if (match.source !== undefined && match.source !== '' && match.source !== rule.source) return false;
  return (match.tags ?? []).every((tag) => rule.tags.includes(tag));
}

/** The rule's output with everything that follows it. */
export function outputText(rule: OutputSubject, entries: readonly AppendOutput[]): string {
  const parts = [rule.output];
  for (const entry of entries) {
    if (!applies(entry.match, rule)) continue;
    if (entry.suggestedOutput === true && rule.source === 'syscall') parts.push(SUGGESTED_OUTPUT);
    if (entry.extraOutput !== undefined && entry.extraOutput !== '') parts.push(entry.extraOutput);
  }
  return parts.join(' ');
}

export type ExtraFieldsResult =
  | { readonly fields: readonly ExtraField[] }
  | Extract<TemplateResult, { readonly problem: string }>;

/** The fields that the entries add to output_fields; of two with one key the later one counts. */
export function extraFieldsOf(rule: OutputSubject, entries: readonly AppendOutput[]): ExtraFieldsResult {
  const formats = new Map<string, { readonly format: string; readonly raw: boolean }>();
  for (const entry of entries) {
    if (!applies(entry.match, rule)) continue;
    for (const extra of entry.extraFields ?? []) {
      if (typeof extra === 'string') {
        const name = extra.startsWith('%') ? extra.slice(1) : extra;
        formats.set(name, { format: `%${name}`, raw: true });
      } else {
        for (const [key, format] of Object.entries(extra)) formats.set(key, { format, raw: false });
      }
    }
  }
  const fields: ExtraField[] = [];
  for (const [key, { format, raw }] of formats) {
    const compiled = compileTemplate(format, rule.source);
    if ('problem' in compiled) return compiled;
    const { template } = compiled;
    if (raw && (template.parts.length !== 1 || typeof template.parts[0] === 'string')) {
      return { problem: `'${key}' is not one field`, hint: '', offset: 0, unknown: false };
    }
    fields.push({ key, template, raw });
  }
  return { fields };
}
