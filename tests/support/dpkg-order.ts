// dpkg's own order of versions, asked for many pairs at once.
import { spawnSync } from 'node:child_process';

const VERSION = /^[\w.+:~-]+$/;

/** Which of the pairs have the first version before the second. Each pair is asked once. */
export function dpkgBefore(pairs: readonly (readonly [string, string])[]): (a: string, b: string) => boolean {
  const distinct = [...new Set(pairs.map(([a, b]) => `${a} ${b}`))];
  for (const pair of distinct) {
    if (!pair.split(' ').every((version) => VERSION.test(version))) throw new Error(`no versions: ${pair}`);
  }
  const script = distinct.map((pair) => {
    const [a = '', b = ''] = pair.split(' ');
    return `dpkg --compare-versions '${a}' lt '${b}' && echo '${pair}'`;
  });
  const { stdout, stderr } = spawnSync('sh', ['-s'], {
    input: `${script.join('\n')}\ntrue\n`,
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(`dpkg: ${stderr.slice(0, 500)}`);
  const before = new Set(stdout.split('\n'));
  return (a, b) => before.has(`${a} ${b}`);
}
