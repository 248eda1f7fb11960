// What else was found in an image: secrets, misconfigurations, malware, licences; and what could not be looked at.
import type { Artifact, ArtifactFindings } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { artifactFindingsQuery } from '../../api/scan-queries.ts';
import { useText } from '../../i18n/i18n-context.tsx';
import { Badge, Mono } from '../../ui/page.tsx';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { Table } from '../../ui/table.tsx';
import x from '../../ui/text.module.css';
import s from './images.module.css';

const WAITING_ROWS = 5;

/** The table of one kind of findings; `rows` is undefined while they are on their way. */
function FindingTable(props: {
  readonly id: string;
  readonly heads: readonly string[];
  readonly empty: string;
  readonly rows: (findings: ArtifactFindings) => readonly ReactNode[];
}): ReactNode {
  const { findings } = useText().images;
  const { data, error, refetch } = useQuery(artifactFindingsQuery(props.id));
  if (error !== null && data === undefined) {
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const rows = data === undefined ? [] : props.rows(data);
  if (data !== undefined && rows.length === 0) return <EmptyState title={props.empty} />;
  return (
    <>
      <Table
        columns={props.heads.map((label, at) => ({ label, ...(at === 0 && { width: '104' }) }))}
        waiting={data === undefined ? WAITING_ROWS : 0}
      >
        {rows}
      </Table>
      {data !== undefined && data.cut > 0 && <p className={x.muted}>{findings.cut(data.cut)}</p>}
    </>
  );
}

function Where(props: { readonly path: string; readonly line?: number; readonly note?: string }): ReactNode {
  const { findings } = useText().images;
  return (
    <>
      <Mono wrap>{props.path}</Mono>
      <div className={x.sub}>
        {[props.line === undefined || props.line === 0 ? '' : findings.line(props.line), props.note ?? '']
          .filter((part) => part !== '')
          .join(' · ')}
      </div>
    </>
  );
}

export function SecretsTab({ id }: { readonly id: string }): ReactNode {
  const { images, vulnerabilities } = useText();
  return (
    <FindingTable
      id={id}
      heads={[vulnerabilities.column.severity, images.findings.what, images.findings.where]}
      empty={images.findings.noSecrets}
      rows={({ secrets }) =>
        secrets.map((each) => (
          <tr key={`${each.rule} ${each.path} ${each.line} ${each.commit ?? ''}`}>
            <td>
              <SeverityLabel severity={each.severity} />
            </td>
            <td>
              <div className={t.main}>{each.title}</div>
              <div className={x.sub} title={each.excerpt}>
                <Mono>{each.excerpt}</Mono>
              </div>
            </td>
            <td>
              <Where path={each.path} line={each.line} note={each.commit ?? ''} />
            </td>
          </tr>
        ))
      }
    />
  );
}

/** What the message says beyond the title that it begins with. */
function detailOf({ title, message }: ArtifactFindings['misconfigurations'][number]): string {
  const rest = message.startsWith(title) ? message.slice(title.length).trim() : message;
  return rest.replace(/^[(（](.*)[)）]$/s, '$1');
}

export function MisconfigurationsTab({ id }: { readonly id: string }): ReactNode {
  const { images, vulnerabilities } = useText();
  return (
    <FindingTable
      id={id}
      heads={[
        vulnerabilities.column.severity,
        images.findings.what,
        images.findings.where,
        images.findings.fix,
      ]}
      empty={images.findings.noMisconfigurations}
      rows={({ misconfigurations }) =>
        misconfigurations.map((each) => (
          <tr key={`${each.check} ${each.path} ${each.startLine}`}>
            <td>
              <SeverityLabel severity={each.severity} />
            </td>
            <td>
              <div className={x.strong}>{each.title}</div>
              <div className={s.detail}>
                {[each.check, detailOf(each)].filter((part) => part !== '').join(' · ')}
              </div>
            </td>
            <td>
              <Where path={each.path} line={each.startLine} />
            </td>
            <td>{each.fix}</td>
          </tr>
        ))
      }
    />
  );
}

export function MalwareTab({ id }: { readonly id: string }): ReactNode {
  const { images, vulnerabilities } = useText();
  return (
    <FindingTable
      id={id}
      heads={[vulnerabilities.column.severity, images.findings.what, images.findings.where]}
      empty={images.findings.noMalware}
      rows={({ malware }) =>
        malware.map((each) => (
          <tr key={`${each.rule} ${each.path}`}>
            <td>
              <SeverityLabel severity={each.severity} />
            </td>
            <td>
              <div className={t.main}>{each.title ?? each.rule}</div>
              <div className={x.sub} title={each.sha256}>
                {each.rule} · <Mono>{each.sha256}</Mono>
              </div>
            </td>
            <td>
              <Where path={each.path} />
            </td>
          </tr>
        ))
      }
    />
  );
}

const VERDICT_TONES = { allowed: 'good', denied: 'bad', review: 'warn' } as const;

export function LicensesTab({ id }: { readonly id: string }): ReactNode {
  const { findings } = useText().images;
  return (
    <FindingTable
      id={id}
      heads={[findings.verdict, findings.license, findings.category, findings.package]}
      empty={findings.noLicenses}
      rows={({ licenses }) =>
        licenses.map((each) => (
          <tr key={`${each.package} ${each.expression}`}>
            <td>
              <Badge tone={VERDICT_TONES[each.verdict]}>{findings.verdicts[each.verdict]}</Badge>
            </td>
            <td>{each.expression}</td>
            <td className={x.muted}>{findings.categories[each.category]}</td>
            <td>
              <div className={x.cut} title={each.package}>
                <Mono>{each.package}</Mono>
              </div>
            </td>
          </tr>
        ))
      }
    />
  );
}

export function ErrorsTab({ errors }: { readonly errors: Artifact['errors'] }): ReactNode {
  const { images, common } = useText();
  if (errors.length === 0) return <EmptyState title={images.findings.noErrors} />;
  return (
    <Table
      columns={[{ label: images.findings.what }, { label: images.findings.where }, { label: common.hint }]}
      waiting={0}
    >
      {errors.map((each) => (
        <tr key={`${each.code} ${each.at} ${each.message}`}>
          <td>
            <div>{each.message}</div>
            <div className={s.marks}>
              {each.level === 'note' && <Badge>{images.findings.note}</Badge>}
              <Mono>{each.code}</Mono>
            </div>
          </td>
          <td>
            <Mono wrap>{each.at}</Mono>
          </td>
          <td className={x.muted}>{each.hint}</td>
        </tr>
      ))}
    </Table>
  );
}
