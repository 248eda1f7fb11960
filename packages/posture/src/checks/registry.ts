// The one table of checks.
import type { AnyCheck } from '../check.ts';
import { ACCOUNT_CHECKS } from './accounts.ts';
import { COMPOSE_CHECKS } from './compose.ts';
import { DOCKERFILE_CHECKS } from './dockerfile.ts';
import { FILE_CHECKS } from './files.ts';
import { GITHUB_ACTIONS_CHECKS } from './github-actions.ts';
import { GITLAB_CI_CHECKS } from './gitlab-ci.ts';
import { IMAGE_CHECKS } from './image.ts';
import { JENKINSFILE_CHECKS } from './jenkinsfile.ts';
import { KUBERNETES_OBJECT_CHECKS } from './kubernetes-object.ts';
import { KUBERNETES_POD_CHECKS } from './kubernetes-pod.ts';
import { KUBERNETES_WORKLOAD_CHECKS } from './kubernetes-workload.ts';

export const POSTURE_CHECKS: readonly AnyCheck[] = [
  ...DOCKERFILE_CHECKS,
  ...KUBERNETES_POD_CHECKS,
  ...KUBERNETES_WORKLOAD_CHECKS,
  ...KUBERNETES_OBJECT_CHECKS,
  ...COMPOSE_CHECKS,
  ...GITHUB_ACTIONS_CHECKS,
  ...GITLAB_CI_CHECKS,
  ...JENKINSFILE_CHECKS,
  ...IMAGE_CHECKS,
  ...FILE_CHECKS,
  ...ACCOUNT_CHECKS,
];
