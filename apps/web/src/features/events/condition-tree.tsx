// The whole condition of an alert's rule as it was evaluated: every test with its verdict and the value it saw.
import type { EvaluatedNode } from '@guardcell/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import x from '../../ui/text.module.css';
import s from './alert.module.css';

const INDENT_PX = 14;
const MAX_INDENT = 20;

/** A list with levels: nothing is folded, so that it can be searched and read aloud from top to bottom. */
export function ConditionTree({ nodes }: { readonly nodes: readonly EvaluatedNode[] }): ReactNode {
  const text = useText();
  const { explain } = text.workbench;
  return (
    <details className={s.exclusions}>
      <summary>{explain.show}</summary>
      <ul className={s.checks}>
        {nodes.map((node, at) => (
          // The nodes of an alert never move.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} style={{ paddingLeft: Math.min(node.depth, MAX_INDENT) * INDENT_PX }}>
            <span className={s.verdict} data-holds={node.holds}>
              <Icon name={node.holds ? 'check' : 'close'} size={12} />
              <span className={x.srOnly}>{node.holds ? explain.holds : explain.fails}</span>
            </span>
            <Node node={node} />
            {node.cut !== undefined && node.cut > 0 && (
              <span className={x.muted}>{explain.cut(node.cut)}</span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Node({ node }: { readonly node: EvaluatedNode }): ReactNode {
  const text = useText();
  if (node.kind === 'macro') return <code className={s.macroName}>{node.macro}</code>;
  if (node.kind !== 'check') return <code className={s.operator}>{node.kind}</code>;
  return (
    <span className={s.leaf}>
      <code className={s.field}>{node.field}</code> <code className={s.operator}>{node.operator}</code>{' '}
      <code>{node.expected}</code>
      <span className={x.muted}>
        {' '}
        · {node.actual === undefined ? text.workbench.explain.missing : node.actual}
      </span>
    </span>
  );
}
