// Package names compare equal when their registry says so: the same spelling is used for storing and for asking.

/** `Flask_Login` and `flask-login` are one package on PyPI; NuGet and Packagist ignore case. */
export function canonicalName(ecosystem: string, name: string): string {
  switch (ecosystem) {
    case 'PyPI':
      return name.toLowerCase().replace(/[-_.]+/g, '-');
    case 'NuGet':
    case 'Packagist':
    case 'GitHub Actions':
    case 'Bitnami':
    case 'SwiftURL':
      return name.toLowerCase();
    default:
      return name;
  }
}
