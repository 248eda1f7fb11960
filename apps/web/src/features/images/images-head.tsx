// Heading and tabs that the list of images and the registries share.
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { PageHead, TabLinks } from '../../ui/page.tsx';

export function ImagesHead(props: {
  readonly current: 'images' | 'registries';
  readonly note?: string;
  readonly children?: ReactNode;
}): ReactNode {
  const { images, registries } = useText();
  return (
    <>
      <PageHead title={props.current === 'images' ? images.title : registries.title} note={props.note ?? ''}>
        {props.children}
      </PageHead>
      <TabLinks
        label={images.title}
        current={props.current}
        tabs={[
          { key: 'images', label: images.tabs.images, to: '/images' },
          { key: 'registries', label: images.tabs.registries, to: '/images/registries' },
        ]}
      />
    </>
  );
}
