// A rule file as it travels from the server (which watches files) to the agent (which compiles them).

export interface RuleFile {
  /** What users see in messages: a path, or `builtin/<path>`. */
  readonly name: string;
  readonly content: string;
}

/** Everything an agent needs to know to detect; revisions are opaque and differ when content does. */
export interface DesiredPolicy {
  readonly revision: string;
  readonly ruleFiles: readonly RuleFile[];
  /** Names of rules that users switched off. */
  readonly disabledRules: readonly string[];
}
