// The map of the console: every address, its validated search parameters, and the screen that is loaded for it.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from '../api/queries.ts';
import { validateContainersSearch } from '../features/containers/containers-search.ts';
import { validateEventsSearch } from '../features/events/events-search.ts';
import {
  validateCompareSearch,
  validateImageSearch,
  validateImagesSearch,
} from '../features/images/images-search.ts';
import { validateHistorySearch } from '../features/response/history-search.ts';
import { validateRisksSearch } from '../features/risks/risks-search.ts';
import { validateEditorSearch } from '../features/rule-editor/editor-search.ts';
import { validateRulesSearch } from '../features/rules/rules-search.ts';
import { CrashScreen, MissingScreen } from '../features/shell/crash-screen.tsx';
import { Shell } from '../features/shell/shell.tsx';
import { validateTuneSearch } from '../features/tuning/tune-search.ts';
import { validateVulnerabilitySearch } from '../features/vulnerabilities/vulnerability-search.ts';
import { choiceParam, defined, parseSearch, stringifySearch, textParam } from './search-params.ts';

export const OVERVIEW_WINDOWS = ['1h', '24h', '7d', '30d'] as const;

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: MissingScreen,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { next?: string } =>
    defined({ next: textParam(raw['next'], 2000) }),
  component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  component: Shell,
  errorComponent: CrashScreen,
  notFoundComponent: MissingScreen,
});

const overview = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: (raw: Record<string, unknown>): { window?: (typeof OVERVIEW_WINDOWS)[number] } =>
    defined({ window: choiceParam(raw['window'], OVERVIEW_WINDOWS) }),
  component: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage'),
});

const events = createRoute({
  getParentRoute: () => app,
  path: '/events',
  validateSearch: validateEventsSearch,
  component: lazyRouteComponent(() => import('../features/events/events-page.tsx'), 'EventsPage'),
});
const event = createRoute({
  getParentRoute: () => events,
  path: '$eventId',
  component: lazyRouteComponent(() => import('../features/events/alert-drawer.tsx'), 'AlertDrawer'),
});

const containers = createRoute({
  getParentRoute: () => app,
  path: '/containers',
  validateSearch: validateContainersSearch,
  component: lazyRouteComponent(() => import('../features/containers/containers-page.tsx'), 'ContainersPage'),
});
export const CONTAINER_TABS = ['events', 'actions', 'config', 'raw'] as const;
const container = createRoute({
  getParentRoute: () => app,
  path: '/containers/$containerId',
  validateSearch: (raw: Record<string, unknown>): { tab?: (typeof CONTAINER_TABS)[number] } =>
    defined({ tab: choiceParam(raw['tab'], CONTAINER_TABS) }),
  component: lazyRouteComponent(() => import('../features/containers/container-page.tsx'), 'ContainerPage'),
});

const vulnerabilities = createRoute({
  getParentRoute: () => app,
  path: '/vulnerabilities',
  validateSearch: validateVulnerabilitySearch,
  component: lazyRouteComponent(
    () => import('../features/vulnerabilities/vulnerabilities-page.tsx'),
    'VulnerabilitiesPage',
  ),
});
const vulnerability = createRoute({
  getParentRoute: () => vulnerabilities,
  path: '$vulnerabilityId',
  component: lazyRouteComponent(
    () => import('../features/vulnerabilities/vulnerability-drawer.tsx'),
    'VulnerabilityDrawer',
  ),
});
const risks = createRoute({
  getParentRoute: () => app,
  path: '/vulnerabilities/risks',
  validateSearch: validateRisksSearch,
  component: lazyRouteComponent(() => import('../features/risks/risks-page.tsx'), 'RisksPage'),
});
const risk = createRoute({
  getParentRoute: () => risks,
  path: '$riskId',
  component: lazyRouteComponent(() => import('../features/risks/risk-drawer.tsx'), 'RiskDrawer'),
});

