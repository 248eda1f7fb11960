// What Java archives are found to hold.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { heldContent } from '../../content/file-content.ts';
import { analyzeFiles } from '../testing.ts';
import { identifyByManifest, splitFileName } from './identify-jar.ts';
import { jarAnalyzer } from './index.ts';
import { parseManifest } from './parse-manifest.ts';
import { JAR_LIMITS, readJar } from './read-jar.ts';
import { buildZip } from './testing.ts';

const pomProperties = (group: string, artifact: string, version: string) => ({
  name: `META-INF/maven/${group}/${artifact}/pom.properties`,
  content: `#Created by Apache Maven\r\nversion=${version}\r\ngroupId=${group}\r\nartifactId=${artifact}\r\n`,
});

const log4j = buildZip([pomProperties('org.apache.logging.log4j', 'log4j-core', '2.14.1')]);

test('finds libraries within archives within archives, with the path that leads there', () => {
  const war = buildZip([{ name: 'WEB-INF/lib/log4j-core-2.14.1.jar', content: log4j, stored: true }]);
  const ear = buildZip([{ name: 'shop.war', content: war }]);
  const { packages } = analyzeFiles(jarAnalyzer, { '/opt/shop.ear': ear, '/opt/log4j-core.jar': log4j });
  assert.deepEqual(packages, [
    {
      name: 'org.apache.logging.log4j:log4j-core',
      version: '2.14.1',
      type: 'maven',
      purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
      locations: [
        { path: '/opt/shop.ear!/shop.war!/WEB-INF/lib/log4j-core-2.14.1.jar' },
        { path: '/opt/log4j-core.jar' },
      ],
      licenses: [],
    },
  ]);
});

