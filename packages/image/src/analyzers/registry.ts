// The one table of all analyzers.
import type { Analyzer } from '../analyzer.ts';

export const ANALYZERS: readonly Analyzer[] = [];
