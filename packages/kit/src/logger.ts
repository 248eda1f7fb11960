// Structured logs on stderr. At warn and above the message is static and the facts are fields, so logs can be grouped.

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `text` for people, `json` for log shippers. */
  readonly format: 'text' | 'json';
  readonly write: (line: string) => void;
  readonly now: () => Date;
  readonly fields?: LogFields;
}

// Terminal escapes in a logged value must not reach the terminal of whoever reads the log.
function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const quoted = /^[\w./:@%+,=-]+$/.test(text) || typeof value !== 'string' ? text : JSON.stringify(text);
  // oxlint-disable-next-line no-control-regex -- these are exactly the characters to remove
  return quoted.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}

function render(options: LoggerOptions, level: LogLevel, message: string, fields: LogFields): string {
  const time = options.now().toISOString();
  if (options.format === 'json') return `${JSON.stringify({ time, level, message, ...fields })}\n`;
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${printable(value)}`);
  return `${time} ${level.padEnd(5)} ${message}${pairs.join('')}\n`;
}

export function createLogger(options: LoggerOptions): Logger {
  const floor = LOG_LEVELS.indexOf(options.level);
  const own = options.fields ?? {};
  function log(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (LOG_LEVELS.indexOf(level) < floor) return;
    options.write(render(options, level, message, { ...own, ...fields }));
  }
  return {
    debug: (message, fields) => log('debug', message, fields),
    info: (message, fields) => log('info', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    error: (message, fields) => log('error', message, fields),
    child: (fields) => createLogger({ ...options, fields: { ...own, ...fields } }),
  };
}

/** A logger for a process: text on stderr, level from `GUARDCELL_LOG_LEVEL`, JSON with `GUARDCELL_LOG_FORMAT=json`. */
export function processLogger(fields: LogFields = {}): Logger {
  const wanted = process.env['GUARDCELL_LOG_LEVEL'];
  return createLogger({
    level: LOG_LEVELS.find((level) => level === wanted) ?? 'info',
    format: process.env['GUARDCELL_LOG_FORMAT'] === 'json' ? 'json' : 'text',
    write: (line) => void process.stderr.write(line),
    now: () => new Date(),
    fields,
  });
}

/** Swallows everything; for tests. */
export const silentLogger: Logger = createLogger({
  level: 'error',
  format: 'text',
  write: () => undefined,
  now: () => new Date(0),
});
