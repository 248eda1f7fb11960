// Charts as `helm create` lays them out, pieces of the language one by one, and what hostile templates do: nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderCharts } from './chart.ts';

const VALUES = `
replicas: 2
image: { repository: web, tag: "1.2" }
env: { B: two, A: one }
ports: [80, 443]
empty: {}
security:
  runAsNonRoot: true
tolerations:
  - key: a
    operator: Exists
`;
const HELPERS = `{{/* names */}}
{{- define "web.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}
{{- define "web.labels" -}}
app: {{ include "web.name" . }}
release: {{ .Release.Name }}
{{- end }}
`;

function render(template: string, values = VALUES): string {
  const [made] = renderCharts([
    { path: '/c/Chart.yaml', text: 'apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: "9"\n' },
    { path: '/c/values.yaml', text: values },
    { path: '/c/templates/_helpers.tpl', text: HELPERS },
    { path: '/c/templates/x.yaml', text: template },
  ]);
  return made?.rendered?.text ?? `${made?.problem?.line}: ${made?.problem?.message}`;
}

for (const [what, template, expected] of [
  ['values', 'a: {{ .Values.image.repository }}:{{ .Values.image.tag | quote }}', 'a: web:"1.2"'],
  ['missing values', 'a: {{ .Values.none.deep }}{{ default "x" .Values.none }}', 'a: x'],
  ['blanks that are trimmed', 'a:\n  {{- if true }}\n  b: 1\n  {{- end }}\nc: 2', 'a:\n  b: 1\nc: 2'],
  ['else', '{{ if .Values.empty }}a{{ else if eq .Values.replicas 2.0 }}b{{ else }}c{{ end }}', 'b'],
  ['with', '{{ with .Values.image }}{{ .tag }}{{ $.Chart.Name }}{{ else }}none{{ end }}', '1.2web'],
  ['with over nothing', '{{ with .Values.empty }}x{{ else }}none{{ end }}', 'none'],
  ['range over a map', '{{ range $k, $v := .Values.env }}{{ $k }}={{ $v }};{{ end }}', 'A=one;B=two;'],
  [
    'range over a list',
    '{{ range .Values.ports }}{{ . }},{{ end }}{{ range .Values.no }}x{{ else }}-{{ end }}',
    '80,443,-',
  ],
  ['variables', '{{ $x := 1 }}{{ range .Values.ports }}{{ $x = add $x 1 }}{{ end }}{{ $x }}', '3'],
  ['include', 'm:\n  {{- include "web.labels" . | nindent 2 }}', 'm:\n  app: web\n  release: release'],
  ['toYaml', 't:\n{{ toYaml .Values.tolerations | indent 2 }}', 't:\n  - key: a\n    operator: Exists'],
  [
    'functions',
    '{{ printf "%s-%d" (lower "AB") 3 }} {{ ternary "y" "n" (hasKey .Values "env") }} {{ not (and true "") }}',
    'ab-3 y true',
  ],
  ['abilities of the cluster', '{{ if .Capabilities.APIVersions.Has "policy/v1" }}new{{ end }}', 'new'],
  ['comments and braces in texts', '{{- /* }} a */ -}} {{ "}}" }}{{ `{{` }}', '}}{{'],
  ['tpl', '{{ tpl "{{ .Chart.Name }}!" . }}', 'web!'],
] as const) {
  test(`renders ${what}`, () => assert.equal(render(template), expected));
}

for (const [what, template, expected] of [
  [
    'a function that needs chance',
    'a\nb: {{ randAlphaNum 5 }}',
    "2: the function 'randAlphaNum' is not rendered",
  ],
  ['files of the chart', '{{ .Files.Get "x" }}', '1: .Files.Get is known to helm alone'],
  ['a block without end', '{{ if true }}a', '1: a block has no end'],
  ['an end without block', 'a{{ end }}', "1: an 'end' without its block"],
  ['an unknown template', '{{ include "no.such" . }}', "1: the template 'no.such' is not in the chart"],
  [
    'a template that calls itself',
    '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    '1: the template does not end',
  ],
  [
    'a result that grows',
    '{{ $x := "0123456789" }}{{ range list 1 2 3 4 5 6 7 8 }}{{ $x = replace "0" $x (printf "%s%s%s%s%s%s%s%s%s%s" $x $x $x $x $x $x $x $x $x $x) }}{{ end }}',
    '1: the result is too long',
  ],
] as const) {
  test(`leaves ${what} to helm, with the line`, () => assert.equal(render(template), expected));
}

