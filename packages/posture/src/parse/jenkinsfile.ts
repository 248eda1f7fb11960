// Jenkinsfiles at the level of lines and texts: comments are taken away, nothing is run.

export interface JenkinsLine {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

export interface Jenkinsfile {
  readonly lines: readonly JenkinsLine[];
  /** Without comments. */
  readonly text: string;
}

/** Splits a Jenkinsfile into lines without comments; texts in quotes keep their slashes. */
export function parseJenkinsfile(source: string): Jenkinsfile {
  let inBlock = false;
  const lines = source.split(/\r?\n/).map((line, index) => {
    let text = '';
    let quote = '';
    for (let at = 0; at < line.length; at++) {
      const char = line[at] ?? '';
      const pair = line.slice(at, at + 2);
      if (inBlock) {
        if (pair === '*/') {
          inBlock = false;
          at++;
        }
        continue;
      }
      if (quote === '' && pair === '//') break;
      if (quote === '' && pair === '/*') {
        inBlock = true;
        at++;
        continue;
      }
      if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (char === quote && line[at - 1] !== '\\') quote = '';
      text += char;
    }
    return { startLine: index + 1, endLine: index + 1, text };
  });
  return { lines, text: lines.map((line) => line.text).join('\n') };
}
