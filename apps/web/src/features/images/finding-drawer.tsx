// One vulnerability in one package of one image: why it is reported, what makes its score, what can be done.
import type { Artifact, ArtifactVulnerability } from '@guardcell/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { artifactVulnerabilitiesQuery } from '../../api/scan-queries.ts';
import { useCan } from '../../api/session.ts';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Drawer, Section } from '../../ui/drawer.tsx';
import { Banner, Facts, Mono } from '../../ui/page.tsx';
import { SeverityBadge } from '../../ui/severity.tsx';
import { EmptyState, Skeleton } from '../../ui/states.tsx';
import x from '../../ui/text.module.css';
import { DateTime } from '../../ui/time.tsx';
import { AcceptRisk } from '../risks/accept-risk.tsx';
import { References } from '../vulnerabilities/references.tsx';
import v from '../vulnerabilities/vulnerabilities.module.css';
import { FixMark, InUseMark, useFactorRows } from '../vulnerabilities/vulnerability-marks.tsx';

interface Props {
  readonly artifact: Artifact;
  readonly cve: string;
  readonly purl: string;
  /** The finding, when the list shows it. */
  readonly known: ArtifactVulnerability | undefined;
  readonly accepted: boolean;
  readonly onClose: () => void;
}

export function FindingDrawer(props: Props): ReactNode {
  const { artifact, cve, purl, known, accepted, onClose } = props;
  const { vulnerabilities, error } = useText();
  // A link may lead to what the list does not show, or not yet.
  const search = useInfiniteQuery({
    ...artifactVulnerabilitiesQuery(artifact.summary.id, { q: cve, ...(accepted && { accepted }) }),
    enabled: known === undefined,
  });
  const finding =
    known ??
    search.data?.pages.flatMap((page) => page.items).find((one) => one.id === cve && one.package === purl);
  if (finding !== undefined) {
    return <Panel key={`${cve} ${purl}`} artifact={artifact} finding={finding} onClose={onClose} />;
  }
  return (
    <Drawer label={vulnerabilities.details} itemKey={cve} title={<h2>{cve}</h2>} onClose={onClose}>
      {search.isPending ? <Skeleton width="70%" /> : <EmptyState title={error.notFound} />}
    </Drawer>
  );
}

function Panel(props: {
  readonly artifact: Artifact;
  readonly finding: ArtifactVulnerability;
  readonly onClose: () => void;
}): ReactNode {
  const { artifact, finding, onClose } = props;
  const { vulnerabilities } = useText();
  const factorRows = useFactorRows();
  const mayAsk = useCan('responder');
  const [accepting, setAccepting] = useState(false);
  return (
    <Drawer
      label={vulnerabilities.details}
      itemKey={`${finding.id} ${finding.package}`}
      onClose={onClose}
      tools={<CopyButton iconOnly value={window.location.href} />}
      title={
        <>
          <h2>
            <Link to="/vulnerabilities/$vulnerabilityId" params={{ vulnerabilityId: finding.id }}>
              {finding.id}
            </Link>
          </h2>
          <p className={x.subtitle}>
            <SeverityBadge severity={finding.severity} />
            <Mono>{`${finding.packageName} ${finding.installed}`}</Mono>
          </p>
        </>
      }
      footer={
        finding.suppressed === undefined && (
          <Button
            variant="primary"
            disabled={!mayAsk}
            title={mayAsk ? undefined : vulnerabilities.needResponder}
            onClick={() => setAccepting(true)}
          >
            {vulnerabilities.acceptRisk}
          </Button>
        )
      }
    >
      <Silenced finding={finding} />
      {finding.summary !== '' && (
        <Section title={vulnerabilities.column.vulnerability}>
          <p className={v.lead}>{finding.summary}</p>
        </Section>
      )}
      <FactsSection finding={finding} />
      <ExplainSection artifact={artifact} finding={finding} />
      <Section
        title={vulnerabilities.scoreMade}
        aside={<strong>{vulnerabilities.scoreOf(Math.round(finding.score))}</strong>}
      >
        <Facts items={factorRows(finding.factors)} />
      </Section>
      {finding.references.length > 0 && (
        <Section title={vulnerabilities.references}>
          <References addresses={finding.references} />
        </Section>
      )}
      {accepting && (
        <AcceptRisk
          subject={{
            vulnerability: finding.id,
            package: finding.packageName,
            artifact: artifact.summary.id,
            reference: artifact.summary.name,
          }}
          onClose={() => setAccepting(false)}
        />
      )}
    </Drawer>
  );
}

