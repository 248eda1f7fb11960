// The rule workbench of the fake API: custom files in memory, the engine's own loader, tuning and trials.
import type { ExceptionInput, RuleFileDocument, RuleFileView } from '@guardcell/contract';
import type { RuleFile } from '@guardcell/core';
import {
  addException,
  EVENT_TYPES,
  exceptionCondition,
  FIELDS,
  loadRules,
  OPERATORS,
  previewException,
  proposeExceptions,
  TRANSFORMERS,
} from '@guardcell/rules';
import { ApiError, notFound } from '../../../../apps/server/src/errors.ts';
import { libraryRule } from '../../../../apps/server/src/policy/library-rule.ts';
import { builtinFiles } from './alerts.ts';
import type { FakeCall, FakeHandlers } from './call.ts';
import type { FakeState } from './state.ts';

type Names =
  | 'validateRules'
  | 'ruleVocabulary'
  | 'tryRules'
  | 'tuneRule'
  | 'addRuleException'
  | 'listRuleFiles'
  | 'getRuleFile'
  | 'createRuleFile'
  | 'putRuleFile'
  | 'deleteRuleFile';

const FOLDER = '/var/lib/guardcell/rules.d';

function param({ params }: FakeCall, name: string): string {
  return params[name] ?? '';
}