test('names everything that was shaded into a jar, and the jar itself', () => {
  const jar = buildZip([
    pomProperties('cglib', 'cglib', '3.2.12'),
    { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\nImplementation-Version: 4.2.3\n' },
  ]);
  assert.deepEqual(
    readJar(heldContent(jar), '/usr/share/java/guice.jar').packages.map((p) => `${p.name} ${p.version}`),
    ['cglib:cglib 3.2.12', 'com.google.inject:guice 4.2.3'],
  );
});

test('reads pom.xml where pom.properties is missing or was not filled in', () => {
  const jar = buildZip([
    pomProperties('a.b', 'c', '${project.version}'),
    {
      name: 'META-INF/maven/a.b/c/pom.xml',
      content:
        '<project><parent><groupId>a.b</groupId><version>7</version></parent><artifactId>c</artifactId></project>',
    },
  ]);
  assert.deepEqual(
    readJar(heldContent(jar), 'x.jar').packages.map((p) => [p.name, p.version]),
    [['a.b:c', '7']],
  );
});

test('a broken pom.xml is a problem of its own and does not hide the rest of the jar', () => {
  const jar = buildZip([
    { name: 'META-INF/maven/a.b/broken/pom.xml', content: '<project><artifactId>' },
    pomProperties('a.b', 'c', '1'),
  ]);
  const { packages, problems } = readJar(heldContent(jar), 'c.jar');
  assert.deepEqual(
    packages.map((p) => p.name),
    ['a.b:c'],
  );
  assert.deepEqual(problems, [
    'META-INF/maven/a.b/broken/pom.xml: not readable: not well-formed XML: <artifactId> is not closed',
  ]);
});

test('the vendor in the manifest of a shaded jar may be that of a part, and names nobody', () => {
  const jar = buildZip([
    pomProperties('org.yaml', 'snakeyaml', '1.19'),
    { name: 'META-INF/MANIFEST.MF', content: 'Implementation-Vendor-Id: org.glassfish\n' },
  ]);
  assert.deepEqual(
    readJar(heldContent(jar), 'server-standalone-3.1.jar').packages.map((p) => p.name),
    ['org.yaml:snakeyaml'],
  );
});

test('takes group, artifact and version from manifest and file name', () => {
  const cases: [string, string, string][] = [
    ['commons-collections-3.2.1.jar', '', 'commons-collections:commons-collections 3.2.1'],
    ['guava-31.1-jre.jar', 'Bundle-Version: 31.1.0.jre', 'com.google.guava:guava 31.1-jre'],
    ['x-core-1.2.jar', 'Bundle-SymbolicName: org.acme.x.core;singleton:=true', 'org.acme.x:x-core 1.2'],
    ['objenesis-3.3.jar', 'Bundle-SymbolicName: org.objenesis', 'org.objenesis:objenesis 3.3'],
    ['own.jar', 'Implementation-Vendor-Id: com.acme\nImplementation-Version: 9.1', 'com.acme:own 9.1'],
    ['nobody-knows-1.0.jar', '', 'nobody-knows 1.0'],
    ['log4j-core-2.14.1-all.jar', '', 'org.apache.logging.log4j:log4j-core 2.14.1'],
    ['log4j-core-2.14.1-test-sources.jar', '', 'org.apache.logging.log4j:log4j-core 2.14.1'],
    ['guava-31.1-jre.jar', '', 'com.google.guava:guava 31.1-jre'],
    ['log4j-1.2-1.2.17.jar', 'Bundle-Version: 1.2.17', 'log4j:log4j 1.2.17'],
    [
      'spring3-core-3.x.jar',
      'Implementation-Title: spring-core\nImplementation-Version: 4.3.30.RELEASE',
      'org.springframework:spring-core 4.3.30.RELEASE',
    ],
    [
      'commons-collections3-3.2.2.jar',
      'Extension-Name: commons-collections',
      'commons-collections:commons-collections 3.2.2',
    ],
    [
      'tomcat9-catalina-9.0.43.jar',
      'Bundle-Name: tomcat-catalina',
      'org.apache.tomcat:tomcat-catalina 9.0.43',
    ],
    ['spring3-core-4.3.30.jar', 'Implementation-Title: another', 'spring3-core 4.3.30'],
  ];
  for (const [path, manifest, expected] of cases) {
    const found = identifyByManifest(path, parseManifest(manifest));
    assert.deepEqual(
      found.map((p) => `${p.name} ${p.version}`),
      [expected],
      path,
    );
  }
});

test('believes the folders of Maven and Gradle caches where the file is called alike', () => {
  const jar = buildZip([{ name: 'a.class', content: '' }]);
  const named = (path: string): readonly string[] =>
    readJar(heldContent(jar), path).packages.map((p) => `${p.name} ${p.version}`);
  assert.deepEqual(named('/root/.m2/repository/oro/oro/2.0.8/oro-2.0.8.jar'), ['oro:oro 2.0.8']);
  assert.deepEqual(named('/root/.m2/repository/a/b/c/1-x/c-1-x-tests.jar'), ['a.b:c 1-x']);
  const gradle = `/root/.gradle/caches/modules-2/files-2.1/org.x/y/1.0/${'ab'.repeat(20)}/y-1.0.jar`;
  assert.deepEqual(named(gradle), ['org.x:y 1.0']);
  assert.deepEqual(named('/srv/repository/a/b/c/1/other-2.jar'), ['other 2']);
});

test('claims nothing about a jar without any version', () => {
  assert.deepEqual(identifyByManifest('app.jar', parseManifest('Created-By: me')), []);
  assert.deepEqual(splitFileName('/a/b/log4j-core-2.14.1.jar'), {
    artifact: 'log4j-core',
    version: '2.14.1',
  });
});

test('joins continued manifest lines and stops at the sections of single files', () => {
  const headers = parseManifest(
    'A: one\r\n  two\r\nBundle-License: MIT,\r\n  Apache-2.0;link="x"\r\n\r\nName: f\r\nB: no\r\n',
  );
  assert.equal(headers.get('a'), 'one two');
  assert.equal(headers.has('b'), false);
});

test('says what it did not look at and still reports the rest', () => {
  let deep = log4j;
  for (let i = 0; i < 7; i++) deep = buildZip([{ name: `l${i}.jar`, content: deep, stored: true }]);
  const bomb = buildZip([
    { name: 'bomb.jar', content: Buffer.alloc(4 << 20) },
    { name: 'ok.jar', content: log4j },
    { name: 'text.jar', content: 'no archive' },
    { name: 'deep.jar', content: deep, stored: true },
  ]);
  const { packages, problems } = readJar(heldContent(bomb), '/x.jar');
  assert.deepEqual(
    packages.map((p) => p.inner),
    ['ok.jar'],
  );
  assert.deepEqual(problems, [
    'bomb.jar: inflates to more than 100 times its size',
    'text.jar: not a ZIP archive',
    'deep.jar!/l6.jar!/l5.jar!/l4.jar!/l3.jar!/l2.jar: more than 5 archives within each other',
  ]);
});

test('spends no more bytes than the budget over all archives together', () => {
  const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i * 31) % 251));
  const inner = buildZip([{ name: 'noise', content: noise, stored: true }]);
  const many = buildZip(Array.from({ length: 50 }, (_, i) => ({ name: `${i}.jar`, content: inner })));
  const { problems } = readJar(heldContent(many), '/x.jar', { ...JAR_LIMITS, totalBytes: 10_000 });
  assert.equal(problems.length, 20);
  assert.equal(problems[0], '3.jar: entry is too large');
});