/** Who silenced it and why; such findings stay visible. */
function Silenced({ finding }: { readonly finding: ArtifactVulnerability }): ReactNode {
  const { vulnerabilities } = useText();
  const format = useFormat();
  const { suppressed, acceptance } = finding;
  if (suppressed === undefined) return null;
  const until =
    suppressed.until === undefined ? '' : ` ${vulnerabilities.until(format.dateTime(suppressed.until))}`;
  return (
    <Section title={vulnerabilities.isAccepted}>
      <Banner
        tone="plain"
        title={`${vulnerabilities.suppressedBy(suppressed.by)}${until}`}
        action={
          acceptance !== '' && (
            <Link to="/vulnerabilities/risks/$riskId" params={{ riskId: acceptance }} className={x.link}>
              {vulnerabilities.by.risks}
            </Link>
          )
        }
      >
        {suppressed.reason}
      </Banner>
    </Section>
  );
}

function FactsSection({ finding }: { readonly finding: ArtifactVulnerability }): ReactNode {
  const { vulnerabilities } = useText();
  return (
    <Section title={vulnerabilities.facts}>
      <Facts
        items={[
          [
            vulnerabilities.column.package,
            <Mono key="p" wrap>
              {finding.package}
            </Mono>,
          ],
          [vulnerabilities.column.fix, <FixMark key="f" fixed={finding.fixed} status={finding.status} />],
          [vulnerabilities.facet.status, vulnerabilities.status[finding.status]],
          [vulnerabilities.column.inUse, <InUseMark key="u" grade={finding.inUse} />],
          finding.aliases.length > 0 && [vulnerabilities.aliases, finding.aliases.join(', ')],
          [vulnerabilities.cvss, finding.cvss === 0 ? vulnerabilities.unknown : finding.cvss.toFixed(1)],
          [vulnerabilities.column.firstSeen, <DateTime key="s" time={finding.firstSeenAt} />],
        ]}
      />
    </Section>
  );
}

function ExplainSection(props: {
  readonly artifact: Artifact;
  readonly finding: ArtifactVulnerability;
}): ReactNode {
  const { vulnerabilities } = useText();
  const { finding } = props;
  const { explain } = finding;
  const layer = props.artifact.layers.find(({ diffId }) => diffId === finding.layer);
  return (
    <Section title={vulnerabilities.explain}>
      <Facts
        items={[
          [vulnerabilities.feed, explain.feed],
          [vulnerabilities.advisory, explain.advisory],
          [vulnerabilities.ecosystem, explain.ecosystem],
          [vulnerabilities.matchedName, explain.matchedName],
          [vulnerabilities.range, <Mono key="r">{explain.range}</Mono>],
          [
            vulnerabilities.comparison,
            <Mono key="c" wrap>
              {explain.comparison}
            </Mono>,
          ],
          [
            vulnerabilities.path,
            <Mono key="p" wrap>
              {finding.path}
            </Mono>,
          ],
          finding.layer !== '' && [
            vulnerabilities.layer,
            <Link
              key="l"
              to="/images/$imageId"
              params={{ imageId: props.artifact.summary.id }}
              search={{ layer: finding.layer }}
              className={x.link}
              title={finding.layer}
            >
              <Mono wrap>{layer?.createdBy || finding.layer.slice(0, 19)}</Mono>
            </Link>,
          ],
        ]}
      />
    </Section>
  );
}
