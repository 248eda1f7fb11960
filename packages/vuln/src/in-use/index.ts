// Packages in use: who owns a file, and how strongly its package is used. Entry `@guardcell/vuln/in-use`: loads nothing else.
export { isStronger, type PackageInUse, packagesInUse, type TouchedFile, type TouchGrade } from './join.ts';
export { encodeOwnership, type OwnershipIndex, openOwnership } from './ownership-index.ts';
export { type OwnedPath, type PackageFiles, type PackageFilesInput, packageFiles } from './package-files.ts';
