// A list as people type it: one entry a line.

/** Lines without blanks around them, empty ones and duplicates. */
export function lines(value: string): string[] {
  return [...new Set(value.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}
