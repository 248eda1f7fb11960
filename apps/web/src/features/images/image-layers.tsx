// The layers of an image, lowest first: the step of the build, and what it brought in.
import type { Artifact } from '@guardcell/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { EmptyState } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { SeverityNumbers } from '../vulnerabilities/vulnerability-marks.tsx';
import s from './images.module.css';

export function ImageLayers({ artifact }: { readonly artifact: Artifact }): ReactNode {
  const { layer } = useText().images;
  if (artifact.layers.length === 0) return <EmptyState title={layer.none} hint={layer.noneHint} />;
  return (
    <ol className={s.layers}>
      {artifact.layers.map((each) => (
        <li key={each.diffId}>
          <Link
            to="/images/$imageId"
            params={{ imageId: artifact.summary.id }}
            search={{ layer: each.diffId }}
            className={s.layer}
            title={layer.brings}
          >
            <span>
              <code className={s.clamp}>{each.createdBy || layer.unknownStep}</code>
              <span className={x.sub}>{each.diffId}</span>
            </span>
            <span className={x.muted}>{layer.packages(each.packages)}</span>
            <SeverityNumbers counts={each.vulnerabilities} />
          </Link>
        </li>
      ))}
    </ol>
  );
}
