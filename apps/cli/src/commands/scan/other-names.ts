// Options of other scanners that people try here, and what does the same.

const FORMAT = '-o FORMAT chooses the format; the report goes to standard output: -o json > report.json';
const ONLY = '--only vulnerabilities,secrets,misconfig,licenses … chooses what is looked for.';
const FAIL_ON = '--fail-on SEVERITY ends with 1 when something of that severity or worse is found.';
const QUIET = 'Progress is for terminals alone, on standard error: 2>/dev/null leaves it out.';
const DATABASE =
  'Scans never fetch anything: guardcell db update does, and db status shows the age of the data.';
const PATHS =
  "--exclude GLOB leaves out paths, folders with all in them: --exclude vendor --exclude '**/testdata'.";
const PASSWORD =
  'Passwords never stand on the command line: --password-file FILE, or - for standard input, after docker login nothing at all.';
const ARCHIVE = 'Name the archive as the image: docker-archive:FILE, or oci-archive:FILE.';
const UNFIXED = '--ignore-unfixed leaves out what no version fixes.';

/** Names without dashes; the hints are shown when the option is unknown to the command. */
export const OTHER_SCAN_NAMES: Readonly<Record<string, string>> = {
  format: FORMAT,
  f: FORMAT,
  file: FORMAT,
  s: '--severity LIST.',
  'exit-code': FAIL_ON,
  'fail-on-severity': FAIL_ON,
  scanners: ONLY,
  'security-checks': ONLY,
  'vuln-type': ONLY,
  'pkg-types': ONLY,
  'only-fixed': UNFIXED,
  'only-notfixed': 'The report has the status of each finding; templates and -o json can choose by it.',
  'ignore-status': UNFIXED,
  'ignore-states': UNFIXED,
  ignorefile: '--ignore-file FILE takes ignore rules (YAML, as in .guardcell.yaml).',
  'ignore-policy': '--ignore-file FILE takes ignore rules (YAML, as in .guardcell.yaml).',
  c: '--config FILE.',
  t: '--template FILE, with -o template.',
  q: QUIET,
  quiet: QUIET,
  'no-progress': QUIET,
  'skip-db-update': DATABASE,
  'skip-update': DATABASE,
  'offline-scan': DATABASE,
  'download-db-only': DATABASE,
  'list-all-pkgs': '-o json has all packages.',
  'dependency-tree': 'The report has a plan of what to fix first; -o json says which packages are direct.',
  'show-suppressed': 'Suppressed findings are always in the report, marked with the reason.',
  'skip-dirs': PATHS,
  'skip-files': PATHS,
  'secret-config': '--config FILE, with a section secrets.',
  'cache-dir': 'Layers of images alone are kept: an option of scan image and scan registry.',
  'no-cache': 'Layers of images alone are kept: an option of scan image and scan registry.',
  'by-cve': 'Findings are named by their CVE where they have one; the other names are in aliases.',
};

/** Of `scan image` and `scan registry` besides. */
export const OTHER_IMAGE_NAMES: Readonly<Record<string, string>> = {
  ...OTHER_SCAN_NAMES,
  input: ARCHIVE,
  i: ARCHIVE,
  insecure:
    '--tls-skip-verify takes any certificate, --plain-http speaks HTTP to registries on this machine.',
  password: PASSWORD,
  p: PASSWORD,
  'password-stdin': '--password-file - reads the password from standard input.',
  u: '--username NAME, with --password-file.',
  'registry-token': '--token-file FILE, or - for standard input.',
  'image-src': 'Write it before the name: docker:NAME, containerd:NAME; without it the registry is asked.',
};

const BY_PACKAGE = 'Findings of an SBOM are silenced by package or id, with --ignore-file.';
const REPOSITORIES = '--exclude leaves out repositories, --exclude-path GLOB paths in images.';

/** Of `scan registry` besides. */
export const OTHER_REGISTRY_NAMES: Readonly<Record<string, string>> = {
  ...OTHER_IMAGE_NAMES,
  'skip-dirs': REPOSITORIES,
  'skip-files': REPOSITORIES,
};

/** Of `scan sbom` besides: it has no files. */
export const OTHER_SBOM_NAMES: Readonly<Record<string, string>> = {
  ...OTHER_SCAN_NAMES,
  'skip-dirs': BY_PACKAGE,
  'skip-files': BY_PACKAGE,
  exclude: BY_PACKAGE,
};