test('reads only so many entries, and charges lies about sizes to the budget', () => {
  const many = buildZip(Array.from({ length: 30 }, (_, i) => pomProperties('a.b', `c${i}`, '1')));
  const few = readJar(heldContent(many), '/x.jar', { ...JAR_LIMITS, reads: 10 });
  assert.equal(few.packages.length, 10);
  assert.match(few.problems[0] ?? '', /more than 10 entries to read/);

  const bomb = buildZip(
    Array.from({ length: 5 }, (_, i) => ({ name: `${i}.jar`, content: Buffer.alloc(300_000) })),
  );
  const header = Buffer.from('PK\x01\x02', 'latin1');
  for (let at = bomb.indexOf(header); at >= 0; at = bomb.indexOf(header, at + 1))
    bomb.writeUInt32LE(0, at + 24);
  const { problems } = readJar(heldContent(bomb), '/x.jar', {
    ...JAR_LIMITS,
    archiveBytes: 100_000,
    totalBytes: 250_000,
  });
  assert.deepEqual(
    problems,
    [0, 1, 2, 3, 4].map((i) => `${i}.jar: entry is too large`),
  );
});

test('reports a file that is no archive as a problem', () => {
  const { problems } = analyzeFiles(jarAnalyzer, { '/a.jar': 'hello' });
  assert.equal(problems.get('/a.jar'), 'not a ZIP archive');
});

test('never throws for changed bytes', () => {
  const war = buildZip([
    { name: 'WEB-INF/lib/a.jar', content: log4j },
    { name: 'META-INF/MANIFEST.MF', content: 'Implementation-Version: 1\n' },
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(war.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      (changes) => {
        const broken = Buffer.from(war);
        for (const [at, value] of changes) broken[at] = value;
        readJar(heldContent(broken), '/a.war');
      },
    ),
    { numRuns: 300 },
  );
});

const JAVA = '/usr/share/java';
test('names the real jars of Debian with the version in their file names', {
  skip: existsSync(JAVA) ? false : 'no jars of Debian here',
}, () => {
  const versioned = readdirSync(JAVA, { withFileTypes: true })
    // Links keep older names for newer jars.
    .filter((file) => file.isFile() && /^\D+-\d[\d.]*\.jar$/.test(file.name))
    .map((file) => file.name);
  for (const name of versioned) {
    const { packages, problems } = readJar(heldContent(readFileSync(join(JAVA, name))), name);
    assert.deepEqual(problems, [], name);
    assert.ok(
      packages.some((p) => p.version === splitFileName(name).version),
      `${name}: ${JSON.stringify(packages)}`,
    );
  }
});
