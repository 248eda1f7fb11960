// Sets theme and language before the first paint; a file of its own because the CSP forbids inline scripts.
(() => {
  const root = document.documentElement;
  try {
    root.dataset.theme = localStorage.getItem('guardcell.theme') ?? 'system';
    const lang = localStorage.getItem('guardcell.lang');
    root.lang = lang ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');
  } catch {
    root.dataset.theme = 'system';
  }
})();
