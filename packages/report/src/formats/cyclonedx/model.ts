// The part of CycloneDX 1.6 that we write (https://cyclonedx.org/docs/1.6/json/), the same for JSON and XML.

export interface CdxProperty {
  readonly name: string;
  readonly value: string;
}

export type CdxLicense =
  | { readonly license: { readonly id: string } }
  | { readonly license: { readonly name: string } }
  | { readonly expression: string };

export interface CdxComponent {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly licenses?: readonly CdxLicense[];
  readonly purl?: string;
  readonly properties?: readonly CdxProperty[];
  readonly evidence?: {
    readonly occurrences: readonly { readonly location: string; readonly additionalContext?: string }[];
  };
}

export interface CdxAnalysis {
  readonly state?: string;
  readonly response?: readonly string[];
  readonly detail?: string;
}

export interface CdxVulnerability {
  readonly 'bom-ref': string;
  readonly id: string;
  readonly source: { readonly name: string };
  readonly references?: readonly { readonly id: string; readonly source: { readonly name: string } }[];
  readonly ratings: readonly {
    readonly source: { readonly name: string };
    readonly score?: number;
    readonly severity: string;
    readonly method?: string;
  }[];
  readonly description?: string;
  readonly recommendation?: string;
  readonly advisories?: readonly { readonly url: string }[];
  readonly analysis?: CdxAnalysis;
  readonly affects: readonly {
    readonly ref: string;
    readonly versions: readonly { readonly version: string; readonly status: string }[];
  }[];
  readonly properties: readonly CdxProperty[];
}

export interface CdxDocument {
  readonly $schema: string;
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: {
    readonly timestamp: string;
    readonly tools: { readonly components: readonly CdxComponent[] };
    readonly component: CdxComponent;
  };
  readonly components: readonly CdxComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly compositions: readonly { readonly aggregate: string; readonly dependencies: readonly string[] }[];
  readonly vulnerabilities?: readonly CdxVulnerability[];
}
