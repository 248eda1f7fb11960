// The style sheet of the HTML report. The report's policy names its hash: when it changes, html.test.ts tells the new one.

/** `style-src` value: SHA-256 of STYLE. */
export const STYLE_HASH = 'sha256-gjciHBpS1MkYQ21lRPHg6Ku7JzpXLSc+T4Y0lTZ9UYs=';

export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2024;--dim:#60646c;--line:#e0e1e6;--panel:#f8f9fb;--critical:#b3123f;--high:#c2410c;--medium:#946000;--low:#2b6cb0;--info:#60646c;--good:#18794e}
@media (prefers-color-scheme:dark){:root{--bg:#111315;--fg:#edeef0;--dim:#a0a4ab;--line:#2e3135;--panel:#18191b;--critical:#ff8ba7;--high:#ffa057;--medium:#ffd60a;--low:#70b8ff;--info:#b0b4ba;--good:#3dd68c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1400px;padding:1.5rem;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
h1{font-size:1.4rem;margin:0;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
.dim{color:var(--dim)}
.good{color:var(--good)}
.mono{font-family:ui-monospace,"JetBrains Mono",Menlo,monospace;font-size:.9em;overflow-wrap:anywhere}
.cards{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;margin:1rem 0;list-style:none}
.cards li{border:1px solid var(--line);border-radius:8px;background:var(--panel);padding:.5rem .9rem;min-width:7rem}
.cards b{display:block;font-size:1.4rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}
th{color:var(--dim);font-weight:500;white-space:nowrap}
td:nth-child(2) a{white-space:nowrap}
td.number{text-align:end;font-variant-numeric:tabular-nums}
.severity{font-weight:600;white-space:nowrap}
.critical .severity,.cards .critical{color:var(--critical)}
.high .severity,.cards .high{color:var(--high)}
.medium .severity,.cards .medium{color:var(--medium)}
.low .severity,.cards .low{color:var(--low)}
.info .severity,.cards .info{color:var(--info)}
details summary{cursor:pointer}
fieldset{border:1px solid var(--line);border-radius:8px;margin:1rem 0;padding:.4rem .9rem;display:flex;flex-wrap:wrap;gap:1rem}
legend{color:var(--dim);padding:0 .4rem}
body:has(#show-critical:not(:checked)) tr.critical,body:has(#show-high:not(:checked)) tr.high,body:has(#show-medium:not(:checked)) tr.medium,body:has(#show-low:not(:checked)) tr.low,body:has(#show-info:not(:checked)) tr.info{display:none}
a{color:inherit}
:focus-visible{outline:2px solid var(--low);outline-offset:2px}
@media print{fieldset{display:none}details:not([open])>*{display:block}}
`;
