// Mounts, capabilities and labels of a container; what gives wide access to the host stands out.
import type { ContainerView } from '@guardcell/contract';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge, Card, Facts, Mono } from '../../ui/page.tsx';
import t from '../../ui/table.module.css';
import s from './containers.module.css';
import { isRiskyCapability, isRiskyMount } from './risk.ts';

export function ContainerConfig({
  container,
}: {
  readonly container: ContainerView['container'];
}): ReactNode {
  const text = useText();
  const labels = Object.entries(container.labels);
  return (
    <div className={s.stack}>
      <Card title={text.containers.mounts} flush>
        {container.mounts.length === 0 ? (
          <p className={s.note}>{text.containers.noMounts}</p>
        ) : (
          <table className={t.table}>
            <thead>
              <tr>
                <th scope="col">{text.containers.source}</th>
                <th scope="col">{text.containers.destination}</th>
                <th scope="col" className={s.colType}>
                  {text.containers.type}
                </th>
                <th scope="col" className={s.colAccess}>
                  {text.containers.access}
                </th>
              </tr>
            </thead>
            <tbody>
              {container.mounts.map((mount) => (
                <tr key={`${mount.source} ${mount.destination}`}>
                  <td className={s.path}>
                    <Mono>{mount.source || '—'}</Mono>{' '}
                    {isRiskyMount(mount.type, mount.source) && (
                      <Badge tone="warn">{text.containers.risky}</Badge>
                    )}
                  </td>
                  <td className={s.path}>
                    <Mono>{mount.destination}</Mono>
                  </td>
                  <td className={t.muted}>{mount.type}</td>
                  <td>{mount.readOnly ? text.containers.readOnly : text.containers.readWrite}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <div className={s.summary}>
        <Card title={text.containers.capabilities}>
          {container.capabilities.length === 0 ? (
            <p className={t.muted}>{text.containers.noCapabilities}</p>
          ) : (
            <ul className={s.capabilities}>
              {container.capabilities.map((name) => (
                <li key={name}>
                  {isRiskyCapability(name) ? (
                    <Badge tone="warn" title={text.containers.risky}>
                      {name}
                    </Badge>
                  ) : (
                    <Badge>{name}</Badge>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Card>
        <Card title={text.containers.labels}>
          {labels.length === 0 ? (
            <p className={t.muted}>{text.containers.noLabels}</p>
          ) : (
            <Facts items={labels.map(([key, value]) => [key, <Mono key={key}>{value}</Mono>] as const)} />
          )}
        </Card>
      </div>
    </div>
  );
}