const images = createRoute({
  getParentRoute: () => app,
  path: '/images',
  validateSearch: validateImagesSearch,
  component: lazyRouteComponent(() => import('../features/images/images-page.tsx'), 'ImagesPage'),
});
const image = createRoute({
  getParentRoute: () => app,
  path: '/images/$imageId',
  validateSearch: validateImageSearch,
  component: lazyRouteComponent(() => import('../features/images/image-page.tsx'), 'ImagePage'),
});
const imageComparison = createRoute({
  getParentRoute: () => app,
  path: '/images/$imageId/compare',
  validateSearch: validateCompareSearch,
  component: lazyRouteComponent(() => import('../features/images/compare-page.tsx'), 'ComparePage'),
});
const registries = createRoute({
  getParentRoute: () => app,
  path: '/images/registries',
  component: lazyRouteComponent(() => import('../features/registries/registries-page.tsx'), 'RegistriesPage'),
});
const newRegistry = createRoute({
  getParentRoute: () => registries,
  path: 'new',
  component: lazyRouteComponent(
    () => import('../features/registries/registry-editor.tsx'),
    'NewRegistryDrawer',
  ),
});
const registry = createRoute({
  getParentRoute: () => registries,
  path: 'named/$registryName',
  component: lazyRouteComponent(() => import('../features/registries/registry-drawer.tsx'), 'RegistryDrawer'),
});
const editRegistry = createRoute({
  getParentRoute: () => registries,
  path: 'named/$registryName/edit',
  component: lazyRouteComponent(
    () => import('../features/registries/registry-editor.tsx'),
    'EditRegistryDrawer',
  ),
});

const rules = createRoute({
  getParentRoute: () => app,
  path: '/rules',
  validateSearch: validateRulesSearch,
  component: lazyRouteComponent(() => import('../features/rules/rules-page.tsx'), 'RulesPage'),
});
const rule = createRoute({
  getParentRoute: () => rules,
  path: '$ruleName',
  component: lazyRouteComponent(() => import('../features/rules/rule-drawer.tsx'), 'RuleDrawer'),
});

const ruleMatrix = createRoute({
  getParentRoute: () => app,
  path: '/rules/matrix',
  component: lazyRouteComponent(() => import('../features/rules/matrix-page.tsx'), 'MatrixPage'),
});
const ruleFiles = createRoute({
  getParentRoute: () => app,
  path: '/rules/files',
  component: lazyRouteComponent(() => import('../features/rules/files-page.tsx'), 'FilesPage'),
});
const ruleEditor = createRoute({
  getParentRoute: () => app,
  path: '/rules/editor',
  validateSearch: validateEditorSearch,
  component: lazyRouteComponent(() => import('../features/rule-editor/editor-page.tsx'), 'EditorPage'),
});
const ruleTuning = createRoute({
  getParentRoute: () => app,
  path: '/rules/tune',
  validateSearch: validateTuneSearch,
  component: lazyRouteComponent(() => import('../features/tuning/tune-page.tsx'), 'TunePage'),
});

const responses = createRoute({
  getParentRoute: () => app,
  path: '/response',
  component: lazyRouteComponent(() => import('../features/response/responses-page.tsx'), 'ResponsesPage'),
});
const newResponse = createRoute({
  getParentRoute: () => responses,
  path: 'new',
  component: lazyRouteComponent(
    () => import('../features/response/response-drawer.tsx'),
    'NewResponseDrawer',
  ),
});
const response = createRoute({
  getParentRoute: () => responses,
  path: 'rules/$responseName',
  component: lazyRouteComponent(() => import('../features/response/response-drawer.tsx'), 'ResponseDrawer'),
});
const history = createRoute({
  getParentRoute: () => app,
  path: '/response/history',
  validateSearch: validateHistorySearch,
  component: lazyRouteComponent(() => import('../features/response/history-page.tsx'), 'HistoryPage'),
});
const action = createRoute({
  getParentRoute: () => history,
  path: '$actionId',
  component: lazyRouteComponent(() => import('../features/response/action-drawer.tsx'), 'ActionDrawer'),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  beforeLoad: ({ location }) => {
    if (location.pathname.replace(/\/$/, '') === '/settings') {
      throw redirect({ to: '/settings/$section', params: { section: 'account' } });
    }
  },
  component: Outlet,
});
const settingsSection = createRoute({
  getParentRoute: () => settings,
  path: '$section',
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
});

const tree = root.addChildren([
  signIn,
  app.addChildren([
    overview,
    events.addChildren([event]),
    containers,
    container,
    vulnerabilities.addChildren([vulnerability]),
    risks.addChildren([risk]),
    images,
    image,
    imageComparison,
    registries.addChildren([newRegistry, registry, editRegistry]),
    ruleMatrix,
    ruleFiles,
    ruleEditor,
    ruleTuning,
    rules.addChildren([rule]),
    responses.addChildren([newResponse, response]),
    history.addChildren([action]),
    settings.addChildren([settingsSection]),
  ]),
]);

// The router's type is what makes every link in the console checked.
// oxlint-disable-next-line typescript/explicit-module-boundary-types
export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: CrashScreen,
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