test('work is bounded over all templates of a scan', () => {
  const loop =
    '{{ range .Values.n }}{{ range $.Values.n }}{{ range $.Values.n }}{{ upper $.Values.t }}{{ end }}{{ end }}{{ end }}';
  const values = `n: [${'1,'.repeat(900)}]\nt: ${'x'.repeat(10_000)}\n`;
  const files = Array.from({ length: 20 }, (_, i) => ({ path: `/c/templates/${i}.yaml`, text: loop }));
  const begun = performance.now();
  const made = renderCharts([
    { path: '/c/Chart.yaml', text: 'name: c' },
    { path: '/c/values.yaml', text: values },
    ...files,
  ]);
  assert.ok(made.every(({ problem }) => problem !== undefined));
  assert.ok(performance.now() - begun < 10_000);
});

test('every line of the result knows its line in the template', () => {
  const template =
    'a: 1\n{{- if .Values.replicas }}\nb:\n  {{- toYaml .Values.tolerations | nindent 2 }}\nc: 3\n{{- end }}\nd: 4\n';
  const [made] = renderCharts([
    { path: '/c/Chart.yaml', text: 'name: web' },
    { path: '/c/values.yaml', text: VALUES },
    { path: '/c/templates/x.yaml', text: template },
  ]);
  const lines = made?.rendered?.text.split('\n').map((line, i) => `${made.rendered?.lines[i + 1]} ${line}`);
  assert.deepEqual(lines, [
    '1 a: 1',
    '3 b:',
    '4   - key: a',
    '4     operator: Exists',
    '5 c: 3',
    '7 d: 4',
    '8 ',
  ]);
});

test('templates without a chart, and templates in folders of a chart in a chart, are told apart', () => {
  const made = renderCharts([
    { path: '/a/templates/x.yaml', text: '{{ .Values.x }}' },
    { path: '/b/Chart.yaml', text: 'name: b' },
    { path: '/b/values.yaml', text: 'x: outer' },
    { path: '/b/charts/d/Chart.yaml', text: 'name: d' },
    { path: '/b/charts/d/values.yaml', text: 'x: inner' },
    { path: '/b/charts/d/templates/x.yaml', text: '{{ .Values.x }}' },
    { path: '/b/templates/deep/x.yaml', text: '{{ .Values.x }}' },
  ]);
  assert.deepEqual(
    made.map(({ rendered, problem }) => rendered?.text ?? problem?.message),
    ['a template without the chart that it belongs to', 'inner', 'outer'],
  );
});

test('a chart within a chart gets the values that the outer one gives it', () => {
  const made = renderCharts([
    { path: '/b/Chart.yaml', text: 'name: b' },
    { path: '/b/values.yaml', text: 'global: { g: 1 }\nd: { x: given }\n' },
    { path: '/b/charts/d/Chart.yaml', text: 'name: d' },
    { path: '/b/charts/d/values.yaml', text: 'x: own\ny: kept\n' },
    { path: '/b/charts/d/templates/x.yaml', text: '{{ .Values.x }} {{ .Values.y }} {{ .Values.global.g }}' },
  ]);
  assert.equal(made[0]?.rendered?.text, 'given kept 1');
});

test('no text makes rendering throw or hang', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    '-}}',
    'if ',
    'end',
    'else',
    'range ',
    '.Values.a',
    '$x',
    ':=',
    '"',
    '`',
    '(',
    ')',
    '|',
    ' ',
    '\n',
    'include "web.name" .',
    '/*',
    '*/',
    'quote',
    'define "q"',
    '1',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      render(pieces.join(''));
      render(`{{ ${pieces.join('')} }}`);
    }),
    { numRuns: 1500 },
  );
});
