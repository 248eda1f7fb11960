import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderSpans, wantsColours } from './style.ts';

test('pipes get the text alone', () => {
  assert.equal(renderSpans(['a ', ['bad', 'b']], { isTty: false, colours: false }), 'a b');
});

test('colours surround only what they are for, and texts cannot bring their own', () => {
  const out = renderSpans([['good', 'ok\u001b[31m'], ' x\u001b]0;t\u0007'], { isTty: true, colours: true });
  assert.equal(out, '\u001b[32mok\uFFFD[31m\u001b[0m x\uFFFD]0;t\uFFFD');
});

test('colours are for terminals unless the environment says otherwise', () => {
  assert.equal(wantsColours({}, true), true);
  assert.equal(wantsColours({}, false), false);
  assert.equal(wantsColours({ NO_COLOR: '1', FORCE_COLOR: '1' }, true), false);
  assert.equal(wantsColours({ FORCE_COLOR: '1' }, false), true);
  assert.equal(wantsColours({ FORCE_COLOR: '0' }, true), false);
  assert.equal(wantsColours({ TERM: 'dumb' }, true), false);
});
