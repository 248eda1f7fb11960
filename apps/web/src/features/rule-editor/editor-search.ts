// What the editor shows, as kept in its URL.
import { defined, textParam } from '../../routes/search-params.ts';

export interface EditorSearch {
  /** The file to open; absent: a new one. */
  file?: string;
  /** A new file that starts with the text of this one. */
  copy?: string;
  line?: number;
}

export function validateEditorSearch(raw: Record<string, unknown>): EditorSearch {
  const line = Number(raw['line']);
  return defined({
    file: textParam(raw['file']),
    copy: textParam(raw['copy']),
    line: Number.isInteger(line) && line > 0 ? line : undefined,
  });
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,80}\.ya?ml$/;

export function isFileName(name: string): boolean {
  return NAME.test(name);
}

/** `builtin/execution/shell.yaml` → `shell.yaml`, or what is nearest to it and may be a name. */
export function nameForCopy(file: string): string {
  const base = file
    .slice(file.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-');
  return isFileName(base) ? base : 'copy.yaml';
}

export const NEW_FILE = `- rule: My rule
  desc: What it looks for, and why that matters.
  condition: >
    evt.type in (execve, execveat) and evt.rawres = 0
    and container.id != host
    and proc.name = example
  output: >
    A program was started
    (command=%proc.cmdline user=%user.name container=%container.name image=%container.image.repository)
  priority: WARNING
  tags: [container, process]
`;
