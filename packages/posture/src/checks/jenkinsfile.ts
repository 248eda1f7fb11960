// Checks of Jenkinsfiles, on the level of lines.
import type { Severity } from '@guardcell/core';
import { type Check, hit, type Text } from '../check.ts';
import { isFloating } from '../image-reference.ts';
import { isSecretName, pipesToShell, skipsTls } from './shell.ts';

const GOOD = `pipeline {
  agent { docker { image 'node:24.1.0' } }
  options { timeout(time: 20, unit: 'MINUTES') }
  stages {
    stage('test') {
      steps {
        withCredentials([string(credentialsId: 'registry', variable: 'REG')]) { sh 'make push' }
      }
    }
  }
}
`;

function jenkins(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  test: (line: string) => boolean,
  bad: string,
): Check<'jenkinsfile'> {
  return {
    id: `GC-JENKINS-${id}`,
    kind: 'jenkinsfile',
    severity,
    title,
    fix,
    find: (file) => file.lines.filter((line) => test(line.text)).map((line) => hit(line)),
    good: GOOD,
    bad,
  };
}

export const JENKINSFILE_CHECKS: readonly Check<'jenkinsfile'>[] = [
  jenkins(
    '001',
    'high',
    ['A secret is written into the pipeline', '流水线中写有机密'],
    ['Use credentials().', '使用 credentials()。'],
    (line) =>
      [...line.matchAll(/\b([A-Za-z_]\w{0,60})\s*=\s*(["'])([^"'$]{4,200})\2/g)].some(([, name = '']) =>
        isSecretName(name),
      ),
    "environment { DB_PASSWORD = 'hunter22' }\n",
  ),
  jenkins(
    '002',
    'high',
    ['A script is fetched and run without verification', '下载脚本后未经校验直接执行'],
    ['Download, verify, then run.', '先下载并校验，再执行。'],
    pipesToShell,
    "sh 'curl https://example.org/i.sh | bash'\n",
  ),
  jenkins(
    '003',
    'high',
    ['A parameter is pasted into a shell command', '参数被拼入 shell 命令'],
    ['Use single quotes and read it from the environment.', '使用单引号，从环境变量读取。'],
    (line) =>
      /\b(?:sh|bat|powershell)\b[^'\n]{0,40}"[^"\n]{0,400}\$\{?\s*(?:params|env\.(?:CHANGE_|BRANCH_NAME|GIT_BRANCH))/.test(
        line,
      ),
    'sh "make ${params.TARGET}"\n',
  ),
  jenkins(
    '004',
    'medium',
    ['Certificates of servers are not checked', '未校验服务器证书'],
    ['Install the certificate authority and leave the check on.', '安装 CA 证书并保留校验。'],
    (line) => skipsTls(line.replace(/["']/g, ' ')),
    "sh 'curl -k https://example.org/a'\n",
  ),
  jenkins(
    '005',
    'medium',
    ['The agent image has no tag or the tag latest', '代理镜像没有标签或使用 latest'],
    ['Name a version.', '写明版本。'],
    (line) => isFloating(/\bimage\s*\(?\s*["']([^"'\s]{1,200})["']/.exec(line)?.[1] ?? ''),
    "agent { docker { image 'node:latest' } }\n",
  ),
  jenkins(
    '006',
    'high',
    ['The agent container is privileged or holds the runtime socket', '代理容器拥有特权或运行时套接字'],
    ['Build without --privileged and without the socket.', '构建时不要使用 --privileged 与运行时套接字。'],
    (line) => /\bargs\b.{0,200}(?:--privileged|docker\.sock)/.test(line),
    "agent { docker { image 'a:1'; args '--privileged' } }\n",
  ),
];
