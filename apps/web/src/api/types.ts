// The API's types as the console uses them. Only types: nothing of the contract reaches the bundle.
import type {
  Acceptance,
  AcceptanceInput,
  AcceptancePreview,
  AcceptanceScope,
  ActionRequest,
  ApiKey,
  Artifact,
  ArtifactFindings,
  ArtifactPackage,
  ArtifactSummary,
  ArtifactVulnerability,
  AuditEntry,
  AuditVerdict,
  Comparison,
  ContainerView,
  ExceptionInput,
  Facets,
  FixPlan,
  Histogram,
  KeyRole,
  Overview,
  Registry,
  RegistryCheck,
  RegistryInput,
  ResponseRuleInput,
  Role,
  RouteName,
  RuleExceptionView,
  RuleFileDocument,
  RuleFileView,
  RuleTrial,
  RuleTrialRequest,
  RuleView,
  RuleVocabulary,
  ScanJob,
  Session,
  Settings,
  Status,
  TuneProposal,
  VulnerabilityData,
  VulnerabilityDetail,
  VulnerabilityFacets,
  VulnerabilityGroup,
  VulnerabilityOccurrence,
  VulnerablePackage,
  VulnerableWorkload,
} from '@guardcell/contract';
import type { ActionRecord, Alert, ResponseRule, RuleLoadProblem } from '@guardcell/core';

/** One page of a list; `nextCursor` asks for the next. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface RuleList {
  readonly items: readonly RuleView[];
  readonly problems: readonly RuleLoadProblem[];
}

export interface ResponseRuleList {
  readonly items: readonly ResponseRule[];
  readonly problems: readonly RuleLoadProblem[];
}

export interface User {
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly lastLoginAt: string;
}

/** A user with their new password; empty when the caller gave it. */
export interface UserPassword {
  readonly user: User;
  readonly password: string;
}

export interface ValidateResult {
  readonly successful: boolean;
  readonly rules: number;
  readonly problems: readonly RuleLoadProblem[];
}

export interface RuleFileList {
  readonly items: readonly RuleFileView[];
  readonly folder: string;
}

export interface TuneResult {
  readonly rule: string;
  readonly ignored: readonly string[];
  readonly proposals: readonly TuneProposal[];
}

/** What each endpoint answers with. */
export interface Results extends Record<RouteName, unknown> {
  login: Session;
  session: Session;
  logout: undefined;
  changePassword: undefined;
  status: Status;
  overview: Overview;
  listEvents: Page<Alert>;
  eventHistogram: Histogram;
  eventFacets: Facets;
  streamEvents: Alert;
  getEvent: Alert;
  listContainers: Page<ContainerView>;
  getContainer: ContainerView;
  listRules: RuleList;
  updateRule: RuleView;
  validateRules: ValidateResult;
  ruleVocabulary: RuleVocabulary;
  tryRules: RuleTrial;
  tuneRule: TuneResult;
  addRuleException: {
    readonly rule: string;
    readonly file: string;
    readonly exception: RuleExceptionView;
    readonly version: string;
  };
  listRuleFiles: RuleFileList;
  getRuleFile: RuleFileDocument;
  createRuleFile: RuleFileDocument;
  putRuleFile: RuleFileDocument;
  deleteRuleFile: undefined;
  listResponses: ResponseRuleList;
  putResponse: ResponseRule;
  deleteResponse: undefined;
  getResponse: ResponseRule;
  listActions: Page<ActionRecord>;
  runAction: ActionRecord;
  getAction: ActionRecord;
  undoAction: ActionRecord;
  getSettings: Settings;
  putSettings: Settings;
  listUsers: { readonly items: readonly User[] };
  createUser: UserPassword;
  updateUser: User;
  deleteUser: undefined;
  resetPassword: UserPassword;
  listAudit: Page<AuditEntry>;
  verifyAudit: AuditVerdict;
  listApiKeys: { readonly items: readonly ApiKey[] };
  createApiKey: { readonly key: ApiKey; readonly token: string };
  deleteApiKey: undefined;
  listArtifacts: Page<ArtifactSummary>;
  getArtifact: Artifact;
  deleteArtifact: undefined;
  listArtifactPackages: Page<ArtifactPackage>;
  listArtifactVulnerabilities: Page<ArtifactVulnerability>;
  getArtifactFindings: ArtifactFindings;
  getArtifactFixPlan: FixPlan;
  getArtifactReport: undefined;
  compareArtifacts: Comparison;
  scanArtifact: ScanJob;
  listVulnerabilities: Page<VulnerabilityGroup>;
  vulnerabilityFacets: VulnerabilityFacets;
  listVulnerablePackages: Page<VulnerablePackage>;
  listVulnerableArtifacts: Page<ArtifactSummary>;
  listVulnerableWorkloads: Page<VulnerableWorkload>;
  getFixPlan: FixPlan;
  getVulnerability: VulnerabilityDetail;
  listOccurrences: Page<VulnerabilityOccurrence>;
  vulnerabilityData: VulnerabilityData;
  updateVulnerabilityData: VulnerabilityData;
  listRegistries: { readonly items: readonly Registry[] };
  getRegistry: Registry;
  putRegistry: Registry;
  deleteRegistry: undefined;
  checkRegistry: RegistryCheck;
  scanRegistry: ScanJob;
  listScanJobs: Page<ScanJob>;
  getScanJob: ScanJob;
  cancelScanJob: ScanJob;
  listAcceptances: Page<Acceptance>;
  getAcceptance: Acceptance;
  previewAcceptance: AcceptancePreview;
  requestAcceptance: Acceptance;
  approveAcceptance: Acceptance;
  rejectAcceptance: Acceptance;
  revokeAcceptance: Acceptance;
}

/** What the endpoints with a body take. */
export interface Bodies {
  login: { username: string; password: string };
  changePassword: { current: string; next: string };
  updateRule: { enabled: boolean };
  validateRules: { name: string; content: string; library?: boolean };
  tryRules: RuleTrialRequest;
  tuneRule: { alerts: string[]; exception?: ExceptionInput };
  addRuleException: ExceptionInput;
  createRuleFile: { name: string; content: string; draft: boolean };
  putRuleFile: { content: string; draft: boolean };
  putResponse: ResponseRuleInput;
  runAction: ActionRequest;
  putSettings: Settings;
  createUser: { name: string; role: Role };
  updateUser: { role: Role };
  resetPassword: Record<string, never>;
  createApiKey: { name: string; role: KeyRole; expiresInDays: number };
  putRegistry: RegistryInput;
  checkRegistry: RegistryInput;
  previewAcceptance: AcceptanceScope;
  requestAcceptance: AcceptanceInput;
  approveAcceptance: { note: string };
  rejectAcceptance: { note: string };
  revokeAcceptance: { note: string };
}
