// What a path says of its content: settings, generated lists, material of tests.

const SETTINGS =
  /(?:^|\/)(?:\.env[^/]*|[^/]*\.(?:env|properties|ini|cfg|cnf|conf|config|toml|ya?ml|sh|bash|zsh|tf|tfvars|hcl|service|xml)|\.npmrc|\.pypirc|\.netrc|\.pgpass|\.my\.cnf|(?:Docker|Container|Jenkins|Make)file[^/]*|environment|credentials|config)$/i;
const GENERATED =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml|bun\.lockb?|go\.(?:sum|work\.sum)|[^/]*\.(?:lock|map|svg|min\.js|min\.css|po|pot|md5sums|sha256sums)|Package\.resolved|conan\.lock|packages\.lock\.json|gradle\.lockfile|flake\.lock)$/i;
const TEST_MATERIAL =
  /(?:^|\/)(?:tests?|testdata|test-data|testing|__tests__|__mocks__|fixtures?|specs?|examples?|samples?|mocks?)\/|(?:^|\/)share\/doc\/|[._-](?:test|spec)\.[a-z]{1,4}$|_test\.(?:go|py|rb)$/i;

/** Values stand without quotes in files of this kind. */
export function isSettings(path: string): boolean {
  return SETTINGS.test(path);
}

/** Lists made by programs: full of random texts that are no secrets. */
export function isGenerated(path: string): boolean {
  return GENERATED.test(path);
}

export function isTestMaterial(path: string): boolean {
  return TEST_MATERIAL.test(path);
}
