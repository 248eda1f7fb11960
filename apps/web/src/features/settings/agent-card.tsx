// One agent: its host, sensor, runtimes, ways to respond, and what waits to be sent.
import type { Status } from '@guardcell/contract';
import type { ReactNode } from 'react';
import { useFormat, useText } from '../../i18n/i18n-context.tsx';
import { Badge, Card, Dot, Facts, Mono } from '../../ui/page.tsx';
import x from '../../ui/text.module.css';
import { Ago } from '../../ui/time.tsx';
import s from './settings.module.css';

type Agent = Status['agents'][number];

const TONES = {
  running: 'good',
  starting: 'cold',
  off: 'warn',
  unavailable: 'bad',
  failed: 'bad',
} as const satisfies Readonly<Record<Agent['sensor']['state'], string>>;

export function AgentCard({ agent }: { readonly agent: Agent }): ReactNode {
  const text = useText();
  return (
    <Card
      title={`${text.settings.system.agent} ${agent.hostname}`}
      aside={<Badge tone={TONES[agent.sensor.state]}>{text.overview.sensor[agent.sensor.state]}</Badge>}
    >
      <div className={s.agentGrid}>
        <AgentFacts agent={agent} />
        <div className={s.stack}>
          <Runtimes agent={agent} />
          <Rungs agent={agent} />
        </div>
      </div>
    </Card>
  );
}

function AgentFacts({ agent }: { readonly agent: Agent }): ReactNode {
  const text = useText();
  const format = useFormat();
  const { system } = text.settings;
  const { sensor, spool, rules } = agent;
  const problem = [sensor.detail, sensor.errorCode].filter((part) => part !== '').join(' · ');
  return (
    <Facts
      items={[
        [system.kernel, <Mono key="k">{agent.kernel}</Mono>],
        [system.version, <Mono key="v">{agent.version}</Mono>],
        problem !== '' && [system.sensorState, problem],
        [
          text.overview.events,
          `${format.compact(sensor.events)} (${format.number(Math.round(sensor.eventsPerSecond))}/s)`,
        ],
        [system.lost, format.number(sensor.drops)],
        [text.overview.cpu, format.duration(sensor.cpuSeconds * 1000)],
        [text.overview.ring, format.bytes(sensor.ringSizeBytes)],
        [system.agentMemory, format.bytes(agent.rssBytes)],
        [system.rules, system.rulesLoaded(rules.loaded, rules.enabled)],
        [
          system.spool,
          <span key="spool" className={s.inline}>
            {system.spooled(spool.pending, format.bytes(spool.sizeBytes))}
            {spool.dropped > 0 && <Badge tone="bad">{system.spoolLost(spool.dropped)}</Badge>}
          </span>,
        ],
        [system.lastReport, <Ago key="at" time={agent.at} />],
        sensor.eventTypes.length > 0 && [
          system.eventTypes,
          <Mono key="types" wrap>
            {sensor.eventTypes.join(', ')}
          </Mono>,
        ],
      ]}
    />
  );
}

function Runtimes({ agent }: { readonly agent: Agent }): ReactNode {
  const { system } = useText().settings;
  return (
    <div>
      <h3>{system.runtimes}</h3>
      {agent.runtimes.length === 0 && <p className={x.muted}>{system.noRuntimes}</p>}
      <ul className={s.lines}>
        {agent.runtimes.map((runtime) => (
          <li key={`${runtime.runtime} ${runtime.socket}`} className={s.line}>
            <Dot tone={runtime.connected ? 'good' : 'plain'} />
            <span>
              {runtime.runtime} {runtime.version}
            </span>
            <span className={s.lineText}>
              {runtime.connected ? system.connected : system.notConnected}
              {runtime.socket !== '' && ' · '}
              {runtime.socket !== '' && <Mono wrap>{runtime.socket}</Mono>}
              {runtime.detail !== '' && ` · ${runtime.detail}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Rungs({ agent }: { readonly agent: Agent }): ReactNode {
  const text = useText();
  const names: Readonly<Record<string, string>> = text.action.kind;
  return (
    <div>
      <h3>{text.settings.system.rungs}</h3>
      <ul className={s.lines}>
        {agent.rungs.map((rung) => (
          <li key={`${rung.action} ${rung.mechanism}`} className={s.line}>
            <Dot tone={rung.available ? 'good' : 'bad'} />
            <span>{names[rung.action] ?? rung.action}</span>
            <span className={s.lineText}>
              {rung.available ? <Mono>{rung.mechanism}</Mono> : text.overview.rungMissing}
              {rung.detail !== '' && ` · ${rung.detail}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
