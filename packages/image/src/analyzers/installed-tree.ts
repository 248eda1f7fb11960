// Folders of installed packages: what their authors put there for themselves (lock files, workflows) says nothing of
// what is installed here.

/** Marks that every such path has one of, so that nearly all paths are done with at once. */
const MARKS = ['/node_modules/', '-packages/', '/gems/', '/pkg/mod/', '/registry/src/', '/nodejs/'] as const;

const WITHIN = [
  /\/node_modules\//,
  /\/(?:site|dist)-packages\//,
  /\/gems\/[^/]+-\d[^/]*\//,
  /\/pkg\/mod\//,
  // Sources that Cargo unpacked.
  /\/registry\/src\/[^/]+\/[^/]+-\d[^/]*\//,
  /^\/usr\/(?:share|lib)\/nodejs\//,
] as const;

/** True for files below the folder of an installed package, whatever manager installed it. */
export function isWithinInstalled(path: string): boolean {
  return MARKS.some((mark) => path.includes(mark)) && WITHIN.some((pattern) => pattern.test(path));
}
