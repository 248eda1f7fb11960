// Mounts and capabilities of a container, those that reach the host marked.
import type { ContainerView } from '@guardcell/contract';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge, Card, Mono } from '../../ui/page.tsx';
import t from '../../ui/table.module.css';
import s from './containers.module.css';
import { isRiskyCapability, isRiskyMount } from './risk.ts';

export function ContainerConfig({ view }: { readonly view: ContainerView }): ReactNode {
  const text = useText();
  const { mounts, capabilities } = view.container;
  const { containers: words } = text;
  return (
    <div className={s.boxes}>
      <Card title={words.mounts} className={s.wide} flush={mounts.length > 0}>
        {mounts.length === 0 ? (
          <p>{words.noMounts}</p>
        ) : (
          <table className={t.table}>
            <thead>
              <tr>
                <th>{words.destination}</th>
                <th>{words.source}</th>
                <th>{words.type}</th>
                <th>{words.access}</th>
              </tr>
            </thead>
            <tbody>
              {mounts.map((mount) => (
                <tr key={mount.destination}>
                  <td>
                    <Mono wrap>{mount.destination}</Mono>
                  </td>
                  <td>
                    <Mono wrap>{mount.source || '—'}</Mono>{' '}
                    {isRiskyMount(mount.source) && (
                      <Badge tone="warn" title={words.risky}>
                        {words.risky}
                      </Badge>
                    )}
                  </td>
                  <td>{mount.type}</td>
                  <td>{mount.readOnly ? words.readOnly : words.readWrite}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <Card title={words.capabilities} className={s.wide}>
        {capabilities.length === 0 ? (
          <p>{words.noCapabilities}</p>
        ) : (
          <div className={s.capabilities}>
            {capabilities.map((name) => (
              <Badge
                key={name}
                tone={isRiskyCapability(name) ? 'warn' : 'plain'}
                {...(isRiskyCapability(name) && { title: words.risky })}
              >
                {name.replace(/^CAP_/, '')}
              </Badge>
            ))}
          </div>
        )}
      </Card>
    </div>
  );
}
