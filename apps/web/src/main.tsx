// Starts the console: language first, then router and queries.
import './theme/tokens.css';
import './theme/fonts.css';
import './theme/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { setUnauthorizedHandler } from './api/client.ts';
import { createQueryClient, sessionQuery } from './api/queries.ts';
import { chooseLanguage, loadCatalogue } from './i18n/catalogue.ts';
import { I18nProvider, LANGUAGE_KEY } from './i18n/i18n-context.tsx';
import { createAppRouter } from './routes/router.tsx';
import { ToastProvider } from './ui/toast.tsx';

async function start(): Promise<void> {
  const language = chooseLanguage(localStorage.getItem(LANGUAGE_KEY), navigator.languages);
  document.documentElement.lang = language;
  const catalogue = await loadCatalogue(language);
  const queryClient = createQueryClient();
  const router = createAppRouter(queryClient);
  setUnauthorizedHandler(() => {
    queryClient.setQueryData(sessionQuery.queryKey, null);
    void router.invalidate();
  });
  const root = document.querySelector('#root');
  if (root === null) throw new Error('#root is missing');
  const askAgain = (): void => void queryClient.invalidateQueries();
  createRoot(root).render(
    <I18nProvider language={language} catalogue={catalogue} onChange={askAgain}>
      <QueryClientProvider client={queryClient}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </QueryClientProvider>
    </I18nProvider>,
  );
}

void start();