export function ruleHandlers(state: FakeState): Pick<FakeHandlers, Names> {
  const inForce = (): RuleFile[] => [
    ...builtinFiles(),
    ...[...state.ruleFiles]
      .filter(([, file]) => !file.isDraft)
      .map(([name, { content }]) => ({ name, content })),
  ];
  const withFile = (file: RuleFile): RuleFile[] => [
    ...inForce().filter(({ name }) => name !== file.name),
    file,
  ];

  function view({ name, content }: RuleFile): RuleFileView {
    const custom = state.ruleFiles.get(name);
    return {
      name,
      origin: name.startsWith('builtin/') ? 'builtin' : 'custom',
      editable: custom !== undefined,
      published: custom?.isDraft !== true,
      draft: custom?.isDraft === true,
      rules: (content.match(/^- rule:/gm) ?? []).length,
      errors: 0,
      warnings: 0,
      characters: content.length,
    };
  }

  function read(name: string): RuleFileDocument {
    const custom = state.ruleFiles.get(name);
    const content = custom?.content ?? builtinFiles().find((file) => file.name === name)?.content;
    if (content === undefined) throw notFound('rule file', name);
    return {
      file: view({ name, content }),
      isDraft: custom?.isDraft === true,
      content,
      version: `"${custom?.revision ?? 0}"`,
      problems: [],
    };
  }

  function check(file: RuleFile): ReturnType<typeof loadRules> {
    return loadRules(withFile(file));
  }

  function write(name: string, content: string, draft: boolean): RuleFileDocument {
    const load = check({ name, content });
    const first = load.problems.find((problem) => problem.file === name && problem.level === 'error');
    if (!draft && first !== undefined) throw new ApiError('GC_INVALID_RULES', first.message);
    state.ruleFiles.set(name, {
      content,
      isDraft: draft,
      revision: (state.ruleFiles.get(name)?.revision ?? 0) + 1,
    });
    if (!draft) {
      state.rules.splice(0, state.rules.length, ...load.rules.map(libraryRule));
    }
    return read(name);
  }

  return {
    validateRules({ body }) {
      const { name, content, library } = body as { name: string; content: string; library?: boolean };
      const load = library === true ? check({ name, content }) : loadRules([{ name, content }]);
      const problems = load.problems.filter((problem) => problem.file === name);
      return {
        successful: !problems.some(({ level }) => level === 'error'),
        rules: load.rules.filter((rule) => rule.file === name).length,
        problems,
      };
    },
    ruleVocabulary() {
      const load = loadRules(inForce());
      return {
        fields: FIELDS.map((field) => ({
          name: field.name,
          type: field.type,
          doc: field.doc,
          argument: field.argument,
          sources: field.sources,
          multiple: field.multiplicity !== 'one',
          live: field.live,
          deprecated: field.deprecated,
        })),
        operators: OPERATORS.map(({ name, doc, right, types }) => ({ name, doc, right, types })),
        transformers: TRANSFORMERS.map(({ name, doc }) => ({ name, doc })),
        eventTypes: [...EVENT_TYPES],
        macros: [...load.macros].map(([name, text]) => ({ name, text: text.slice(0, 300) })),
        lists: [...load.lists].map(([name, items]) => ({ name, text: items.slice(0, 40).join(', ') })),
      };
    },
    tryRules({ body }) {
      const { name, content } = body as RuleFile;
      const rules = check({ name, content }).rules.filter((rule) => rule.file === name);
      const alert = state.alerts[0];
      const matches = alert === undefined ? 0 : rules.length;
      return {
        problems: [],
        looked: 1874,
        skipped: 0,
        from: alert?.time ?? '',
        to: alert?.time ?? '',
        agents: 1,
        silentAgents: 0,
        rules: rules.map((rule) => ({ rule: rule.name, matches: 1, unseenTypes: [] })),
        matches:
          alert === undefined
            ? []
            : rules.slice(0, matches).map((rule) => ({
                rule: rule.name,
                severity: rule.severity,
                message: alert.message,
                time: alert.time,
                hostname: alert.hostname,
                container: alert.container.name,
                process: alert.process.name,
                eventType: alert.event.type,
                alertId: '',
                matched: alert.matched,
              })),
      };
    },
    tuneRule(call) {
      const name = param(call, 'name');
      const rule = state.rules.find((each) => each.name === name);
      if (rule === undefined) throw notFound('rule', name);
      const ids = (call.body as { alerts: string[] }).alerts;
      const all = state.alerts.filter((alert) => alert.rule === name);
      const chosen = all.filter((alert) => ids.includes(alert.id));
      return {
        rule: name,
        ignored: [],
        proposals: proposeExceptions(chosen, rule).map(({ exception, risk, notes }) => {
          const found = previewException(exception, all);
          return {
            exception: { ...exception, condition: exceptionCondition(exception) },
            risk,
            notes,
            preview: {
              ...found,
              total: all.length,
              silencedExamples: found.silencedExamples.map((at) => all[at]),
              remainingExamples: found.remainingExamples.map((at) => all[at]),
            },
          };
        }),
      };
    },
    addRuleException(call) {
      const name = param(call, 'name');
      const exception = call.body as ExceptionInput;
      const before = state.ruleFiles.get('custom/tuning.yaml')?.content ?? '';
      const written = addException(before, name, exception);
      if ('problem' in written) throw new ApiError('GC_INVALID_RULES', written.problem);
      const file = write('custom/tuning.yaml', written.content, false);
      return {
        rule: name,
        file: file.file.name,
        exception: { ...exception, condition: exceptionCondition(exception) },
        version: file.version,
      };
    },
    listRuleFiles: () => ({
      items: [
        ...builtinFiles().map(view),
        ...[...state.ruleFiles].map(([name, { content }]) => view({ name, content })),
      ],
      folder: FOLDER,
    }),
    getRuleFile: (call) => read(param(call, 'name')),
    createRuleFile({ body }) {
      const { name, content, draft = false } = body as RuleFile & { draft?: boolean };
      const full = name.startsWith('custom/') ? name : `custom/${name}`;
      if (state.ruleFiles.has(full))
        throw new ApiError('GC_EXISTS', `there is a rule file '${full}' already`);
      return write(full, content, draft);
    },
    putRuleFile(call) {
      const { content, draft = false } = call.body as { content: string; draft?: boolean };
      const name = param(call, 'name');
      if (!state.ruleFiles.has(name)) throw new ApiError('GC_READ_ONLY', 'it is not kept by the platform');
      return write(name, content, draft);
    },
    deleteRuleFile(call) {
      if (!state.ruleFiles.delete(param(call, 'name'))) throw notFound('rule file', param(call, 'name'));
      return undefined;
    },
  };
}
