// Checks of Dockerfiles.
import type { Severity } from '@guardcell/core';
import { type Check, type Hit, hit, type Text } from '../check.ts';
import { isFloating } from '../image-reference.ts';
import { type Dockerfile, type Instruction, userOf } from '../parse/dockerfile.ts';
import { isLiteral, isSecretName, pairs, pipesToShell, skipsTls } from './shell.ts';

type Find = (file: Dockerfile) => readonly Hit[];

const GOOD = `FROM debian:12.5@sha256:${'0'.repeat(64)}
WORKDIR /srv
COPY --chown=app:app app /srv/app
RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 && rm -rf /var/lib/apt/lists/*
USER 1000
EXPOSE 8080
HEALTHCHECK CMD ["/srv/app", "health"]
ENTRYPOINT ["/srv/app"]
`;

function docker(
  id: string,
  severity: Severity,
  title: Text,
  fix: Text,
  find: Find,
  bad: string,
  good = GOOD,
): Check<'dockerfile'> {
  return { id: `GC-DOCKER-${id}`, kind: 'dockerfile', severity, title, fix, find, good, bad };
}

/** Hits at the instructions of that name which the test is true of. */
function each(names: string, test: (instruction: Instruction) => boolean): Find {
  const wanted = names.split(' ');
  return (file) =>
    file.instructions.filter((one) => wanted.includes(one.name) && test(one)).map((one) => hit(one));
}

const run = (test: (text: string) => boolean): Find => each('RUN', (one) => test(one.text));
const runs = (pattern: RegExp): Find => run((text) => pattern.test(text));

function finalStage(test: (file: Dockerfile) => boolean): Find {
  return (file) => {
    const last = file.stages.at(-1);
    return last !== undefined && last.image !== 'scratch' && test(file) ? [hit(last.from)] : [];
  };
}

const secretPair = (one: Instruction): boolean =>
  pairs(one.text).some(([name, value]) => isSecretName(name) && isLiteral(value));

function repeated(name: string): Find {
  return (file) =>
    file.stages.flatMap((stage) =>
      stage.instructions
        .filter((one) => one.name === name)
        .slice(0, -1)
        .map((one) => hit(one)),
    );
}

const isRoot = (user: string): boolean => /^(?:root|0)(?::|$)/.test(user);

