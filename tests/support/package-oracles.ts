// What language packages are in an image, asked of the ecosystems' own tools: Ruby, Python and npm themselves, Python's
// zip reader for jars, and the texts in a Go program.
import { readFileSync } from 'node:fs';
import { command } from './run-command.ts';

const MINUTE_MS = 60_000;

async function inImage(image: string, program: readonly string[], input: string): Promise<string> {
  return command('docker', ['run', '--rm', '-i', '--network', 'none', image, ...program], {
    input,
    timeoutMs: 3 * MINUTE_MS,
  });
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** `name version` of every gem specification. */
export async function gemsIn(image: string): Promise<readonly string[]> {
  const script = `
    Dir['/{usr,opt,var}/**/specifications/**/*.gemspec'].each do |file|
      spec = Gem::Specification.load(file)
      puts "#{spec.name} #{spec.version}"
    end`;
  return lines(await inImage(image, ['ruby', '-e', script], ''));
}

/** `name version` of every Python distribution, names as PyPI compares them. */
export async function pythonIn(image: string): Promise<readonly string[]> {
  const script = `
import glob, os, re
from importlib.metadata import distributions
found = [p for root in ('/usr', '/opt') for kind in ('dist', 'egg') for p in glob.glob(f'{root}/**/*.{kind}-info', recursive=True)]
for folder in sorted({os.path.dirname(p) for p in found}):
    for d in distributions(path=[folder]):
        print(re.sub('[-_.]+', '-', d.metadata['Name']).lower(), d.version)`;
  return lines(await inImage(image, ['python3', '-c', script], ''));
}

export interface JarFacts {
  readonly path: string;
  /** `group:artifact version` of the pom.properties in it, archives in archives included. */
  readonly inside: readonly string[];
  /** The same, of links to it in a repository laid out as Maven's. */
  readonly linked: readonly string[];
}

export async function jarsIn(image: string): Promise<readonly JarFacts[]> {
  const script = `
import glob, io, json, os, re, zipfile
def inside(data):
    found = []
    with zipfile.ZipFile(data) as z:
        for name in z.namelist():
            if re.fullmatch(r'META-INF/maven/[^/]+/[^/]+/pom\\.properties', name):
                p = dict(l.split('=', 1) for l in z.read(name).decode().splitlines() if '=' in l and not l.startswith('#'))
                found.append(f"{p['groupId'].strip()}:{p['artifactId'].strip()} {p['version'].strip()}")
            elif name.endswith('.jar'):
                found += inside(io.BytesIO(z.read(name)))
    return found
links = {}
for link in glob.glob('/opt/vendor/usr/share/maven-repo/**/*.jar', recursive=True):
    *group, artifact, version, _ = os.path.relpath(link, '/opt/vendor/usr/share/maven-repo').split('/')
    if version != 'debian' and not version.endswith('x'):
        links.setdefault(os.path.realpath(link), []).append(f"{'.'.join(group)}:{artifact} {version}")
for jar in glob.glob('/opt/**/*.jar', recursive=True) + glob.glob('/usr/**/*.jar', recursive=True):
    if not os.path.islink(jar):
        print(json.dumps({'path': jar, 'inside': sorted(set(inside(jar))), 'linked': links.get(jar, [])}))`;
  return lines(await inImage(image, ['python3', '-c', script], '')).map(
    (line) => JSON.parse(line) as JarFacts,
  );
}

/** `name version` as npm lists an installed tree. */
export async function npmIn(folder: string): Promise<readonly string[]> {
  const listed = await command('npm', ['ls', '--all', '--parseable', '--long'], { cwd: folder });
  return lines(listed)
    .map((line) => line.split(':')[1] ?? '')
    .filter((label) => !label.startsWith('shop@'))
    .map((label) => label.replace(/(?<=.)@(?=[^@]*$)/, ' '));
}

/** `module version` of the build information of a Go program, by its texts; the toolchain as `stdlib`. */
export function goModulesIn(program: string): readonly string[] {
  const text = readFileSync(program).toString('latin1');
  const modules = [...text.matchAll(/\ndep\t(\S+)\t(v\S+)/g)].map((match) => `${match[1]} ${match[2]}`);
  const toolchain = /go(1\.\d+(?:\.\d+)?)/.exec(text.slice(text.indexOf('Go buildinf:')))?.[1] ?? '';
  return [...new Set([...modules, `stdlib ${toolchain}`])];
}

/** For each gem, whether it is concerned: `[name, version, patched and unaffected requirements]` in, booleans out. */
export async function gemVerdicts(
  image: string,
  questions: readonly (readonly [version: string, safe: readonly string[]])[],
): Promise<readonly boolean[]> {
  if (questions.length === 0) return [];
  const script = `
    require 'json'
    answers = JSON.parse(STDIN.read).map do |version, safe|
      safe.none? { |r| Gem::Requirement.new(*r.split(',').map(&:strip)).satisfied_by?(Gem::Version.new(version)) }
    end
    puts JSON.generate(answers)`;
  return JSON.parse(await inImage(image, ['ruby', '-e', script], JSON.stringify(questions))) as boolean[];
}

/** The order of these PEP 440 versions by Python's own packaging; what it cannot read is left out. */
export async function pep440Order(
  image: string,
  versions: readonly string[],
): Promise<(a: string, b: string) => number> {
  const script = `
import json, sys
from packaging.version import Version, InvalidVersion
def read(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None
known = {text: read(text) for text in json.load(sys.stdin)}
order = sorted({v for v in known.values() if v is not None})
rank = {v: i for i, v in enumerate(order)}
print(json.dumps({text: rank[v] for text, v in known.items() if v is not None}))`;
  const distinct = [...new Set(versions)];
  const answer =
    distinct.length === 0 ? '{}' : await inImage(image, ['python3', '-c', script], JSON.stringify(distinct));
  const ranks = new Map(Object.entries(JSON.parse(answer) as Record<string, number>));
  const rank = (version: string): number => {
    const known = ranks.get(version);
    if (known === undefined) throw new Error(`Python cannot read ${version}`);
    return known;
  };
  return (a, b) => rank(a) - rank(b);
}
