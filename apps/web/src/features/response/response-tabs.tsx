// Heading and tabs that the response rules and the action history share.
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { PageHead, TabLinks } from '../../ui/page.tsx';

export function ResponseHead(props: {
  readonly current: 'rules' | 'history';
  readonly children?: ReactNode;
}): ReactNode {
  const text = useText();
  return (
    <>
      <PageHead title={text.response.title}>{props.children}</PageHead>
      <TabLinks
        label={text.response.title}
        current={props.current}
        tabs={[
          { key: 'rules', label: text.response.rulesTab, to: '/response' },
          { key: 'history', label: text.response.historyTab, to: '/response/history' },
        ]}
      />
    </>
  );
}