export const DOCKERFILE_CHECKS: readonly Check<'dockerfile'>[] = [
  docker(
    '001',
    'high',
    ['The image runs as root: no USER is set', '镜像以 root 运行：未设置 USER'],
    [
      'Create a user and set it with USER before the entry point.',
      '创建普通用户，并在入口之前用 USER 指定。',
    ],
    finalStage((file) => userOf(file.stages.at(-1)) === ''),
    'FROM debian:12\nCMD ["id"]\n',
  ),
  docker(
    '002',
    'high',
    ['The last USER is root', '最后的 USER 为 root'],
    ['End with a user other than root.', '以非 root 用户结束。'],
    finalStage((file) => isRoot(userOf(file.stages.at(-1)))),
    'FROM debian:12\nUSER app\nUSER root\n',
  ),
  docker(
    '003',
    'medium',
    ['The base image has no tag or the tag latest', '基础镜像没有标签或使用 latest'],
    ['Name a version, best with a digest.', '写明版本，最好带上摘要。'],
    (file) => {
      const known = new Set(file.stages.map((stage) => stage.alias));
      return file.stages
        .filter((stage) => isFloating(stage.image) && !known.has(stage.image.toLowerCase()))
        .map((stage) => hit(stage.from, stage.image));
    },
    'FROM debian:latest\n',
  ),
  docker(
    '004',
    'medium',
    ['ADD fetches a remote file without a checksum', 'ADD 获取远程文件但未校验'],
    ['Give --checksum, or fetch and verify in a RUN.', '加上 --checksum，或在 RUN 中下载并校验。'],
    each('ADD', (one) => /\bhttps?:\/\//.test(one.text) && !one.flags.has('checksum')),
    'FROM a:1\nADD https://example.org/a.tar /a.tar\n',
  ),
  docker(
    '005',
    'low',
    ['ADD is used where COPY would do', '可用 COPY 之处使用了 ADD'],
    ['Use COPY for local files that need no unpacking.', '本地文件无需解包时使用 COPY。'],
    each('ADD', (one) => !/\bhttps?:\/\/|git@|\.tar\b|\.t?[gx]z\b|\.bz2\b|\.zst\b|<</.test(one.text)),
    'FROM a:1\nADD app /app\n',
  ),
  docker(
    '006',
    'high',
    ['A secret is set with ENV', '用 ENV 设置了机密'],
    [
      'Mount it at build time (RUN --mount=type=secret) or pass it at run time.',
      '构建时用 RUN --mount=type=secret 挂载，或在运行时传入。',
    ],
    each('ENV', secretPair),
    'FROM a:1\nENV DB_PASSWORD=hunter2\n',
  ),
  docker(
    '007',
    'high',
    ['A secret has a default in ARG', 'ARG 的默认值为机密'],
    [
      'Build arguments stay in the history: mount a build secret.',
      '构建参数会留在历史中：请改为挂载构建机密。',
    ],
    each('ARG', secretPair),
    'FROM a:1\nARG NPM_TOKEN=abc123\n',
  ),
  docker(
    '008',
    'high',
    ['A script is fetched and run without verification', '下载脚本后未经校验直接执行'],
    ['Download, verify a checksum or signature, then run.', '先下载，校验摘要或签名，再执行。'],
    run(pipesToShell),
    'FROM a:1\nRUN curl -s https://example.org/i.sh | sh\n',
  ),
  docker(
    '009',
    'medium',
    ['sudo is used during the build', '构建过程中使用 sudo'],
    ['Switch with USER instead.', '改用 USER 切换用户。'],
    runs(/(?:^|[;&|\s])sudo\s+\S/),
    'FROM a:1\nRUN sudo make install\n',
  ),
  docker(
    '010',
    'low',
    ['apt installs recommended packages', 'apt 安装了推荐的软件包'],
    ['Add --no-install-recommends.', '加上 --no-install-recommends。'],
    run(
      (text) =>
        /\bapt(?:-get)?\b[^;&|\n]{0,80}\binstall\b/.test(text) &&
        !text.includes('--no-install-recommends') &&
        !/install-recommends\s*[="]+\s*(?:0|false)/i.test(text),
    ),
    'FROM a:1\nRUN apt-get install -y curl\n',
  ),
  docker(
    '011',
    'low',
    ['Package lists of apt stay in the layer', 'apt 软件包列表留在镜像层中'],
    [
      'Remove /var/lib/apt/lists in the same RUN, or use a cache mount.',
      '在同一个 RUN 中删除 /var/lib/apt/lists，或使用缓存挂载。',
    ],
    each(
      'RUN',
      (one) =>
        /\bapt(?:-get)?\s+update\b/.test(one.text) &&
        !/\/var\/lib\/apt\/lists|apt-get\s+(?:dist)?clean/.test(one.text) &&
        !(one.flags.get('mount') ?? '').includes('cache'),
    ),
    'FROM a:1\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
  ),
  docker(
    '012',
    'medium',
    ['apt update stands alone and goes stale in the cache', 'apt update 单独成行，缓存后会过期'],
    ['Update and install in one RUN.', '在同一个 RUN 中更新并安装。'],
    run((text) => /\bapt(?:-get)?\s+update\b/.test(text) && !/\b(?:install|upgrade)\b/.test(text)),
    'FROM a:1\nRUN apt-get update\n',
  ),
  docker(
    '013',
    'low',
    ['No HEALTHCHECK', '没有 HEALTHCHECK'],
    ['Say how the container tells that it works.', '写明如何判断容器工作正常。'],
    finalStage(
      (file) => !(file.stages.at(-1)?.instructions.some((one) => one.name === 'HEALTHCHECK') ?? false),
    ),
    'FROM a:1\nUSER 1\n',
  ),
  docker(
    '014',
    'high',
    ['The SSH port is exposed', '暴露了 SSH 端口'],
    [
      'Run no SSH server in containers; use the exec of the runtime.',
      '不要在容器中运行 SSH 服务；使用运行时的 exec。',
    ],
    each('EXPOSE', (one) => /(?:^|\s)22(?:\/tcp)?(?:\s|$)/.test(one.text)),
    'FROM a:1\nEXPOSE 22\n',
  ),
  docker(
    '015',
    'high',
    ['Files are made writable for everybody', '文件被设为所有人可写'],
    ['Give only the bits that are needed.', '只授予必要的权限位。'],
    (file) => [
      ...runs(/\bchmod\b[^;&|\n]{0,60}\s(?:0?[0-7]?[0-7]{2}[2367]|[ao]*\+[rx]*w[rx]*|[ao][+=]\w*w\w*)\s/)(
        file,
      ),
      ...each('COPY ADD', (one) => /^0?[0-7]{2}[2367]$/.test(one.flags.get('chmod') ?? ''))(file),
    ],
    'FROM a:1\nRUN chmod 777 /srv\n',
  ),
  docker(
    '016',
    'medium',
    ['setuid or setgid is set', '设置了 setuid 或 setgid'],
    ['Give a capability or run the program as the right user.', '改用 capability，或以合适的用户运行。'],
    runs(/\bchmod\b[^;&|\n]{0,60}\s(?:0?[2467][0-7]{3}|[ugo]*\+\w*s\w*)\s/),
    'FROM a:1\nRUN chmod u+s /usr/bin/tool\n',
  ),
  docker(
    '017',
    'medium',
    ['Certificates of servers are not checked', '未校验服务器证书'],
    ['Install the certificate authority and leave the check on.', '安装 CA 证书并保留校验。'],
    (file) => [...run(skipsTls)(file), ...each('ENV ARG', (one) => skipsTls(one.text))(file)],
    'FROM a:1\nRUN curl --insecure -o a https://example.org/a\n',
  ),
  docker(
    '018',
    'medium',
    ['Packages are installed without checking signatures', '安装软件包时未校验签名'],
    ['Add the key of the repository and leave the check on.', '添加软件源公钥并保留校验。'],
    runs(/--allow-unauthenticated|--force-yes|--nogpgcheck|--allow-untrusted|--no-gpg-checks|\btrusted=yes/),
    'FROM a:1\nRUN apt-get install -y --allow-unauthenticated x\n',
  ),
  docker(
    '019',
    'low',
    ['WORKDIR is relative', 'WORKDIR 为相对路径'],
    ['Use an absolute path.', '使用绝对路径。'],
    each('WORKDIR', (one) => !/^["']?(?:\/|\$|[A-Za-z]:)/.test(one.text)),
    'FROM a:1\nWORKDIR app\n',
  ),
  docker(
    '020',
    'low',
    ['cd is used where WORKDIR would last', '用 cd 代替了 WORKDIR'],
    ['Set WORKDIR.', '设置 WORKDIR。'],
    runs(/^cd\s+\S+\s*$/),
    'FROM a:1\nRUN cd /srv\n',
  ),
  docker(
    '021',
    'medium',
    ['More than one CMD: only the last counts', '有多个 CMD：只有最后一个有效'],
    ['Keep one.', '只保留一个。'],
    repeated('CMD'),
    'FROM a:1\nCMD ["a"]\nCMD ["b"]\n',
  ),
  docker(
    '022',
    'medium',
    ['More than one ENTRYPOINT: only the last counts', '有多个 ENTRYPOINT：只有最后一个有效'],
    ['Keep one.', '只保留一个。'],
    repeated('ENTRYPOINT'),
    'FROM a:1\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]\n',
  ),
  docker(
    '023',
    'low',
    [
      'ENTRYPOINT or CMD goes through a shell: signals do not arrive',
      'ENTRYPOINT 或 CMD 经过 shell：信号无法送达',
    ],
    ['Use the JSON form.', '使用 JSON 形式。'],
    each('ENTRYPOINT CMD', (one) => !one.text.trim().startsWith('[')),
    'FROM a:1\nCMD node server.js\n',
  ),
  docker(
    '024',
    'low',
    ['MAINTAINER is deprecated', 'MAINTAINER 已弃用'],
    ['Use LABEL org.opencontainers.image.authors.', '使用 LABEL org.opencontainers.image.authors。'],
    each('MAINTAINER', () => true),
    'FROM a:1\nMAINTAINER me\n',
  ),
  docker(
    '025',
    'medium',
    ['All packages are upgraded: the build cannot be repeated', '升级全部软件包：构建不可重复'],
    ['Take a newer base image.', '使用更新的基础镜像。'],
    runs(
      /\bapt(?:-get)?\b[^;&|\n]{0,40}\bdist-upgrade\b|\b(?:yum|dnf)\b[^;&|\n]{0,40}\bupgrade\b|\bapk\b[^;&|\n]{0,40}\bupgrade\b/,
    ),
    'FROM a:1\nRUN apt-get dist-upgrade -y\n',
  ),
  docker(
    '026',
    'low',
    ['pip keeps its cache in the layer', 'pip 缓存留在镜像层中'],
    ['Add --no-cache-dir or use a cache mount.', '加上 --no-cache-dir 或使用缓存挂载。'],
    each(
      'RUN',
      (one) =>
        /\bpip3?\s+install\b/.test(one.text) &&
        !one.text.includes('--no-cache-dir') &&
        !(one.flags.get('mount') ?? '').includes('cache'),
    ),
    'FROM a:1\nRUN pip install flask==3.0.0\n',
  ),
  docker(
    '027',
    'low',
    ['apk keeps its index in the layer', 'apk 索引留在镜像层中'],
    ['Use apk add --no-cache.', '使用 apk add --no-cache。'],
    run(
      (text) =>
        /\bapk\b[^;&|\n]{0,60}\badd\b/.test(text) &&
        !text.includes('--no-cache') &&
        !text.includes('/var/cache/apk'),
    ),
    'FROM a:1\nRUN apk add curl\n',
  ),
  docker(
    '028',
    'low',
    ['yum or dnf keeps its cache in the layer', 'yum 或 dnf 缓存留在镜像层中'],
    ['Clean in the same RUN.', '在同一个 RUN 中清理。'],
    run(
      (text) =>
        /\b(?:yum|dnf|microdnf)\b[^;&|\n]{0,60}\binstall\b/.test(text) &&
        !/clean\s+all|\/var\/cache\/(?:yum|dnf)/.test(text),
    ),
    'FROM a:1\nRUN dnf install -y curl\n',
  ),
  docker(
    '029',
    'medium',
    ['apt asks questions during the build', 'apt 在构建时等待确认'],
    ['Add -y.', '加上 -y。'],
    runs(
      /\bapt(?:-get)?\s+(?!(?:[^;&|\n]{0,80}\s)?(?:-[a-z]{0,4}y|--yes|--assume-yes|-qq))[^;&|\n]{0,80}\binstall\b(?![^;&|\n]{0,400}\s(?:-[a-z]{0,4}y|--yes|--assume-yes|-qq))/,
    ),
    'FROM a:1\nRUN apt-get install --no-install-recommends curl\n',
  ),
  docker(
    '030',
    'medium',
    ['The whole build context is copied into the image', '整个构建上下文被复制进镜像'],
    ['Copy what is needed, or keep a .dockerignore.', '只复制需要的文件，或维护 .dockerignore。'],
    each('COPY ADD', (one) => !one.flags.has('from') && /^\.\/?\s+(?:\/|\.\/?)$/.test(one.text.trim())),
    'FROM a:1\nCOPY . /\n',
  ),
  docker(
    '031',
    'high',
    ['A private key or credential file is copied into the image', '私钥或凭证文件被复制进镜像'],
    ['Mount it as a build secret.', '改为挂载构建机密。'],
    each(
      'COPY ADD',
      (one) =>
        !one.flags.has('from') &&
        /(?:^|[\s/])(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh|\.aws|\.npmrc|\.pypirc|\.netrc|\.env|\.git-credentials|kubeconfig|\.kube|\.docker\/config\.json)(?:[\s/]|$)/.test(
          one.text,
        ),
    ),
    'FROM a:1\nCOPY id_rsa /root/.ssh/id_rsa\n',
  ),
  docker(
    '032',
    'high',
    ['A RUN may do what the host may', 'RUN 拥有主机级权限'],
    [
      'Build without --security=insecure and --network=host.',
      '构建时不要使用 --security=insecure 和 --network=host。',
    ],
    each('RUN', (one) => one.flags.get('security') === 'insecure' || one.flags.get('network') === 'host'),
    'FROM a:1\nRUN --security=insecure make\n',
  ),
  docker(
    '033',
    'medium',
    ['A password is set in a RUN', '在 RUN 中设置了密码'],
    ['Set no passwords in images.', '不要在镜像中设置密码。'],
    runs(/\bchpasswd\b|\bpasswd\s+--stdin|\buseradd\b[^;&|\n]{0,80}\s(?:-p|--password)[ =]/),
    'FROM a:1\nRUN echo root:secret | chpasswd\n',
  ),
];
