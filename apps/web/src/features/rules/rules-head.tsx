// Heading and tabs that the library, the matrix and the rule files share.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCan } from '../../api/session.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PageHead, TabLinks } from '../../ui/page.tsx';
import s from './rules.module.css';

export function RulesHead(props: {
  readonly current: 'library' | 'matrix' | 'files';
  readonly note?: ReactNode;
}): ReactNode {
  const text = useText();
  const mayWrite = useCan('admin');
  const { tabs } = text.workbench;
  return (
    <>
      <PageHead title={text.rules.title} {...(props.note !== undefined && { note: props.note })}>
        {mayWrite && (
          <Link to="/rules/editor" className={s.newRule}>
            <Icon name="plus" size={14} />
            {text.workbench.newRule}
          </Link>
        )}
      </PageHead>
      <TabLinks
        label={text.rules.title}
        current={props.current}
        tabs={[
          { key: 'library', label: tabs.library, to: '/rules' },
          { key: 'matrix', label: tabs.matrix, to: '/rules/matrix' },
          { key: 'files', label: tabs.files, to: '/rules/files' },
        ]}
      />
    </>
  );
}
